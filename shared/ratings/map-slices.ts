import { gradientAndHessian, STEP_TOLERANCE } from './bradley-terry.ts'
import { choleskyInPlace, invertSpd, solveCholesky } from './linear-algebra.ts'
import { addStep } from './newton-step.ts'
import { ELO_PER_LOGIT } from './numbers.ts'
import type { PairScores } from './pair-scores.ts'

/** How far a slice's rating is expected to lie from the overall one: the prior's sd, Elo points. */
export const SLICE_SD_ELO = 60

/** The precision of a normal prior, in logits⁻², from its standard deviation in Elo points. */
export function precisionOf(sdElo: number): number {
  return (ELO_PER_LOGIT / sdElo) ** 2
}

const MOST_STEPS = 200

export type MapFit = {
  /** Log-strengths, in the gauge of the prior (nothing is re-centred). */
  readonly theta: Float64Array
  /** (H + λI)⁻¹, row-major, logits²: the covariance of the Gaussian posterior. */
  readonly covariance: Float64Array
}

/**
 * Bradley–Terry strengths shrunk towards known ones: the maximum of
 * `log-likelihood − ½λ Σ (θ − centre)²` (MAP with a Gaussian prior), by Newton with Cholesky. Exists
 * for every input: the prior connects what votes do not.
 *
 * For slices of a board (a language, a category) `centre` is the overall strength, fixed, and λ that
 * of {@link SLICE_SD_ELO}; a model without votes in the slice keeps its overall strength with a
 * standard error of 60 Elo.
 *
 * @param scores of the slice; of a composite combined by `compositeFactors`,
 *   which keep the scale of votes that the prior weighs against
 * @param centre the log-strength that each model is drawn to, `scores.models` entries
 * @param precision λ in logits⁻², > 0 ({@link precisionOf})
 * @throws RangeError for numbers that no board has (precision ≤ 0, infinite scores)
 */
export function fitTowards(scores: PairScores, centre: Float64Array, precision: number): MapFit {
  const n = scores.models
  const theta = centre.slice(0, n)
  const information = new Float64Array(n * n)
  const step = new Float64Array(n)
  const assemble = () => {
    gradientAndHessian(scores, theta, 0, step, information)
    for (let i = 0; i < n; i += 1) {
      information[i * n + i]! += precision
      step[i]! -= precision * (theta[i]! - centre[i]!)
    }
  }
  for (let round = 0; round < MOST_STEPS; round += 1) {
    assemble()
    if (!choleskyInPlace(information, n)) break
    solveCholesky(information, n, step)
    if (addStep(theta, step) < STEP_TOLERANCE) break
  }
  assemble()
  const covariance = invertSpd(information, n)
  if (covariance === undefined) throw new RangeError('There is no such slice to shrink.')
  return { theta, covariance }
}
