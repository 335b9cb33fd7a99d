import { choleskyInPlace, solveCholesky } from './linear-algebra.ts'
import type { PairScores } from './pair-scores.ts'

/** Newton has converged when no strength moves by this much any more, in logits. */
export const STEP_TOLERANCE = 1e-10
/** A longer step is scaled to this length, in logits. */
export const LONGEST_STEP = 2
/** From here on a step that makes things worse is halved. Real boards need 5 to 30 steps. */
const PATIENCE = 60
const MAX_ITERATIONS = 400

/** Log-strengths with mean 0, or the news that none were found (numbers beyond all measure). */
export type Fit =
  | { readonly converged: true; readonly theta: Float64Array; readonly iterations: number }
  | { readonly converged: false; readonly iterations: number }

/**
 * The maximum likelihood of Bradley & Terry (1952), P(i beats j) = 1/(1 + e^(θ_j − θ_i)), ties as
 * half a win for each: Newton's method with a Cholesky factorisation from θ = 0, so that equal
 * counts give equal bits.
 *
 * @param scores of models that are one strongly connected component (`components.ts`); without
 *   ridge there is no finite maximum otherwise
 * @param ridge adds ½·ridge·‖θ‖² to the negative log-likelihood, for the sake of importers
 */
export function fitBradleyTerry(scores: PairScores, ridge = 0): Fit {
  const m = scores.models
  const theta = new Float64Array(m)
  const hessian = new Float64Array(m * m)
  const step = new Float64Array(m)
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration += 1) {
    gradientAndHessian(scores, theta, ridge, step, hessian)
    addGauge(hessian, m)
    if (!choleskyInPlace(hessian, m)) return { converged: false, iterations: iteration }
    solveCholesky(hessian, m, step)
    centre(step)
    const length = largest(step)
    if (!Number.isFinite(length)) return { converged: false, iterations: iteration }
    if (length > LONGEST_STEP) for (let i = 0; i < m; i += 1) step[i]! *= LONGEST_STEP / length
    if (iteration > PATIENCE) shortenUntilBetter(scores, theta, ridge, step)
    for (let i = 0; i < m; i += 1) theta[i]! += step[i]!
    if (length < STEP_TOLERANCE) {
      centre(theta)
      return { converged: true, theta, iterations: iteration }
    }
  }
  return { converged: false, iterations: MAX_ITERATIONS }
}

/** The predicted share of wins of the first, from the difference of log-strengths. */
export function winProbability(difference: number): number {
  return 1 / (1 + Math.exp(-difference))
}

/** The negative log-likelihood of the scores under log-strengths, in nats. */
export function negativeLogLikelihood(scores: PairScores, theta: Float64Array): number {
  let sum = 0
  for (let pair = 0; pair < scores.size; pair += 1) {
    const d = theta[scores.first[pair]!]! - theta[scores.second[pair]!]!
    const small = Math.log1p(Math.exp(-Math.abs(d)))
    sum += scores.scoreFirst[pair]! * (d > 0 ? small : small - d)
    sum += scores.scoreSecond[pair]! * (d > 0 ? small + d : small)
  }
  return sum
}

/**
 * The Hessian of the negative log-likelihood: the Laplacian of n·p·(1 − p), row-major and
 * symmetric. Its null space is the constant vector.
 */
export function hessianOf(scores: PairScores, theta: Float64Array): Float64Array {
  const m = scores.models
  const hessian = new Float64Array(m * m)
  gradientAndHessian(scores, theta, 0, new Float64Array(m), hessian)
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < i; j += 1) hessian[j * m + i] = hessian[i * m + j]!
  }
  return hessian
}

/** Moves a vector to mean 0. */
export function centre(vector: Float64Array): void {
  let sum = 0
  for (let i = 0; i < vector.length; i += 1) sum += vector[i]!
  const mean = sum / vector.length
  for (let i = 0; i < vector.length; i += 1) vector[i]! -= mean
}

/**
 * Adds c·11ᵀ/M to the lower triangle of a Laplacian, which lifts its null space (the gauge: what is
 * added to all strengths changes nothing) and leaves its action on vectors of mean 0 as it is. The
 * factor c is the mean diagonal, so that conditioning does not depend on the scale of the weights.
 *
 * @param rowLength of the matrix whose first M rows and columns are the Laplacian
 * @returns c
 */
export function addGauge(laplacian: Float64Array, m: number, rowLength = m): number {
  let trace = 0
  for (let i = 0; i < m; i += 1) trace += laplacian[i * rowLength + i]!
  const scale = trace / m
  const share = scale / m
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j <= i; j += 1) laplacian[i * rowLength + j]! += share
  }
  return scale
}

/** The log-likelihood's gradient, and the lower triangle of minus its second derivatives. */
export function gradientAndHessian(
  scores: PairScores,
  theta: Float64Array,
  ridge: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const { models: m, size, first, second, scoreFirst, scoreSecond } = scores
  hessian.fill(0)
  for (let i = 0; i < m; i += 1) {
    gradient[i] = -ridge * theta[i]!
    hessian[i * m + i] = ridge
  }
  for (let pair = 0; pair < size; pair += 1) {
    const i = first[pair]!
    const j = second[pair]!
    const d = theta[i]! - theta[j]!
    // Both shares from the smaller exponential: 1 − p would lose all digits where p is nearly 1.
    const odds = Math.exp(-Math.abs(d))
    const larger = 1 / (1 + odds)
    const smaller = odds * larger
    const p = d >= 0 ? larger : smaller
    const q = d >= 0 ? smaller : larger
    const slope = scoreFirst[pair]! * q - scoreSecond[pair]! * p
    gradient[i]! += slope
    gradient[j]! -= slope
    const curvature = (scoreFirst[pair]! + scoreSecond[pair]!) * p * q
    hessian[i * m + i]! += curvature
    hessian[j * m + j]! += curvature
    hessian[j * m + i]! -= curvature
  }
}

/** The log-likelihood's gradient alone. */
export function gradientOf(
  { models, size, first, second, scoreFirst, scoreSecond }: PairScores,
  theta: Float64Array,
  ridge: number,
  gradient: Float64Array,
): void {
  for (let i = 0; i < models; i += 1) gradient[i] = -ridge * theta[i]!
  for (let pair = 0; pair < size; pair += 1) {
    const i = first[pair]!
    const j = second[pair]!
    const d = theta[i]! - theta[j]!
    const odds = Math.exp(-Math.abs(d))
    const larger = 1 / (1 + odds)
    const smaller = odds * larger
    const slope =
      d >= 0
        ? scoreFirst[pair]! * smaller - scoreSecond[pair]! * larger
        : scoreFirst[pair]! * larger - scoreSecond[pair]! * smaller
    gradient[i]! += slope
    gradient[j]! -= slope
  }
}

/** Halves the step until the (strictly convex) objective does not grow: Newton then converges. */
function shortenUntilBetter(
  scores: PairScores,
  theta: Float64Array,
  ridge: number,
  step: Float64Array,
): void {
  const objective = (at: Float64Array): number =>
    negativeLogLikelihood(scores, at) + (ridge / 2) * at.reduce((sum, x) => sum + x * x, 0)
  const before = objective(theta)
  for (let halvings = 0; halvings < 40; halvings += 1) {
    if (objective(theta.map((x, i) => x + step[i]!)) <= before) return
    for (let i = 0; i < step.length; i += 1) step[i]! /= 2
  }
}

function largest(vector: Float64Array): number {
  let size = 0
  for (let i = 0; i < vector.length; i += 1) {
    const value = Math.abs(vector[i]!)
    // Not Math.max with a comparison that NaN would pass unseen.
    if (!(value <= size)) size = value
  }
  return size
}
