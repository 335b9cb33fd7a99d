import { fitBradleyTerry, hessianOf, type Fit } from './bradley-terry.ts'
import { invertSpd, symmetricSandwich } from './linear-algebra.ts'
import { combineScores, totalScore, type PairScores } from './pair-scores.ts'

/**
 * The factors by which each dimension's verdicts count in the composite
 * L = Σ_d w_d·NLL_d/N_d: a_d = w_d·N̄/N_d with N̄ = Σ w_d·N_d. The common N̄ changes neither the
 * fit nor its sandwich; it keeps the Hessian on the scale of votes (one dimension: a = 1), so that
 * it is well conditioned and comparable with a prior.
 *
 * @param weights by dimension, not negative; scaled to a sum of 1 over the dimensions that have
 *   verdicts
 * @param totals N_d, the (weighted) verdicts that enter the fit
 * @returns 0 for dimensions without weight or verdicts
 */
export function compositeFactors(
  weights: readonly number[],
  totals: readonly number[],
): readonly number[] {
  const used = weights.map((weight, d) => (weight > 0 && totals[d]! > 0 ? weight : 0))
  const sum = used.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return used
  const shares = used.map((weight) => weight / sum)
  const mean = shares.reduce((total, share, d) => total + share * totals[d]!, 0)
  return shares.map((share, d) => (share === 0 ? 0 : share * (mean / totals[d]!)))
}

/**
 * The composite as `arena-rank` computes it, for comparison with boards that were made by it:
 * L = Σ w_d·NLL_d/N_d + ½·ridge·‖θ‖², verdicts taken as independent,
 * V = H⁻¹(Σ w_d²/N_d·Σ_d)H⁻¹ with Σ_d the covariance of a verdict's score, its mean taken off.
 *
 * @param parts dimensions over the same models, weights above 0
 */
export function fitImportedComposite(
  parts: readonly { readonly scores: PairScores; readonly weight: number }[],
  models: number,
  ridge: number,
): { fit: Fit; covariance: Float64Array | undefined } {
  const totals = parts.map(({ scores }) => totalScore(scores))
  const combined = combineScores(
    parts.map(({ scores, weight }, d) => ({ scores, factor: weight / totals[d]! })),
    models,
  )
  const fit = fitBradleyTerry(combined, ridge)
  if (!fit.converged) return { fit, covariance: undefined }
  const hessian = hessianOf(combined, fit.theta)
  for (let i = 0; i < models; i += 1) hessian[i * models + i]! += ridge
  const inverse = invertSpd(hessian, models)
  if (inverse === undefined) return { fit, covariance: undefined }
  const meat = new Float64Array(models * models)
  for (const [d, { scores, weight }] of parts.entries()) {
    addCentredMeat(meat, scores, fit.theta, weight / totals[d]!, totals[d]!)
  }
  return { fit, covariance: symmetricSandwich(inverse, meat, models) }
}

/** Adds factor²·(Σ ssᵀ − N·s̄s̄ᵀ) over the verdicts of a dimension. */
function addCentredMeat(
  meat: Float64Array,
  scores: PairScores,
  theta: Float64Array,
  factor: number,
  total: number,
): void {
  const m = scores.models
  const sum = new Float64Array(m)
  for (let pair = 0; pair < scores.size; pair += 1) {
    const i = scores.first[pair]!
    const j = scores.second[pair]!
    const p = 1 / (1 + Math.exp(theta[j]! - theta[i]!))
    const n = scores.scoreFirst[pair]! + scores.scoreSecond[pair]!
    const residual = scores.scoreFirst[pair]! - n * p
    sum[i]! += residual
    sum[j]! -= residual
    const squares =
      factor *
      factor *
      (scores.squaresFirst[pair]! * (1 - p) ** 2 +
        scores.squaresSecond[pair]! * p ** 2 +
        scores.squaresHalf[pair]! * (0.5 - p) ** 2)
    meat[i * m + i]! += squares
    meat[j * m + j]! += squares
    meat[i * m + j]! -= squares
    meat[j * m + i]! -= squares
  }
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < m; j += 1) {
      meat[i * m + j]! -= (factor * factor * sum[i]! * sum[j]!) / total
    }
  }
}
