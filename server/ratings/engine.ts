import { DIMENSIONS } from '../../shared/dimensions.ts'
import { outcomeOf } from '../../shared/ratings/outcomes.ts'
import { pairOutcomes } from '../../shared/ratings/pair-counts.ts'
import { scorePairs } from '../../shared/ratings/pair-scores.ts'
import { expectedInformation } from '../../shared/ratings/sampling.ts'
import { rateVotes, type RatedBoard, type RateOptions } from '../../shared/ratings/rate.ts'
import { SliceCounts, type VoteFilter } from '../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../shared/ratings/vote-table.ts'
import type { Slice } from '../../shared/schemas/leaderboard.ts'
import { sliceSchema } from '../../shared/schemas/leaderboard.ts'
import { HistoryClock, type Checkpoint, type HistoryEntry, type Moment } from './history.ts'
import { withIntervalsOf } from './lagging-intervals.ts'
import type { LoggedVote } from './logged-vote.ts'
import { filterOf, leansOnAll, sliceKey, unslicedFilterOf, weightsOf } from './slices.ts'

/** Changes whenever equal votes may give other bits: stored history is then computed anew. */
export const BOARD_ENGINE = 'bt-1'

/** Slices whose counts are kept up with every vote; others are counted again when asked for. */
const MAX_COUNTED = 64
/** Boards that are remembered until a vote moves them. */
const MAX_RATED = 128
/** Intervals that cost no more than this are computed with their ratings. */
const CHEAP_INTERVALS_MS = 20
/** How far dearer ones may lag behind. */
const MAX_LAG_MS = 1500

/** The four boards of the history: people's votes, all of them. */
const HISTORY_SLICES: readonly Slice[] = ['overall' as const, ...DIMENSIONS].map((dimension) =>
  sliceSchema.parse({ dimension }),
)

const USUAL_FILTER: VoteFilter = filterOf(sliceSchema.parse({}))
const USUAL_KEY = JSON.stringify(USUAL_FILTER)

/** A board and the version whose votes its intervals are of. */
export type Rated = { readonly board: RatedBoard; readonly intervalsVersion: number }

type Kept = {
  /** With intervals of its own. */
  readonly full: RatedBoard
  /** What it was computed from. */
  readonly revision: string
  readonly version: number
  readonly at: number
  readonly ms: number
}

/**
 * The vote log in memory, and every board of it. Pure but for the clock that tells what is dear:
 * it decides when intervals may lag, and never a number.
 */
export class RatingEngine {
  readonly table = new VoteTable({ dimensions: DIMENSIONS })
  readonly #now: () => number
  readonly #clock = new HistoryClock()
  /** Of the four usual boards: always kept up. */
  readonly #usual: SliceCounts
  readonly #counted = new Map<string, SliceCounts>()
  readonly #kept = new Map<string, Kept>()
  readonly #behind = new Map<string, Slice>()
  #version = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#usual = new SliceCounts(DIMENSIONS, USUAL_FILTER)
  }

  /** The last log position that is counted; 0 before the first. */
  get position(): number {
    return this.#clock.last?.position ?? 0
  }

  /** When the latest vote was given, in epoch milliseconds. */
  get latest(): number | undefined {
    return this.#clock.last?.at
  }

  /**
   * Counts the next vote of the log.
   *
   * @param onMoment called before the vote is counted, if a moment of the history ended before it
   */
  count(vote: LoggedVote, onMoment: (moment: Moment) => void): void {
    const moment = this.#clock.next(vote.position, vote.created_at)
    if (moment !== undefined) onMoment(moment)
    const row = this.table.append({
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
      style: vote.style === null ? null : (JSON.parse(vote.style) as number[]),
    })
    this.#usual.addRow(this.table, row)
    for (const counts of this.#counted.values()) counts.addRow(this.table, row)
  }

  /**
   * The ratings of a slice, exact for all votes that are counted.
   *
   * @param version the board version under which they are given out
   */
  rate(slice: Slice, version: number): Rated {
    this.#version = version
    const key = sliceKey(slice)
    const revision = this.#revisionOf(slice)
    const kept = this.#kept.get(key)
    if (kept?.revision === revision) return { board: kept.full, intervalsVersion: version }
    if (kept !== undefined && kept.ms > CHEAP_INTERVALS_MS && this.#now() - kept.at <= MAX_LAG_MS) {
      const plain = rateVotes(this.table, this.#countsOf(filterOf(slice)), {
        ...this.#optionsOf(slice),
        intervals: 'none',
      })
      const board = withIntervalsOf(plain, kept.full)
      if (board !== undefined) {
        this.#behind.set(key, slice)
        return { board, intervalsVersion: kept.version }
      }
    }
    return { board: this.#rateInFull(slice), intervalsVersion: version }
  }

  /** Whether intervals lag behind their ratings. */
  get behind(): boolean {
    return this.#behind.size > 0
  }

  /** Brings the intervals of one board up to date that lag. */
  refine(): void {
    for (const [key, slice] of this.#behind) {
      this.#behind.delete(key)
      this.#rateInFull(slice)
      return
    }
  }

  /** Everybody's standing at the moment that has just ended: nothing after it may be counted. */
  checkpoint(moment: Moment): Checkpoint {
    const entries = HISTORY_SLICES.flatMap((slice) =>
      this.#rateInFull(slice).models.map(
        ({ model, rating, ciLow, ciHigh, elo, votes }): HistoryEntry => ({
          dimension: slice.dimension,
          slug: model,
          rating,
          ciLow,
          ciHigh,
          elo,
          votes,
        }),
      ),
    )
    return { ...moment, entries }
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
    const scores = this.#usual.pairs.map((pairs) =>
      scorePairs(pairOutcomes(pairs, places, ids.length), 'half'),
    )
    return {
      slugs: Array.from(ids, (id) => models.nameOf(id)),
      gains: expectedInformation(scores),
    }
  }

  #rateInFull(slice: Slice): RatedBoard {
    const key = sliceKey(slice)
    const revision = this.#revisionOf(slice)
    const kept = this.#kept.get(key)
    this.#behind.delete(key)
    if (kept?.revision === revision) return kept.full
    const started = this.#now()
    const counts = this.#countsOf(filterOf(slice))
    const full = rateVotes(this.table, counts, this.#optionsOf(slice))
    const at = this.#now()
    this.#kept.delete(key)
    this.#kept.set(key, { full, revision, version: this.#version, at, ms: at - started })
    dropOldest(this.#kept, MAX_RATED)
    return full
  }

  #optionsOf(slice: Slice): RateOptions {
    const prior = leansOnAll(slice) ? { theta: this.#allOf(slice).theta } : undefined
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
    const all = { ...slice, language: null, category: null, turns: 'both', style: false } as const
    const key = `prior ${sliceKey(all)}`
    const revision = this.#revisionOf(all)
    const kept = this.#kept.get(key)
    if (kept?.revision === revision) return kept.full
    const full = rateVotes(this.table, this.#countsOf(filterOf(all)), {
      ...this.#optionsOf(all),
      intervals: 'none',
    })
    this.#kept.delete(key)
    this.#kept.set(key, { full, revision, version: this.#version, at: 0, ms: 0 })
    return full
  }

  /** Equal revisions of a slice have equal ratings. */
  #revisionOf(slice: Slice): string {
    const own = this.#countsOf(filterOf(slice)).votes
    return leansOnAll(slice) ? `${own} ${this.#countsOf(unslicedFilterOf(slice)).votes}` : `${own}`
  }

  /** The counts under a board. */
  countsOf(slice: Slice): SliceCounts {
    return this.#countsOf(filterOf(slice))
  }

  #countsOf(filter: VoteFilter): SliceCounts {
    const key = JSON.stringify(filter)
    if (key === USUAL_KEY) return this.#usual
    const counts = this.#counted.get(key) ?? SliceCounts.of(this.table, filter)
    // The one used last is the last to go.
    this.#counted.delete(key)
    this.#counted.set(key, counts)
    dropOldest(this.#counted, MAX_COUNTED)
    return counts
  }
}

function dropOldest<K, V>(entries: Map<K, V>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return
    entries.delete(oldest)
  }
}
