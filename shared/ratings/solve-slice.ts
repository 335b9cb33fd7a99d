import { compositeFactors } from './composite.ts'
import { halfWidthsOf } from './dominant-voters.ts'
import { fitTowards, precisionOf, SLICE_SD_ELO } from './map-slices.ts'
import { ELO_PER_LOGIT } from './numbers.ts'
import { combineScores, restrictScores, totalScore } from './pair-scores.ts'
import type { Slice } from './rated-slice.ts'
import { byDimension, MEAN_RATING, numbersWithin, type Solution } from './solution.ts'

/**
 * Rates a slice by shrinking it towards the unsliced board (`map-slices.ts`). Models that are not
 * rated there have no rating here. Intervals are those of the posterior, whatever was asked for.
 */
export function solveTowards(slice: Slice): Solution {
  const { models, parts, options, intervals } = slice
  const known = options.prior?.theta ?? new Map<string, number>()
  const rated = Int32Array.from(models.keys()).filter((model) => known.has(models[model]!))
  const m = rated.length
  const { within } = numbersWithin(slice, rated)
  const restricted = parts.map(({ scores }) => restrictScores(scores, within, m))
  const factors = compositeFactors(
    parts.map(({ weight }) => weight),
    restricted.map(totalScore),
  )
  const scores = combineScores(
    restricted.map((each, part) => ({ scores: each, factor: factors[part]! })),
    m,
  )
  const centre = Float64Array.from(rated, (model) => known.get(models[model]!)!)
  const { theta, covariance } = fitTowards(scores, centre, precisionOf(SLICE_SD_ELO))
  const shown = intervals !== 'none'
  return {
    rated,
    status: models.map((model) =>
      known.has(model) ? 'rated' : (options.prior?.status?.get(model) ?? 'disconnected'),
    ),
    theta,
    ratings: theta.map((x) => MEAN_RATING + x * ELO_PER_LOGIT),
    covariance: shown ? covariance : null,
    inverseHessian: shown ? covariance : null,
    halfWidths: shown ? halfWidthsOf(covariance, m, null) : null,
    spread: null,
    factors: byDimension(slice, factors),
    voters: null,
    nu: null,
    style: null,
    converged: true,
  }
}
