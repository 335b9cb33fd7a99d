import { fitBradleyTerry, hessianOf } from './bradley-terry.ts'
import { clusteredMeat } from './clustered-meat.ts'
import { connectivity, type ModelStatus } from './components.ts'
import { compositeFactors } from './composite.ts'
import { fitDavidson } from './davidson.ts'
import { ELO_K, ELO_START } from './elo.ts'
import { gamesOf, onlineElo, permutedElo } from './elo-permuted.ts'
import { independentMeat, laplacianPseudoinverse, sandwichCovariance } from './intervals.ts'
import { bootstrapCovariance } from './bootstrap-board.ts'
import { halfWidthsOf, spreadOf } from './dominant-voters.ts'
import { ELO_PER_LOGIT } from './numbers.ts'
import { pairOutcomes } from './pair-counts.ts'
import { combineScores, restrictScores, totalScore } from './pair-scores.ts'
import { tallies, type Slice } from './rated-slice.ts'
import { byDimension, MEAN_RATING, nobodyRated, numbersWithin, type Solution } from './solution.ts'
import { solveTowards } from './solve-slice.ts'
import { withStyle } from './solve-style.ts'

/** The K-factor of the mean over random orders, and how many there are. */
export const PERMUTED_K = 32
export const PERMUTED_ORDERS = 100

/** Rates a slice by the method of its options. */
export function solve(slice: Slice): Solution {
  switch (slice.options.method) {
    case 'elo':
    case 'elo-permuted':
      return solveElo(slice)
    case 'davidson':
      return solveDavidson(slice)
    case 'bradley-terry': {
      const solution =
        slice.options.prior === undefined ? solveBradleyTerry(slice) : solveTowards(slice)
      return slice.options.style === true ? withStyle(slice, solution) : solution
    }
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
    spread: null,
    voters: null,
    nu: null,
    style: null,
    converged: true,
  }
  if (intervals === 'none' || options.style === true) {
    return { ...base, covariance: null, inverseHessian: null, halfWidths: null }
  }
  const inverse = laplacianPseudoinverse(hessianOf(scores, theta), m)
  if (inverse === undefined) return nobodyRated(slice, status, false)
  const withCovariance = (covariance: Float64Array): Solution => ({
    ...base,
    covariance,
    inverseHessian: inverse,
    halfWidths: halfWidthsOf(covariance, m, null),
  })
  const independent = () =>
    withCovariance(sandwichCovariance(inverse, independentMeat(scores, theta), m))
  switch (intervals) {
    case 'fisher':
      return withCovariance(inverse)
    case 'sandwich':
      return independent()
    case 'bootstrap':
      return withCovariance(bootstrapCovariance(slice, within, m))
    case 'clustered': {
      const { meat, voters, active, votersOf } = clusteredMeat({
        table,
        filter: options.filter ?? {},
        terms: parts
          .map(({ dimension }, part) => ({ dimension, factor: factors[part]! }))
          .filter(({ factor }) => factor > 0),
        ties,
        indexOf,
        theta,
      })
      // The scores of a single voter cancel: how others would differ is not to be had from them.
      if (voters === 1) return { ...independent(), voters }
      const clustered = sandwichCovariance(inverse, meat, m)
      const { halfWidths, spread } = spreadOf(inverse, clustered, m, active)
      return { ...withCovariance(clustered), halfWidths, spread, voters, votersOf }
    }
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
    halfWidths: intervals === 'none' ? null : halfWidthsOf(fit.covariance, rated.length, null),
    spread: null,
    style: null,
    factors: byDimension(slice, [1]),
    voters: null,
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
    halfWidths: null,
    spread: null,
    style: null,
    factors: table.dimensions.map(() => 0),
    voters: null,
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

/** Where Davidson's ν has no finite estimate: who only won, and who only lost. */
function unboundedByOwnGames(slice: Slice): ModelStatus[] {
  return tallies(slice).map(({ wins, losses, ties, bothBad }) => {
    if (wins > 0 && losses + ties + bothBad === 0) return 'unbounded-above'
    return losses > 0 && wins + ties + bothBad === 0 ? 'unbounded-below' : 'disconnected'
  })
}
