import { ELO_START } from './elo.ts'
import { standardErrors } from './intervals.ts'
import { ELO_PER_LOGIT, wilson } from './numbers.ts'
import { pairwiseCriticalValue, rankIntervals, ranksOf, rankUpperBounds } from './ranks.ts'
import { OVERALL, type RateOptions } from './rate-options.ts'
import type { RatedBoard, RatedModel } from './rated-board.ts'
import { readSlice, setOf, tallies, votesOf, type Slice, type Tally } from './rated-slice.ts'
import type { SliceCounts } from './slice-counts.ts'
import { effectsOf } from './effects.ts'
import type { Solution } from './solution.ts'
import { meanOverDimensions, solve } from './solve.ts'
import type { VoteTable } from './vote-table.ts'
import { countVoters } from './voters.ts'

export {
  checkAnchor,
  checkRateOptions,
  INTERVALS,
  OVERALL,
  RATING_METHODS,
  type RateOptions,
  type RatingMethod,
} from './rate-options.ts'
export type { LeaderEffect, RatedBoard, RatedModel } from './rated-board.ts'

/** A model with fewer votes is marked as provisional. */
export const PROVISIONAL_VOTES = 30
/**
 * So is one that fewer voters have judged: the scores of few clusters nearly cancel, and the clustered
 * error of a model with one voter is next to nothing.
 */
export const PROVISIONAL_VOTERS = 10
/** A model of a slice is marked as provisional until its standard error is below, in Elo points. */
export const PROVISIONAL_SE = 30

/**
 * Rates the votes of one slice: the one way to a board, live, from a file and in the browser, so
 * that equal votes give equal bits. Depends on the names and counts, and for Elo and clustered
 * intervals on the order of the votes.
 *
 * @param table the votes, read for Elo and clustered intervals only
 * @param counts of these votes through `options.filter`
 * @param options checked by {@link checkRateOptions} where they come from outside
 * @throws RangeError for an unknown dimension, or Davidson for `overall`
 */
export function rateVotes(table: VoteTable, counts: SliceCounts, options: RateOptions): RatedBoard {
  const slice = readSlice(table, counts, options)
  const solution = solve(slice)
  return boardOf(slice, solution)
}

function boardOf(slice: Slice, solution: Solution): RatedBoard {
  const { counts, options, models, parts } = slice
  const totals = tallies(slice)
  const rows = rowsOf(slice, solution, totals)
  const rated = Array.from(solution.rated, (model) => models[model]!)
  const half = (pick: (tally: Tally) => number) =>
    totals.reduce((sum, tally) => sum + pick(tally), 0) / 2
  return {
    method: options.method,
    dimension: options.dimension,
    votes: votesOf(slice),
    models: rows,
    theta: new Map(
      solution.theta === null ? [] : rated.map((model, i) => [model, solution.theta![i]!]),
    ),
    ...(solution.covariance === null ? {} : { covariance: solution.covariance }),
    spread: solution.spread,
    ...(solution.inverseHessian === null ? {} : { inverseHessian: solution.inverseHessian }),
    factors: solution.factors,
    rated,
    nu: solution.nu,
    voters: solution.voters ?? countVotersOf(slice),
    outcomes: {
      decisive: half(({ wins, losses }) => wins + losses),
      ties: half(({ ties }) => ties),
      bothBad: half(({ bothBad }) => bothBad),
      skipped: parts.reduce((sum, { dimension }) => sum + counts.skips[dimension]!, 0),
    },
    ...effectsOf(slice, solution),
    converged: solution.converged,
  }
}

/** Counted where somebody asks for more than the ratings alone. */
function countVotersOf({ table, options, intervals, parts }: Slice): number {
  if (intervals === 'none') return 0
  return countVoters(
    table,
    options.filter ?? {},
    parts.map(({ dimension }) => dimension),
  )
}

/** The rows of a board: rated models by rating, the best first, then the others; equals by name. */
function rowsOf(slice: Slice, solution: Solution, totals: readonly Tally[]): RatedModel[] {
  const { table, counts, options, models, ids, parts } = slice
  const set = setOf(parts)
  const elo = meanOverDimensions(slice, (dimension) => counts.elo(table, dimension))
  const rows = models.map((model, index): RatedModel => {
    const id = ids[index]!
    const tally = totals[index]!
    const verdicts = tally.wins + tally.losses + tally.ties + tally.bothBad
    const votes = options.dimension === OVERALL ? counts.votesOfModel(id, set) : verdicts
    // Verdicts on one answer pair are not independent trials: no interval for their sum.
    const bothBad =
      options.dimension === OVERALL || verdicts === 0 ? null : wilson(tally.bothBad, verdicts)
    return {
      model,
      rank: null,
      rankUb: null,
      rankLow: null,
      rankHigh: null,
      rating: null,
      se: null,
      ciLow: null,
      ciHigh: null,
      elo: elo[id] ?? ELO_START,
      votes,
      ...tally,
      bothBadRate: verdicts === 0 ? null : tally.bothBad / verdicts,
      bothBadLow: bothBad?.low ?? null,
      bothBadHigh: bothBad?.high ?? null,
      status: solution.status[index]!,
      provisional: votes < PROVISIONAL_VOTES,
    }
  })
  fillRatings(rows, slice, solution)
  return rows.sort(
    // A stable sort: equals stay in the order of their names.
    (a, b) => (b.rating ?? Number.NEGATIVE_INFINITY) - (a.rating ?? Number.NEGATIVE_INFINITY) || 0,
  )
}

function fillRatings(rows: readonly RatedModel[], { options }: Slice, solution: Solution): void {
  const { rated, theta, covariance, halfWidths, spread, votersOf } = solution
  const ratings = anchored(rows, options, solution)
  const ranks = ranksOf(ratings)
  for (const [index, model] of rated.entries()) {
    rows[model]!.rating = ratings[index]!
    rows[model]!.rank = ranks[index]!
  }
  if (theta === null || covariance === null || halfWidths === null) return
  const errors = standardErrors(covariance, rated.length).map((error) => error * ELO_PER_LOGIT)
  const halves = halfWidths.map((half) => half * ELO_PER_LOGIT)
  const low = ratings.map((rating, index) => rating - halves[index]!)
  const high = ratings.map((rating, index) => rating + halves[index]!)
  const upper = rankUpperBounds(low, high)
  const ranges = rankIntervals(
    theta,
    spread?.covariance ?? covariance,
    pairwiseCriticalValue(rated.length),
    spread?.df,
  )
  for (const [index, model] of rated.entries()) {
    const row = rows[model]!
    row.se = errors[index]!
    row.ciLow = low[index]!
    row.ciHigh = high[index]!
    row.rankUb = upper[index]!
    row.rankLow = ranges.low[index]!
    row.rankHigh = ranges.high[index]!
    if (options.prior !== undefined) row.provisional = errors[index]! >= PROVISIONAL_SE
    else if ((votersOf?.[index] ?? PROVISIONAL_VOTERS) < PROVISIONAL_VOTERS) row.provisional = true
  }
}

/** Shifts all ratings so that the anchor, where it is rated, has its value. */
function anchored(
  rows: readonly RatedModel[],
  { anchor }: RateOptions,
  { rated, ratings }: Solution,
): Float64Array {
  const at = rated.findIndex((model) => rows[model]!.model === anchor?.model)
  if (anchor === undefined || at < 0) return ratings
  const shift = anchor.rating - ratings[at]!
  return ratings.map((rating, index) => (index === at ? anchor.rating : rating + shift))
}
