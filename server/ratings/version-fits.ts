import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import { rateVotes, type RatedBoard, type RateOptions } from '../../shared/ratings/rate.ts'
import { MEAN_RATING } from '../../shared/ratings/solution.ts'
import { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import { versionName, type VoteTable } from '../../shared/ratings/vote-table.ts'
import { dropOldest } from './counted-slices.ts'
import type { Moment } from './history.ts'
import { versionMoments, type Life, type TableMoment } from './version-moments.ts'

/** Versions that are contestants of their own: the newest. Those before them are one together. */
const MOST_CONTESTANTS = 100
/** Models whose fits of past moments are remembered. */
const MOST_MODELS = 64

/** Votes counted in one piece of work. */
const ROWS_AT_ONCE = 50_000

/** Where a version stood; null where it had no votes, or no rating. */
export type VersionRating = {
  readonly rating: number | null
  readonly ciLow: number | null
  readonly ciHigh: number | null
  readonly votes: number
}
type ByDimension = Record<BoardDimension, VersionRating | null>

/** A version of a model that has votes: where it stands now, and where it stood. */
export type VersionFit = {
  readonly version: number
  readonly ratings: ByDimension
  /** The oldest first. */
  readonly history: { readonly at: number; readonly ratings: ByDimension }[]
}

/**
 * Rating versions, piece by piece: gives what is known so far, as soon as it is known how they stand
 * now. The newest version comes first.
 */
export type VersionWork = Generator<(() => VersionFit[]) | undefined, VersionFit[]>

/** What the versions of a model are known to be; `complete` once nothing of the past is missing. */
export type RatedVersions = {
  readonly complete: boolean
  readonly versions: readonly VersionFit[]
}

/** What versions are rated from. */
export type VersionSource = {
  /** The log so far; it may grow on while versions are rated. */
  readonly table: VoteTable
  readonly moments: readonly TableMoment[]
  /** The last vote counted. */
  readonly last: Moment | undefined
  /** The board on which the versions of each model are one. */
  readonly pooled: (dimension: BoardDimension) => RatedBoard
  readonly options: (dimension: BoardDimension) => RateOptions
}

/** Where all versions stood at one moment. */
type Fit = Map<number, ByDimension>

/**
 * Rates the versions of a model as contestants of their own, all other models as on the boards, now
 * and at moments of the past. What was is remembered: the log up to there never changes.
 */
export class VersionFits {
  /** By model, and by number of rows. */
  readonly #past = new Map<string, Map<number, Fit>>()

  #pastOf(slug: string): Map<number, Fit> {
    const past = this.#past.get(slug) ?? new Map<number, Fit>()
    this.#past.delete(slug)
    this.#past.set(slug, past)
    dropOldest(this.#past, MOST_MODELS)
    return past
  }

  /**
   * Rates versions as they stand now, then at moments of the past that are not known yet. Gives back
   * after each piece of work, so that others have their turn.
   */
  *of(slug: string, source: VersionSource): VersionWork {
    const { table, moments, last } = source
    const lives = livesOf(table, slug)
    const newest = lives.at(-1)
    if (newest === undefined || last === undefined) return []
    const oldest = Math.max(1, newest.version - MOST_CONTESTANTS + 1)
    const rated = lives.filter(({ version }) => version >= oldest)
    const chosen = versionMoments(rated, [...moments])
    const rows = rowsOf(chosen)
    const past = this.#pastOf(slug)
    for (const known of past.keys()) if (!rows.includes(known)) past.delete(known)
    const split = table.splitByVersion(slug, oldest)
    yield undefined

    const now: Fit =
      lives.length === 1
        ? yield* pooledFit(slug, newest, source)
        : yield* new Fitter(slug, split, source.options).at(split.length)
    const known = () =>
      rated.toReversed().map(({ version, end }): VersionFit => {
        const own = chosen.get(version) ?? []
        const history = own.flatMap((moment) => {
          const ratings = past.get(moment.rows)?.get(version)
          return ratings === undefined ? [] : [{ at: moment.at, ratings }]
        })
        const ratings = now.get(version) ?? NOWHERE
        if (end > (own.at(-1)?.rows ?? 0)) history.push({ at: last.at, ratings })
        return { version, ratings, history }
      })
    yield known

    const fitter = new Fitter(slug, split, source.options)
    for (const each of rows) {
      if (past.has(each)) continue
      const work = fitter.at(each)
      let step = work.next()
      for (; step.done !== true; step = work.next()) yield known
      past.set(each, step.value)
    }
    return known()
  }
}

const NOWHERE: ByDimension = { overall: null, accuracy: null, helpfulness: null, language: null }

/** Solves a table whose models are split, at growing numbers of its rows. */
class Fitter {
  readonly #slug: string
  readonly #table: VoteTable
  readonly #options: VersionSource['options']
  readonly #counts: SliceCounts
  #end = 0

  constructor(slug: string, table: VoteTable, options: VersionSource['options']) {
    this.#slug = slug
    this.#table = table
    this.#options = options
    this.#counts = new SliceCounts(table.dimensions, options('overall').filter)
  }

  *at(rows: number): Generator<undefined, Fit> {
    const table = this.#table.upTo(rows)
    while (this.#end < rows) {
      const end = Math.min(rows, this.#end + ROWS_AT_ONCE)
      this.#counts.addRows(table, this.#end, end)
      this.#end = end
      yield undefined
    }
    const fit: Fit = new Map()
    for (const dimension of BOARD_DIMENSIONS) {
      const board = rateVotes(table, this.#counts, this.#options(dimension))
      enter(fit, dimension, this.#slug, board)
      yield undefined
    }
    return fit
  }
}

/** The only version of a model is the model. */
function* pooledFit(
  slug: string,
  { version }: Life,
  { pooled }: VersionSource,
): Generator<undefined, Fit> {
  const ratings = { ...NOWHERE }
  for (const dimension of BOARD_DIMENSIONS) {
    const row = pooled(dimension).models.find(({ model }) => model === slug)
    if (row !== undefined) ratings[dimension] = toRating(row, 0)
    yield undefined
  }
  return new Map([[version, ratings]])
}

/** Takes the versions' rows off a board. */
function enter(fit: Fit, dimension: BoardDimension, slug: string, board: RatedBoard): void {
  const prefix = versionName(slug, 0).slice(0, slug.length + 1)
  const rows = board.models.filter(({ model }) => model.startsWith(prefix))
  const shift = rows.length <= 1 ? 0 : gaugeShift(board, rows)
  for (const row of rows) {
    const version = Number(row.model.slice(prefix.length))
    const ratings = fit.get(version) ?? { ...NOWHERE }
    ratings[dimension] = toRating(row, shift)
    fit.set(version, ratings)
  }
}

/**
 * The mean of 1000 is one of models: it counts the versions as the one model that they are, each with
 * the share of its votes. Otherwise a model would move the numbers of all others by having versions.
 */
function gaugeShift(board: RatedBoard, versions: readonly Row[]): number {
  const isVersion = new Set(versions)
  let others = 0
  let sum = 0
  let votes = 0
  let weighted = 0
  for (const row of board.models) {
    if (row.rating === null) continue
    if (isVersion.has(row)) {
      votes += row.votes
      weighted += row.votes * row.rating
    } else {
      others += 1
      sum += row.rating
    }
  }
  if (votes === 0) return 0
  return MEAN_RATING - (sum + weighted / votes) / (others + 1)
}

type Row = RatedBoard['models'][number]

function toRating({ rating, ciLow, ciHigh, votes }: Row, shift: number): VersionRating {
  const moved = (value: number | null) => (value === null ? null : value + shift)
  return { rating: moved(rating), ciLow: moved(ciLow), ciHigh: moved(ciHigh), votes }
}

/** Each version of a model that has votes, the oldest first. */
function livesOf(table: VoteTable, slug: string): Life[] {
  const id = table.models.find(slug)
  if (id === undefined) return []
  const { left, right, versionA, versionB, length } = table
  const lives = new Map<number, { version: number; first: number; end: number }>()
  const see = (version: number, row: number) => {
    const life = lives.get(version)
    if (life === undefined) lives.set(version, { version, first: row, end: row + 1 })
    else life.end = row + 1
  }
  for (let row = 0; row < length; row += 1) {
    if (left[row] === id) see(versionA?.[row] ?? 1, row)
    else if (right[row] === id) see(versionB?.[row] ?? 1, row)
  }
  return [...lives.values()].sort((a, b) => a.version - b.version)
}

/** The numbers of rows of all moments, growing: votes are counted once. */
function rowsOf(chosen: ReadonlyMap<number, readonly TableMoment[]>): number[] {
  const rows = new Set([...chosen.values()].flat().map((moment) => moment.rows))
  return [...rows].sort((a, b) => a - b)
}
