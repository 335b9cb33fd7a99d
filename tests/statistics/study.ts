import { fitBradleyTerry, hessianOf } from '../../shared/ratings/bradley-terry.ts'
import { clusteredMeat } from '../../shared/ratings/clustered-meat.ts'
import { spreadOf } from '../../shared/ratings/dominant-voters.ts'
import { laplacianPseudoinverse, sandwichCovariance } from '../../shared/ratings/intervals.ts'
import { ELO_PER_LOGIT, Z_95 } from '../../shared/ratings/numbers.ts'
import { pairOutcomes } from '../../shared/ratings/pair-counts.ts'
import { scorePairs } from '../../shared/ratings/pair-scores.ts'
import { rateVotes, type RatedBoard, type RateOptions } from '../../shared/ratings/rate.ts'
import { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import type { VoteTable } from '../../shared/ratings/vote-table.ts'
import {
  expectedScores,
  simulate,
  type ArenaLaw,
  type Crowd,
} from '../support/ratings/simulated-arena.ts'
import { ARENA_MODELS, modelName, trueTheta } from '../support/ratings/synthetic-arena.ts'

/** The seeds of the golden coverage study. */
export const SEEDS = Array.from({ length: 400 }, (_, k) => 1001 + k)

/** Nominal 95 % with a Monte Carlo error of about 0.4 points (correlated over models). */
export const LEAST_COVERAGE = 0.935
export const MOST_COVERAGE = 0.965

/** Means over seeds and models. */
export type Study = {
  /** Shares of intervals that hold the estimand. */
  readonly coverage: Readonly<Record<string, number>>
  /** Kendall's τ of the ratings with the true strengths. */
  readonly tau: number
  /** Half-widths of the intervals, Elo points. */
  readonly halfWidth: Readonly<Record<string, number>>
  /** By how much the estimates scatter around the estimand, Elo points (root mean square). */
  readonly error: number
}

/** Intervals by name, each as half-widths by model in Elo points. */
type Intervals = Record<string, (model: number) => number>

/** What half-ties estimate under a law, in Elo points around 1000, by model. */
export function estimand(law: ArenaLaw, tasteSd = 0): Float64Array {
  const fit = fitBradleyTerry(expectedScores(law, tasteSd))
  if (!fit.converged) throw new Error('The law has no estimand.')
  return fit.theta.map((theta) => 1000 + theta * ELO_PER_LOGIT)
}

/** Runs one configuration over all seeds; rates each arena as boards do. */
export function study(law: ArenaLaw, votes: number, crowd?: Crowd): Study {
  const truth = estimand(law, crowd?.tasteSd)
  const covered: Record<string, number> = {}
  const widths: Record<string, number> = {}
  let [tau, squares] = [0, 0]
  const cells = SEEDS.length * ARENA_MODELS
  for (const seed of SEEDS) {
    const table = simulate(law, { votes, seed, ...(crowd === undefined ? {} : { crowd }) })
    const counts = SliceCounts.of(table)
    const board = (intervals: NonNullable<RateOptions['intervals']>) =>
      rateVotes(table, counts, { dimension: 'accuracy', method: 'bradley-terry', intervals })
    const sandwich = board('sandwich')
    const ratings = Float64Array.from(
      { length: ARENA_MODELS },
      (_, model) => rowOf(sandwich, model).rating!,
    )
    const intervals =
      crowd === undefined
        ? independentIntervals(sandwich, board('fisher'))
        : clusteredIntervals(table, sandwich, board('clustered'))
    for (let model = 0; model < ARENA_MODELS; model += 1) {
      const error = Math.abs(ratings[model]! - truth[model]!)
      squares += (error * error) / cells
      for (const [name, widthOf] of Object.entries(intervals)) {
        covered[name] = (covered[name] ?? 0) + (error < widthOf(model) ? 1 / cells : 0)
        widths[name] = (widths[name] ?? 0) + widthOf(model) / cells
      }
    }
    tau += kendallTau(ratings, trueTheta(law.step)) / SEEDS.length
  }
  return { coverage: covered, tau, halfWidth: widths, error: Math.sqrt(squares) }
}

function rowOf(board: RatedBoard, model: number) {
  const row = board.models.find((each) => each.model === modelName(model))
  if (typeof row?.rating !== 'number') throw new Error(`${modelName(model)} is not rated.`)
  return row
}

/** As boards show them. */
const shown = (board: RatedBoard) => (model: number) => {
  const { ciLow, ciHigh } = rowOf(board, model)
  return (ciHigh! - ciLow!) / 2
}

function independentIntervals(sandwich: RatedBoard, fisher: RatedBoard): Intervals {
  return { sandwich: shown(sandwich), fisher: shown(fisher) }
}

/** Each step of the correction by itself, up to what boards show. */
function clusteredIntervals(
  table: VoteTable,
  sandwich: RatedBoard,
  clustered: RatedBoard,
): Intervals {
  const theta = Float64Array.from(sandwich.rated, (model) => sandwich.theta.get(model)!)
  // Names and numbers of models are in the same order in this arena.
  const indexOf = Int32Array.from(theta.keys())
  const scores = scoresOf(table)
  const inverse = laplacianPseudoinverse(hessianOf(scores, theta), ARENA_MODELS)!
  const { meat, active } = clusteredMeat({
    table,
    filter: {},
    terms: [{ dimension: 0, factor: 1 }],
    ties: 'half',
    indexOf,
    theta,
  })
  const covariance = sandwichCovariance(inverse, meat, ARENA_MODELS)
  const variances = theta.map((_, i) => covariance[i * (ARENA_MODELS + 1)]!)
  const { spread } = spreadOf(inverse, covariance, ARENA_MODELS, active)
  const corrected = spread?.covariance ?? covariance
  return {
    independent: shown(sandwich),
    'clustered, z': (model) => Z_95 * Math.sqrt(variances[model]!) * ELO_PER_LOGIT,
    'jackknife, z': (model) =>
      Z_95 * Math.sqrt(corrected[model * (ARENA_MODELS + 1)]!) * ELO_PER_LOGIT,
    'as shown': shown(clustered),
  }
}

function scoresOf(table: VoteTable) {
  const indexOf = Int32Array.from({ length: ARENA_MODELS }, (_, model) => model)
  return scorePairs(pairOutcomes(SliceCounts.of(table).pairs[0]!, indexOf, ARENA_MODELS), 'half')
}

function kendallTau(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < i; j += 1) sum += Math.sign(a[i]! - a[j]!) * Math.sign(b[i]! - b[j]!)
  }
  return sum / ((a.length * (a.length - 1)) / 2)
}
