import { multiply } from './linear-algebra.ts'
import { fitTowards, precisionOf } from './map-slices.ts'
import type { PairScores } from './pair-scores.ts'

/**
 * How far a model's strength may lie from the mean before anybody has voted on it (prior sd, Elo
 * points). Wide, so that it says next to nothing where there are votes: its part in a draw is that
 * models without votes, or not connected with the others, have a finite and large variance.
 */
export const SAMPLING_SD_ELO = 350

/** At least this share of all draws is uniform. */
export const LEAST_UNIFORM = 0.2

/**
 * For every pair the exact drop of the board's summed variance, trace(V), by one more vote on it:
 * `p(1−p)‖Vx‖² / (1 + p(1−p)xᵀVx)` (Sherman & Morrison; the idea of Chiang et al. 2024, "Chatbot
 * Arena", eq. 9).
 *
 * @param theta log-strengths
 * @param covariance V: H⁺, or (H + λI)⁻¹ where there is a prior; row-major, logits²
 * @returns symmetric, row-major, logits², 0 on the diagonal
 */
export function informationGains(theta: Float64Array, covariance: Float64Array): Float64Array {
  const n = theta.length
  // ‖Vx‖² for x = e_i − e_j is a difference of entries of V².
  const square = multiply(covariance, covariance, n)
  const gains = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const p = 1 / (1 + Math.exp(theta[j]! - theta[i]!))
      const weight = p * (1 - p)
      const length = square[i * n + i]! + square[j * n + j]! - 2 * square[i * n + j]!
      const spread = covariance[i * n + i]! + covariance[j * n + j]! - 2 * covariance[i * n + j]!
      const gain = Math.max(0, (weight * length) / (1 + weight * spread))
      gains[i * n + j] = gain
      gains[j * n + i] = gain
    }
  }
  return gains
}

/**
 * What one more battle of each pair is expected to tell, summed over the dimensions: the gains of
 * {@link informationGains} after a fit with a prior of {@link SAMPLING_SD_ELO} around the mean. An
 * arena without votes gets equal gains; a new model gets large ones.
 *
 * @param dimensions scores of each dimension, over the same models
 * @returns symmetric, row-major, logits²
 */
export function expectedInformation(dimensions: readonly PairScores[]): Float64Array {
  const models = dimensions[0]?.models ?? 0
  const total = new Float64Array(models * models)
  for (const scores of dimensions) {
    const { theta, covariance } = fitTowards(
      scores,
      new Float64Array(models),
      precisionOf(SAMPLING_SD_ELO),
    )
    const gains = informationGains(theta, covariance)
    for (let at = 0; at < total.length; at += 1) total[at]! += gains[at]!
  }
  return total
}

/**
 * What a new model's draws are multiplied with: `boost` at its first battle, falling linearly to 1
 * when it has had `until` of them.
 */
export function newModelBoost(
  battles: number,
  { boost, until }: { readonly boost: number; readonly until: number },
): number {
  if (until <= 0 || battles >= until) return 1
  return 1 + (Math.max(1, boost) - 1) * (1 - Math.max(0, battles) / until)
}

export type PairProbabilities = {
  /** Index of a model, by pair. */
  readonly first: Int32Array
  readonly second: Int32Array
  /** Sums to 1. */
  readonly probability: Float64Array
}

/**
 * The probability with which each unordered pair is drawn:
 * `floor · u + (1 − floor) · g`, with u ∝ w_i·w_j and g ∝ gain·w_i·b_i·w_j·b_j.
 *
 * @param gains symmetric, row-major ({@link expectedInformation}); scale does not matter
 * @param weights ≥ 0 for each model; pairs with a weight of 0 are never drawn
 * @param boosts ≥ 1 for each model, in the informed part only; absent: 1
 * @param floor share of uniform draws, raised to {@link LEAST_UNIFORM}; 1: uniform only
 * @returns every pair of two models with weights above 0; none if there are fewer than two
 */
export function pairProbabilities({
  gains,
  weights,
  boosts,
  floor = LEAST_UNIFORM,
}: {
  readonly gains: Float64Array
  readonly weights: ArrayLike<number>
  readonly boosts?: ArrayLike<number>
  readonly floor?: number
}): PairProbabilities {
  const n = weights.length
  const eligible: number[] = []
  for (let i = 0; i < n; i += 1) if (weights[i]! > 0) eligible.push(i)
  const pairs = (eligible.length * (eligible.length - 1)) / 2
  const first = new Int32Array(pairs)
  const second = new Int32Array(pairs)
  const uniform = new Float64Array(pairs)
  const informed = new Float64Array(pairs)
  // Whatever the scale of gains, sums stay far from the ends of what a double can hold. Only the
  // gains of those who are drawn count: beside somebody else's they might all but vanish.
  let greatest = 0
  for (const i of eligible) {
    for (const j of eligible) if (i < j) greatest = Math.max(greatest, gains[i * n + j]!)
  }
  let [uniformSum, informedSum, at] = [0, 0, 0]
  for (const [position, i] of eligible.entries()) {
    for (const j of eligible.slice(position + 1)) {
      const weight = weights[i]! * weights[j]!
      const gain = greatest > 0 ? Math.max(0, gains[i * n + j]! / greatest) : 0
      first[at] = i
      second[at] = j
      uniform[at] = weight
      informed[at] = gain * weight * (boosts?.[i] ?? 1) * (boosts?.[j] ?? 1)
      uniformSum += uniform[at]!
      informedSum += informed[at]!
      at += 1
    }
  }
  const share =
    informedSum > 0 && informedSum < Number.POSITIVE_INFINITY
      ? Math.min(1, Math.max(LEAST_UNIFORM, floor))
      : 1
  const probability = uniform.map((weight, pair) => {
    const flat = (share * weight) / uniformSum
    return share === 1 ? flat : flat + ((1 - share) * informed[pair]!) / informedSum
  })
  return { first, second, probability }
}

/**
 * Draws a pair.
 *
 * @param u uniform in [0, 1)
 * @returns undefined if there is none to draw
 */
export function drawPair(
  { first, second, probability }: PairProbabilities,
  u: number,
): { readonly first: number; readonly second: number; readonly probability: number } | undefined {
  let sum = 0
  for (let pair = 0; pair < probability.length; pair += 1) {
    sum += probability[pair]!
    // The last pair takes what rounding leaves of 1.
    if (u < sum || pair === probability.length - 1) {
      return { first: first[pair]!, second: second[pair]!, probability: probability[pair]! }
    }
  }
  return undefined
}
