import { fitBradleyTerry, hessianOf } from './bradley-terry.ts'
import { clusteredMeat } from './clustered-meat.ts'
import { connectivity, type ModelStatus } from './components.ts'
import { compositeFactors } from './composite.ts'
import { fitDavidson } from './davidson.ts'
import { ELO_K, ELO_START } from './elo.ts'
import { gamesOf, onlineElo, permutedElo } from './elo-permuted.ts'
import { independentMeat, laplacianPseudoinverse, sandwichCovariance } from './intervals.ts'
import { ELO_PER_LOGIT } from './numbers.ts'
import { pairOutcomes } from './pair-counts.ts'
import { combineScores, restrictScores, totalScore } from './pair-scores.ts'
import { tallies, votesOf, type Slice } from './rated-slice.ts'

/** The mean of the published ratings, in Elo points. */
export const MEAN_RATING = 1000
/** The K-factor of the mean over random orders, and how many there are. */
export const PERMUTED_K = 32
export const PERMUTED_ORDERS = 100

/** What a method finds out. Vectors and matrices are over `rated`. */
export type Solution = {
  /** Numbers of the rated models in ascending order. */
  readonly rated: Int32Array
  readonly status: readonly ModelStatus[]
  /** Log-strengths with mean 0; null for Elo. */
  readonly theta: Float64Array | null
  /** Elo points, before an anchor. */
  readonly ratings: Float64Array
  readonly covariance: Float64Array | null
  readonly inverseHessian: Float64Array | null
  readonly factors: readonly number[]
  readonly voters: number
  readonly nu: number | null
  readonly converged: boolean
}

/** Rates a slice by the method of its options. */
export function solve(slice: Slice): Solution {
  switch (slice.options.method) {
    case 'elo':
    case 'elo-permuted':
      return solveElo(slice)
    case 'davidson':
      return solveDavidson(slice)
    case 'bradley-terry':
      return solveBradleyTerry(slice)
  }
}

function solveBradleyTerry(slice: Slice): Solution {
  const { models, parts, options, ties, intervals, table } = slice
  const everybody = combineScores(
    parts.map(({ scores }) => ({ scores, factor: 1 })),
    models.length,
  )
  const { rated, status } = connectivity(everybody)
  if (rated.length === 0) return nobodyRated(slice, status, true)
  const m = rated.length
  const { within, indexOf } = numbersWithin(slice, rated)
  const restricted = parts.map(({ scores }) => restrictScores(scores, within, m))
  const factors = compositeFactors(
    parts.map(({ weight }) => weight),
    restricted.map(totalScore),
  )
  const scores = combineScores(
    restricted.map((each, part) => ({ scores: each, factor: factors[part]! })),
    m,
  )
  const fit = fitBradleyTerry(scores)
  if (!fit.converged) return nobodyRated(slice, status, false)
  const { theta } = fit
  const base = {
    rated,
    status,
    theta,
    ratings: theta.map((x) => MEAN_RATING + x * ELO_PER_LOGIT),
    factors: byDimension(slice, factors),
    nu: null,
    converged: true,
  }
  const votes = votesOf(slice)
  if (intervals === 'none' || intervals === 'bootstrap') {
    return { ...base, covariance: null, inverseHessian: null, voters: votes }
  }
  const inverse = laplacianPseudoinverse(hessianOf(scores, theta), m)
  if (inverse === undefined) return nobodyRated(slice, status, false)
  if (intervals === 'fisher') {
    return { ...base, covariance: inverse, inverseHessian: inverse, voters: votes }
  }
  const clustered = (): { meat: Float64Array; voters: number } =>
    clusteredMeat({
      table,
      filter: options.filter ?? {},
      terms: parts
        .map(({ dimension }, part) => ({ dimension, factor: factors[part]! }))
        .filter(({ factor }) => factor > 0),
      ties,
      indexOf,
      theta,
    })
  const { meat, voters } =
    intervals === 'clustered'
      ? clustered()
      : { meat: independentMeat(scores, theta), voters: votes }
  return {
    ...base,
    covariance: sandwichCovariance(inverse, meat, m),
    inverseHessian: inverse,
    voters,
  }
}

function solveDavidson(slice: Slice): Solution {
  const { parts, ties, intervals, counts } = slice
  const { dimension, scores } = parts[0]!
  const { rated, status } = connectivity(scores)
  if (rated.length === 0) return nobodyRated(slice, status, true)
  const { indexOf } = numbersWithin(slice, rated)
  const outcomes = pairOutcomes(counts.pairs[dimension]!, indexOf, rated.length)
  const fit = fitDavidson(outcomes, ties)
  if (fit.kind === 'no-finite-maximum') {
    return nobodyRated(slice, unboundedByOwnGames(slice), true)
  }
  if (fit.kind === 'not-converged') return nobodyRated(slice, status, false)
  return {
    rated,
    status,
    theta: fit.theta,
    ratings: fit.theta.map((x) => MEAN_RATING + x * ELO_PER_LOGIT),
    covariance: intervals === 'none' ? null : fit.covariance,
    inverseHessian: intervals === 'none' ? null : fit.covariance,
    factors: byDimension(slice, [1]),
    voters: votesOf(slice),
    nu: fit.nu,
    converged: true,
  }
}

function solveElo(slice: Slice): Solution {
  const { table, models, ids } = slice
  const ratings = meanOverDimensions(slice, (dimension) => eloOf(slice, dimension))
  return {
    rated: Int32Array.from(models.keys()),
    status: models.map(() => 'rated'),
    theta: null,
    ratings: Float64Array.from(ids, (id) => (id < 0 ? ELO_START : ratings[id]!)),
    covariance: null,
    inverseHessian: null,
    factors: table.dimensions.map(() => 0),
    voters: votesOf(slice),
    nu: null,
    converged: true,
  }
}

function eloOf({ table, counts, options, ties }: Slice, dimension: number): Float64Array {
  const { method, k, seed = 1, orders = PERMUTED_ORDERS, filter = {} } = options
  const games = () => gamesOf(table, filter, dimension, ties)
  if (method === 'elo-permuted') {
    return permutedElo(games(), table.models.size, { k: k ?? PERMUTED_K, seed, orders })
  }
  if (ties === 'half' && (k ?? ELO_K) === ELO_K) return counts.elo(table, dimension)
  return onlineElo(games(), table.models.size, k ?? ELO_K)
}

/** By model id, over the dimensions of the board. */
export function meanOverDimensions(
  { table, parts }: Slice,
  valuesOf: (dimension: number) => Float64Array,
): Float64Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return valuesOf(only.dimension)
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const mean = new Float64Array(table.models.size)
  for (const { dimension, weight } of parts) {
    const values = valuesOf(dimension)
    for (let id = 0; id < mean.length; id += 1) {
      mean[id]! += (weight / total) * (values[id] ?? ELO_START)
    }
  }
  return mean
}

function nobodyRated(slice: Slice, status: readonly ModelStatus[], converged: boolean): Solution {
  return {
    rated: new Int32Array(0),
    status: status.map((each) => (each === 'rated' ? 'disconnected' : each)),
    theta: new Float64Array(0),
    ratings: new Float64Array(0),
    covariance: null,
    inverseHessian: null,
    factors: slice.table.dimensions.map(() => 0),
    voters: votesOf(slice),
    nu: null,
    converged,
  }
}

/** Where Davidson's ν has no finite estimate: who only won, and who only lost. */
function unboundedByOwnGames(slice: Slice): ModelStatus[] {
  return tallies(slice).map(({ wins, losses, ties, bothBad }) => {
    if (wins > 0 && losses + ties + bothBad === 0) return 'unbounded-above'
    return losses > 0 && wins + ties + bothBad === 0 ? 'unbounded-below' : 'disconnected'
  })
}

/** Numbers of the rated models among each other: by number in the slice and by model id. */
function numbersWithin(
  { models, ids, indexOf }: Slice,
  rated: Int32Array,
): { within: Int32Array; indexOf: Int32Array } {
  const within = new Int32Array(models.length).fill(-1)
  const byId = new Int32Array(indexOf.length).fill(-1)
  for (const [index, model] of rated.entries()) {
    within[model] = index
    const id = ids[model]!
    if (id >= 0) byId[id] = index
  }
  return { within, indexOf: byId }
}

function byDimension({ table, parts }: Slice, factors: readonly number[]): number[] {
  const result = table.dimensions.map(() => 0)
  for (const [part, { dimension }] of parts.entries()) result[dimension] = factors[part]!
  return result
}
