import { BOARD_DIMENSIONS, DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import { compareCodePoints } from '../../shared/ratings/names.ts'
import { outcomeOf } from '../../shared/ratings/outcomes.ts'
import { pairOutcomes } from '../../shared/ratings/pair-counts.ts'
import { scorePairs } from '../../shared/ratings/pair-scores.ts'
import {
  rateVotes,
  type LeaderEffect,
  type RatedBoard,
  type RateOptions,
} from '../../shared/ratings/rate.ts'
import { expectedInformation } from '../../shared/ratings/sampling.ts'
import type { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../shared/ratings/vote-table.ts'
import { sliceSchema, type Slice } from '../../shared/schemas/leaderboard.ts'
import { CountedSlices, dropOldest } from './counted-slices.ts'
import { HistoryClock, type Checkpoint, type HistoryEntry, type Moment } from './history.ts'
import { withIntervalsOf } from './lagging-intervals.ts'
import type { LoggedVote } from '../votes/logged-vote.ts'
import { TickedBoard } from './ticked-board.ts'
import type { TableMoment } from './version-moments.ts'
import { VersionFits, type VersionWork } from './version-fits.ts'
import { filterOf, leansOnAll, sliceKey, unslicedFilterOf, weightsOf } from './slices.ts'

/** Changes whenever equal votes may give other bits: stored history is then computed anew. */
export const BOARD_ENGINE = 'bt-1'

/** Slices whose counts are remembered. */
const MAX_COUNTED = 64
/** Boards that are remembered until a vote moves them. */
const MAX_KEPT = 128
/** What costs no more than this is computed together with the ratings. */
const CHEAP_MS = 20
/** Boards of at most so many models are cheap, as long as nobody has measured. */
const FEW_MODELS = 40
/** Where a solve takes longer than this, readers see the ticker until it is done. */
const TICK_MS = 150
/**
 * How long the ratings may have votes that their dearer intervals have not, and how long these wait
 * for a pause: while people vote each board takes no more than one part in so many of the time, as
 * long as that does not take too long.
 */
const MAX_LAG_MS = 2000
const REFINE_AFTER_MS = 500
const REFINE_BEFORE_MS = 1500
const REFINE_SHARE = 8
/** Moments at which the log was still shorter are remembered this finely. */
const MARK_MS = 100
/**
 * What holds a leader is looked for when nobody has voted for a while; while people vote it takes no
 * more than one part in so many of the time, since nothing else is answered meanwhile.
 */
const CALM_MS = 2000
const LEADER_SHARE = 50

/** One of the boards of the history: people's votes, all of them. */
const sliceOf = (dimension: BoardDimension): Slice => sliceSchema.parse({ dimension })
const USUAL_FILTER = filterOf(sliceOf('overall'))

/** A board and the version whose votes its intervals are of. */
export type Rated = { readonly board: RatedBoard; readonly intervalsVersion: number }

/** What was computed in full, and of which votes. */
type Kept = {
  readonly board: RatedBoard
  readonly revision: string
  readonly version: number
  readonly at: number
  readonly ms: number
  /** Rows of the table that were there. */
  readonly rows: number
  /** What a solve without intervals took since, if there was one. */
  plainMs?: number
  /** Moves the board vote by vote, where solving takes too long. */
  ticked?: TickedBoard | undefined
}

type KeptLeader = {
  readonly leader: LeaderEffect | null
  readonly revision: string
  readonly at: number
  readonly ms: number
}

/**
 * The vote log in memory, and every board of it. Pure but for the clock that tells what is dear: it
 * decides what may lag behind, and never a number.
 */
export class RatingEngine {
  readonly table = new VoteTable({ dimensions: DIMENSIONS })
  readonly #now: () => number
  readonly #clock = new HistoryClock()
  readonly #counted = new CountedSlices(this.table, MAX_COUNTED)
  readonly #kept = new Map<string, Kept>()
  /** The ends of all hours with votes, and how many rows there were. */
  readonly #moments: TableMoment[] = []
  readonly #versions = new VersionFits()
  readonly #leaders = new Map<string, KeptLeader>()
  /** Boards of which something lags, and when it is to be brought up to date. */
  readonly #behind = new Map<string, { readonly slice: Slice; readonly due: number }>()
  #version = 0
  /** Until when the table was known to have no more than so many rows; the last few seconds. */
  #marks: { readonly rows: number; at: number }[] = []
  /** How many votes there were when that was last looked at, and since when. */
  #calm = { rows: 0, since: 0 }

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** The last log position that is counted; 0 before the first. */
  get position(): number {
    return this.#clock.last?.position ?? 0
  }

  /** When the latest vote was given, in epoch milliseconds. */
  get latest(): number | undefined {
    return this.#clock.last?.at
  }

  /** To be told before votes are counted that have only just come: they are not older than this. */
  markTime(): void {
    const at = this.#now()
    const rows = this.table.length
    const last = this.#marks.at(-1)
    if (last?.rows === rows) last.at = at
    else if (last === undefined || at - last.at >= MARK_MS) this.#marks.push({ rows, at })
    if (at - (this.#marks[0]?.at ?? at) > 2 * MAX_LAG_MS) this.#marks.shift()
  }

  /**
   * Counts the next vote of the log.
   *
   * @param onMoment called before the vote is counted, if a moment of the history ended before it
   */
  count(vote: LoggedVote, onMoment?: (moment: Moment) => void): void {
    const moment = this.#clock.next(vote.position, vote.created_at)
    if (moment !== undefined) {
      this.#moments.push({ ...moment, rows: this.table.length })
      onMoment?.(moment)
    }
    this.table.append({
      modelA: vote.slug_a,
      modelB: vote.slug_b,
      outcomes: [outcomeOf(vote.accuracy), outcomeOf(vote.helpfulness), outcomeOf(vote.language)],
      voter: vote.voter,
      battle: vote.battle_id,
      time: vote.created_at,
      language: vote.prompt_language,
      category: vote.category,
      judge: vote.judge,
      turns: vote.turns,
      versionA: vote.version_a,
      versionB: vote.version_b,
      style: vote.style === null ? null : (JSON.parse(vote.style) as number[]),
    })
  }

  /** The counts under a board. */
  countsOf(slice: Slice): SliceCounts {
    return this.#counted.of(filterOf(slice))
  }

  /**
   * The ratings of a slice, exact for all votes that are counted. Dear intervals may be those of a
   * moment ago, moved to the new ratings; {@link refine} brings them up to date.
   *
   * @param version the board version under which they are given out
   */
  rate(slice: Slice, version: number): Rated {
    this.#version = version
    const key = sliceKey(slice)
    const revision = this.#revisionOf(slice)
    const rated = this.#lagging(slice, key, revision) ?? {
      board: this.#rateInFull(slice),
      intervalsVersion: version,
    }
    return { ...rated, board: this.#withLeader(rated.board, slice, key, revision) }
  }

  /** In how many milliseconds something is to be brought up to date; undefined: nothing lags. */
  refineIn(): number | undefined {
    let next = Number.POSITIVE_INFINITY
    for (const { due } of this.#behind.values()) next = Math.min(next, due)
    return this.#behind.size === 0 ? undefined : Math.max(0, Math.ceil(next - this.#now()))
  }

  /** Brings one board up to date of which something lags. */
  refine(): void {
    for (const [key, { slice, due }] of this.#behind) {
      if (due > this.#now()) continue
      this.#behind.delete(key)
      this.#rateInFull(slice)
      this.#refineLeader(slice, key)
      return
    }
  }

  /** Everybody's standing at the moment that has just ended: nothing after it may be counted. */
  checkpoint(moment: Moment): Checkpoint {
    return { ...moment, entries: BOARD_DIMENSIONS.flatMap((each) => this.standing(each)) }
  }

  /** The part of one dimension in {@link checkpoint}. */
  standing(dimension: BoardDimension): HistoryEntry[] {
    return entriesOf(this.#rateInFull(sliceOf(dimension)))
  }

  /** Everybody's standing now, in one dimension. */
  present(dimension: BoardDimension, version: number): HistoryEntry[] {
    return entriesOf(this.rate(sliceOf(dimension), version).board)
  }

  /**
   * Rates each version of a model as a contestant of its own, for the votes counted when it begins,
   * piece by piece.
   */
  versions(slug: string): VersionWork {
    return this.#versions.of(slug, {
      table: this.table,
      moments: this.#moments,
      last: this.#clock.last,
      pooled: (dimension) => this.#rateInFull(sliceOf(dimension)),
      options: (dimension) => this.#optionsOf(sliceOf(dimension)),
    })
  }

  /**
   * What one more vote on each pair of models would tell, over all three dimensions: symmetric,
   * row-major in the order of `slugs`.
   */
  information(): { slugs: string[]; gains: Float64Array } {
    const { models } = this.table
    const ids = models.sortedIds()
    const places = new Int32Array(ids.length)
    for (const [place, id] of ids.entries()) places[id] = place
    const scores = this.#counted
      .of(USUAL_FILTER)
      .pairs.map((pairs) => scorePairs(pairOutcomes(pairs, places, ids.length), 'half'))
    return {
      slugs: Array.from(ids, (id) => models.nameOf(id)),
      gains: expectedInformation(scores),
    }
  }

  /** New ratings with the intervals of a moment ago; undefined where they need not or may not lag. */
  #lagging(slice: Slice, key: string, revision: string): Rated | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined || kept.ms <= CHEAP_MS || kept.revision === revision) return undefined
    const outdated = this.#outdatedSince(kept)
    if (this.#now() - outdated > MAX_LAG_MS) return undefined
    const board = withIntervalsOf(
      this.#withoutIntervals(slice, kept),
      kept.board,
      leansOnAll(slice),
    )
    if (board === undefined) return undefined
    const sparing = kept.at + REFINE_SHARE * kept.ms
    this.#refineLater(key, slice, Math.min(sparing, outdated + REFINE_BEFORE_MS))
    return { board, intervalsVersion: kept.version }
  }

  /** A moment at which there was no vote yet that this board does not have; as late as is known. */
  #outdatedSince({ at, rows }: Kept): number {
    return Math.max(at, this.#marks.findLast((mark) => mark.rows <= rows)?.at ?? 0)
  }

  /** Ratings for all votes that are counted: solved, or where that takes long moved by each vote. */
  #withoutIntervals(slice: Slice, kept: Kept): RatedBoard {
    if ((kept.plainMs ?? 0) > TICK_MS && !leansOnAll(slice)) {
      kept.ticked ??= TickedBoard.of(kept.board, filterOf(slice), kept.rows)
      if (kept.ticked !== undefined) return kept.ticked.at(this.table)
    }
    const started = this.#now()
    const options = { ...this.#optionsOf(slice), intervals: 'none' } as const
    const plain = rateVotes(this.table, this.countsOf(slice), options)
    kept.plainMs = this.#now() - started
    return plain
  }

  #rateInFull(slice: Slice): RatedBoard {
    const key = sliceKey(slice)
    const revision = this.#revisionOf(slice)
    const kept = this.#kept.get(key)
    if (kept?.revision === revision) return kept.board
    const started = this.#now()
    const board = rateVotes(this.table, this.countsOf(slice), this.#optionsOf(slice))
    const at = this.#now()
    // How long a solve takes is known from the time before, and tried again now and then: it may have
    // been slow by chance.
    const plainMs = (kept?.plainMs ?? 0) / 2
    const rows = this.table.length
    this.#keep(key, {
      board,
      revision,
      version: this.#version,
      at,
      ms: at - started,
      rows,
      plainMs,
    })
    return board
  }

  /** The board with how firmly its first one leads, as far as that is known. */
  #withLeader(board: RatedBoard, slice: Slice, key: string, revision: string): RatedBoard {
    if (!hasLeader(slice)) return board
    const known = this.#leaders.get(key)
    if (known?.revision === revision) return { ...board, leader: known.leader }
    const cheap = known === undefined ? board.rated.length <= FEW_MODELS : known.ms <= CHEAP_MS
    if (cheap) return { ...board, leader: this.#findLeader(slice, key, revision) }
    this.#refineLater(key, slice, known === undefined ? 0 : this.#leaderAgain(known))
    // What was found of another leader says nothing of this one.
    const still = known?.leader?.leader === board.models[0]?.model
    return { ...board, leader: still ? (known?.leader ?? null) : null }
  }

  #findLeader(slice: Slice, key: string, revision: string): LeaderEffect | null {
    const started = this.#now()
    const options = { ...this.#optionsOf(slice), intervals: 'fisher', leader: true } as const
    const { leader } = rateVotes(this.table, this.countsOf(slice), options)
    const at = this.#now()
    this.#leaders.delete(key)
    this.#leaders.set(key, { leader, revision, at, ms: at - started })
    dropOldest(this.#leaders, MAX_KEPT)
    return leader
  }

  #refineLeader(slice: Slice, key: string): void {
    const leader = this.#leaders.get(key)
    const revision = this.#revisionOf(slice)
    if (!hasLeader(slice) || leader?.revision === revision) return
    const now = this.#now()
    if (this.#calm.rows !== this.table.length) this.#calm = { rows: this.table.length, since: now }
    const calm = now - this.#calm.since >= CALM_MS
    if (leader === undefined || calm || leaderDue(leader) <= now) {
      this.#findLeader(slice, key, revision)
    } else this.#refineLater(key, slice, this.#leaderAgain(leader))
  }

  /** When it is to be seen next whether what holds a leader can be looked for. */
  #leaderAgain(leader: KeptLeader): number {
    return Math.min(this.#now() + CALM_MS, leaderDue(leader))
  }

  #refineLater(key: string, slice: Slice, notBefore = 0): void {
    const present = this.#behind.get(key)
    const due = Math.max(notBefore, this.#now() + REFINE_AFTER_MS)
    if (present === undefined || present.due > due) this.#behind.set(key, { slice, due })
  }

  #optionsOf(slice: Slice): RateOptions {
    const prior = leansOnAll(slice) ? priorOf(this.#allOf(slice)) : undefined
    return {
      dimension: slice.dimension,
      method: slice.method,
      filter: filterOf(slice),
      ...(slice.dimension === 'overall' ? { weights: weightsOf(slice) } : {}),
      ...(prior === undefined ? {} : { prior }),
      ...(slice.style ? { style: true } : {}),
    }
  }

  /** The board that a thin slice leans on. */
  #allOf(slice: Slice): RatedBoard {
    const all = { ...slice, language: null, category: null, turns: 'both' } as const
    const key = `prior ${sliceKey(all)}`
    const revision = this.#revisionOf(all)
    const kept = this.#kept.get(key)
    if (kept?.revision === revision) return kept.board
    const options = { ...this.#optionsOf(all), intervals: 'none' } as const
    const board = rateVotes(this.table, this.countsOf(all), options)
    this.#keep(key, { board, revision, version: this.#version, at: 0, ms: 0, rows: 0 })
    return board
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    dropOldest(this.#kept, MAX_KEPT)
  }

  /** Equal revisions of a slice have equal ratings. */
  #revisionOf(slice: Slice): string {
    const own = this.countsOf(slice).votes
    return leansOnAll(slice)
      ? `${own} ${this.#counted.of(unslicedFilterOf(slice)).votes}`
      : `${own}`
  }
}

/** What a slice leans on. */
function priorOf({ theta, models }: RatedBoard): NonNullable<RateOptions['prior']> {
  return { theta, status: new Map(models.map(({ model, status }) => [model, status])) }
}

function leaderDue({ at, ms }: KeptLeader): number {
  return at + LEADER_SHARE * ms
}

/** Whether a board tells what holds its leader: only those that are functions of counts alone. */
function hasLeader(slice: Slice): boolean {
  return slice.method === 'bradley-terry' && !slice.style && !leansOnAll(slice)
}

/** The rows of one of the usual boards as the history keeps them, by slug. */
function entriesOf({ dimension, models }: RatedBoard): HistoryEntry[] {
  return models
    .map(({ model, rating, ciLow, ciHigh, elo, votes }) => ({
      dimension: dimension as BoardDimension,
      slug: model,
      rating,
      ciLow,
      ciHigh,
      elo,
      votes,
    }))
    .sort((left, right) => compareCodePoints(left.slug, right.slug))
}
