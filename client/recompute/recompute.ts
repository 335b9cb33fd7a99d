import {
  BOARD_DIMENSIONS,
  DIMENSIONS,
  type BoardDimension,
  type PerDimension,
} from '../../shared/dimensions.ts'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_TIE,
  type Ties,
} from '../../shared/ratings/outcomes.ts'
import { PROVISIONAL_VOTES, rateVotes, type RatedBoard } from '../../shared/ratings/rate.ts'
import { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../shared/ratings/vote-table.ts'
import type { Pairs } from '../../shared/schemas/leaderboard.ts'

/** The counts of pairs of each dimension: all that a board needs to know, but for its voters. */
export type CountsOfPairs = PerDimension<Pick<Pairs, 'models' | 'cells'>>

/** How a reader wants them rated. */
export type RecomputeOptions = {
  readonly method: 'bradley-terry' | 'davidson'
  readonly ties: Ties
  readonly weights: PerDimension<number>
  /** Models to leave out, as if they had never taken part. */
  readonly without: readonly string[]
  readonly anchor: { readonly model: string; readonly rating: number } | null
}

/** Boards as they are computed here: what a worker can hand over. */
export type RecomputedBoard = Pick<RatedBoard, 'votes' | 'models' | 'nu' | 'outcomes'>
export type RecomputedBoards = Record<BoardDimension, RecomputedBoard>

/**
 * Rates counts of pairs by the code that the arena runs. Intervals are those of independent verdicts:
 * the counts do not say who voted. Votes are verdicts here, for `overall` too.
 *
 * @param all for slices that lean on the board of all votes: the counts of those; otherwise null
 */
export function recompute(
  pairs: CountsOfPairs,
  all: CountsOfPairs | null,
  options: RecomputeOptions,
): RecomputedBoards {
  const own = countsOf(pairs, options.without)
  const base = all === null ? null : countsOf(all, options.without)
  return Object.fromEntries(
    BOARD_DIMENSIONS.map((dimension) => [dimension, rate(own, base, dimension, options)]),
  ) as RecomputedBoards
}

type Counts = { readonly table: VoteTable; readonly counts: SliceCounts }

function rate(
  { table, counts }: Counts,
  base: Counts | null,
  dimension: BoardDimension,
  { method: wanted, ties, weights, anchor }: RecomputeOptions,
): RecomputedBoard {
  // Davidson's model has one tie parameter for each question, so that overall has none.
  const method = dimension === 'overall' ? 'bradley-terry' : wanted
  const options = { dimension, method, ties, weights: DIMENSIONS.map((name) => weights[name]) }
  const prior =
    base === null || method === 'davidson'
      ? {}
      : { prior: rateVotes(base.table, base.counts, { ...options, intervals: 'none' }) }
  const board = rateVotes(table, counts, {
    ...options,
    ...prior,
    intervals: 'sandwich',
    ...(anchor === null ? {} : { anchor }),
  })
  const { decisive, ties: tied, bothBad } = board.outcomes
  return {
    votes: decisive + tied + bothBad,
    models: board.models.map((model) => {
      const votes = model.wins + model.losses + model.ties + model.bothBad
      const few = votes < PROVISIONAL_VOTES * (dimension === 'overall' ? DIMENSIONS.length : 1)
      return { ...model, votes, provisional: base === null ? few : model.provisional }
    }),
    nu: board.nu,
    outcomes: board.outcomes,
  }
}

function countsOf(pairs: CountsOfPairs, without: readonly string[]): Counts {
  const table = new VoteTable({ dimensions: DIMENSIONS })
  const counts = new SliceCounts(DIMENSIONS)
  const left = new Set(without)
  for (const [index, dimension] of DIMENSIONS.entries()) {
    const into = counts.pairs[index]
    for (const { a, b, wins, losses, ties, bothBad } of pairs[dimension].cells) {
      if (into === undefined || left.has(a) || left.has(b)) continue
      const first = table.models.idOf(a)
      const second = table.models.idOf(b)
      into.addMany(first, second, OUTCOME_A, wins)
      into.addMany(first, second, OUTCOME_B, losses)
      into.addMany(first, second, OUTCOME_TIE, ties)
      into.addMany(first, second, OUTCOME_BOTH_BAD, bothBad)
    }
  }
  return { table, counts }
}
