import {
  addGauge,
  centre,
  fitBradleyTerry,
  hessianOf,
  LONGEST_STEP,
  STEP_TOLERANCE,
} from './bradley-terry.ts'
import { choleskyInPlace, invertSpd, solveCholesky } from './linear-algebra.ts'
import type { Ties } from './outcomes.ts'
import type { PairOutcomes } from './pair-counts.ts'
import { laplacianPseudoinverse } from './intervals.ts'
import { scorePairs } from './pair-scores.ts'

const MAX_ITERATIONS = 400

/** A fit of Davidson's model, or why there is none. */
export type DavidsonFit =
  | {
      readonly kind: 'fitted'
      /** Log-strengths with mean 0. */
      readonly theta: Float64Array
      /** How readily people call a tie; 0 if nobody ever did. */
      readonly nu: number
      /** Of θ, in logits², from the inverse information of (θ, ln ν). */
      readonly covariance: Float64Array
      /** Null if ν = 0, where ln ν has no estimate. */
      readonly seLogNu: number | null
      readonly iterations: number
    }
  | { readonly kind: 'no-finite-maximum' }
  | { readonly kind: 'not-converged' }

/**
 * Davidson's model of paired comparisons with ties (Davidson 1970):
 * P(i) : P(j) : P(tie) = e^(d/2) : e^(−d/2) : ν with d = θ_i − θ_j, by Newton's method on (θ, ln ν),
 * in which the log-likelihood is concave. Without a single tie ν = 0 and θ is the Bradley–Terry fit.
 *
 * @param outcomes of models that are one strongly connected component
 * @param ties under `half` "both bad" is a tie; under `no-both-bad` it is left out; `drop` leaves
 *   Bradley–Terry on what was decided
 */
export function fitDavidson(outcomes: PairOutcomes, ties: Ties): DavidsonFit {
  const { size, models: m, first, second } = outcomes
  const winsFirst = outcomes.weights.winsFirst
  const winsSecond = outcomes.weights.winsSecond
  const tied = new Float64Array(size)
  let anyTie = false
  for (let pair = 0; pair < size; pair += 1) {
    if (ties !== 'drop') tied[pair]! += outcomes.weights.ties[pair]!
    if (ties === 'half') tied[pair]! += outcomes.weights.bothBad[pair]!
    anyTie ||= tied[pair]! > 0
  }
  if (!anyTie) return withoutTies(outcomes)
  if (!hasFiniteMaximum(m, first, second, winsFirst, winsSecond, tied)) {
    return { kind: 'no-finite-maximum' }
  }

  const n = m + 1
  const theta = new Float64Array(m)
  let logNu = 0
  const step = new Float64Array(n)
  const information = new Float64Array(n * n)
  const derivatives = (): void => {
    information.fill(0)
    step.fill(0)
    const nu = Math.exp(logNu)
    for (let pair = 0; pair < size; pair += 1) {
      const i = first[pair]!
      const j = second[pair]!
      const votes = winsFirst[pair]! + winsSecond[pair]! + tied[pair]!
      if (votes === 0) continue
      const root = Math.exp((theta[i]! - theta[j]!) / 2)
      const total = root + 1 / root + nu
      const pFirst = root / total
      const pSecond = 1 / root / total
      const pTie = nu / total
      const slope = (winsFirst[pair]! - winsSecond[pair]! - votes * (pFirst - pSecond)) / 2
      step[i]! += slope
      step[j]! -= slope
      step[m]! += tied[pair]! - votes * pTie
      // Variances of the sufficient statistics: (±½ or 0 for a tie, 1 for a tie).
      const curvature = (votes * (pFirst + pSecond - (pFirst - pSecond) ** 2)) / 4
      information[i * n + i]! += curvature
      information[j * n + j]! += curvature
      information[j * n + i]! -= curvature
      const cross = (votes * pTie * (pFirst - pSecond)) / 2
      information[m * n + i]! -= cross
      information[m * n + j]! += cross
      information[m * n + m]! += votes * pTie * (1 - pTie)
    }
  }

  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration += 1) {
    derivatives()
    addGauge(information, m, n)
    if (!choleskyInPlace(information, n)) return { kind: 'not-converged' }
    solveCholesky(information, n, step)
    const move = step.subarray(0, m)
    centre(move)
    const length = step.reduce((longest, x) => Math.max(longest, Math.abs(x)), 0)
    if (!Number.isFinite(length)) return { kind: 'not-converged' }
    const scale = length > LONGEST_STEP ? LONGEST_STEP / length : 1
    for (let i = 0; i < m; i += 1) theta[i]! += scale * move[i]!
    logNu += scale * step[m]!
    if (length >= STEP_TOLERANCE) continue
    centre(theta)
    derivatives()
    const gauge = addGauge(information, m, n)
    const inverse = invertSpd(information, n)
    if (inverse === undefined) return { kind: 'not-converged' }
    const covariance = new Float64Array(m * m)
    for (let i = 0; i < m; i += 1) {
      for (let j = 0; j < m; j += 1) {
        covariance[i * m + j] = inverse[i * n + j]! - 1 / (gauge * m)
      }
    }
    return {
      kind: 'fitted',
      theta,
      nu: Math.exp(logNu),
      covariance,
      seLogNu: Math.sqrt(inverse[m * n + m]!),
      iterations: iteration,
    }
  }
  return { kind: 'not-converged' }
}

/** The mean negative log-likelihood of a vote under Davidson's model, in nats. */
export function davidsonMeanNll(
  outcomes: PairOutcomes,
  ties: Ties,
  theta: Float64Array,
  nu: number,
): number {
  let sum = 0
  let votes = 0
  const { weights } = outcomes
  for (let pair = 0; pair < outcomes.size; pair += 1) {
    const half = (theta[outcomes.first[pair]!]! - theta[outcomes.second[pair]!]!) / 2
    const logTotal = Math.log(Math.exp(half) + Math.exp(-half) + nu)
    const tied =
      (ties === 'drop' ? 0 : weights.ties[pair]!) + (ties === 'half' ? weights.bothBad[pair]! : 0)
    const winsFirst = weights.winsFirst[pair]!
    const winsSecond = weights.winsSecond[pair]!
    sum += winsFirst * (logTotal - half) + winsSecond * (logTotal + half)
    if (tied > 0) sum += tied * (logTotal - Math.log(nu))
    votes += winsFirst + winsSecond + tied
  }
  return sum / votes
}

function withoutTies(outcomes: PairOutcomes): DavidsonFit {
  const scores = scorePairs(outcomes, 'drop')
  const fit = fitBradleyTerry(scores)
  if (!fit.converged) return { kind: 'not-converged' }
  const covariance = laplacianPseudoinverse(hessianOf(scores, fit.theta), scores.models)
  if (covariance === undefined) return { kind: 'not-converged' }
  return {
    kind: 'fitted',
    theta: fit.theta,
    nu: 0,
    covariance,
    seLogNu: null,
    iterations: fit.iterations,
  }
}

/**
 * Whether ties leave ν a finite estimate. It runs off to infinity, and the strengths with it, if
 * strengths exist with which every winner is ahead by at least 2 and every tied pair apart by at
 * most 2: a system of difference constraints, which has a solution unless some cycle of results
 * holds more wins than ties (Bellman 1958).
 */
function hasFiniteMaximum(
  models: number,
  first: Int32Array,
  second: Int32Array,
  winsFirst: Float64Array,
  winsSecond: Float64Array,
  tied: Float64Array,
): boolean {
  const distance = new Float64Array(models)
  for (let round = 0; round <= models; round += 1) {
    let changed = false
    const relax = (from: number, to: number, length: number): void => {
      if (distance[from]! + length >= distance[to]!) return
      distance[to] = distance[from]! + length
      changed = true
    }
    for (let pair = 0; pair < first.length; pair += 1) {
      const i = first[pair]!
      const j = second[pair]!
      if (winsFirst[pair]! > 0) relax(i, j, -1)
      if (winsSecond[pair]! > 0) relax(j, i, -1)
      if (tied[pair]! > 0) {
        relax(i, j, 1)
        relax(j, i, 1)
      }
    }
    if (!changed) return false
    // No path visits a model twice, so that none is shorter than this without a negative cycle.
    if (distance.some((length) => length <= -models)) return true
  }
  return true
}
