import { addGauge } from './bradley-terry.ts'
import { invertSpd, symmetricSandwich } from './linear-algebra.ts'
import type { PairScores } from './pair-scores.ts'

/**
 * H⁺, the pseudoinverse of a Laplacian whose graph is connected: inv(H + c·11ᵀ/M) − 11ᵀ/(c·M). For
 * a Bradley–Terry fit this is the covariance after Fisher, in the gauge of mean 0, in logits².
 *
 * @param laplacian symmetric, row-major, M·M; left as it is
 * @returns undefined if it is not positive definite on vectors of mean 0
 */
export function laplacianPseudoinverse(
  laplacian: Float64Array,
  m: number,
): Float64Array | undefined {
  const lifted = laplacian.slice()
  const scale = addGauge(lifted, m)
  const inverse = invertSpd(lifted, m)
  if (inverse === undefined) return undefined
  const gauge = 1 / (scale * m)
  for (let entry = 0; entry < inverse.length; entry += 1) inverse[entry]! -= gauge
  return inverse
}

/**
 * The covariance V = H⁺BH⁺ of a misspecified likelihood (Huber 1967; White 1982), in logits².
 *
 * @param inverse H⁺ of {@link laplacianPseudoinverse}
 * @param meat B: {@link independentMeat}, or that of clusters (`clustered-meat.ts`)
 */
export function sandwichCovariance(
  inverse: Float64Array,
  meat: Float64Array,
  m: number,
): Float64Array {
  return symmetricSandwich(inverse, meat, m)
}

/**
 * B = Σ w²(y − p)²·xxᵀ over the votes, from the counts alone: the meat of the sandwich if votes are
 * independent of each other. Half-points make it smaller than the information, which is why Fisher
 * intervals of boards with ties are too wide.
 */
export function independentMeat(scores: PairScores, theta: Float64Array): Float64Array {
  const m = scores.models
  const meat = new Float64Array(m * m)
  for (let pair = 0; pair < scores.size; pair += 1) {
    const i = scores.first[pair]!
    const j = scores.second[pair]!
    const d = theta[j]! - theta[i]!
    const p = 1 / (1 + Math.exp(d))
    const q = 1 / (1 + Math.exp(-d))
    const squares =
      scores.squaresFirst[pair]! * q * q +
      scores.squaresSecond[pair]! * p * p +
      scores.squaresHalf[pair]! * (0.5 - p) * (0.5 - p)
    meat[i * m + i]! += squares
    meat[j * m + j]! += squares
    meat[i * m + j]! -= squares
    meat[j * m + i]! -= squares
  }
  return meat
}

/** Standard errors: the roots of the diagonal. */
export function standardErrors(covariance: Float64Array, m: number): Float64Array {
  const errors = new Float64Array(m)
  for (let i = 0; i < m; i += 1) errors[i] = Math.sqrt(Math.max(0, covariance[i * m + i]!))
  return errors
}
