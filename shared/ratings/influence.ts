import { addGauge, gradientAndHessian, gradientOf, STEP_TOLERANCE } from './bradley-terry.ts'
import { choleskyInPlace, invertSpd, multiplyVector, solveCholesky } from './linear-algebra.ts'
import { addStep } from './newton-step.ts'
import type { Ties } from './outcomes.ts'
import { Removals, type InfluencePart } from './removals.ts'

export type { InfluencePart } from './removals.ts'

/** Which votes, of all, would have to be missing for somebody else to lead. */
export type LeaderFlip = {
  /** Index of the model that leads. */
  readonly leader: number
  /** Index of the model that would lead instead, with the fewest votes removed. */
  readonly challenger: number
  /** How many verdicts that takes. */
  readonly votes: number
  /** Of all verdicts. */
  readonly share: number
  /** What was removed: a pair's verdicts by the score of its first model. */
  readonly removed: readonly {
    readonly part: number
    readonly first: number
    readonly second: number
    readonly score: 0 | 0.5 | 1
    readonly votes: number
  }[]
}

const MOST_STEPS = 100
/** The ridge that gives models without a finite maximum a place: far below one vote's information. */
const FAINT = 1e-9
/** A challenger counts as ahead from here on, in logits. */
const AHEAD = 1e-9
const MOST_ROUNDS = 60
/** So many challengers, the nearest in standard errors, get a first-order number. */
const MOST_CHALLENGERS = 16
/** Of them the ones with the least are solved exactly, while they are within the factor of the best. */
const MOST_SOLVED = 6
const PLAUSIBLE = 1.2

/**
 * The fewest votes, found greedily, without which another model would lead: the influence
 * `H⁺x(y−p)` of each vote on the leader's distance says which to remove first (Broderick, Giordano
 * & Meager 2020, "An automatic finite-sample robustness metric"; for arenas Huang, Shen, Wei &
 * Broderick 2025, "Dropping just a handful of preferences can change top large language model
 * rankings"). What the first order says is then solved exactly: without the returned number the
 * challenger is strictly ahead, without one fewer of the same list it is not. It is an upper bound:
 * a cleverer choice could need fewer.
 *
 * In a composite a vote is one verdict in one dimension; removing it also changes what the other
 * verdicts of its dimension weigh (w_d/N_d), which is taken into account.
 *
 * @param parts one a dimension, over the same models, all of them rated
 * @param near log-strengths to begin from, which only saves time
 * @returns null with fewer than two models, or if no removal does it
 */
export function votesToFlipLeader(
  parts: readonly InfluencePart[],
  ties: Ties,
  near?: Float64Array,
): LeaderFlip | null {
  const board = new Removals(parts, ties)
  if (board.models < 2) return null
  const start = solve(board, near === undefined ? undefined : { theta: near })
  const leader = start.theta.reduce((best, each, i) => (each > start.theta[best]! ? i : best), 0)
  const response = board.respond(start.theta, start.inverse)
  const estimates = nearest(start, leader).map((challenger) => {
    const distance = start.theta[leader]! - start.theta[challenger]!
    return { challenger, votes: board.greedy(response, leader, challenger, distance).votes }
  })
  estimates.sort((a, b) => a.votes - b.votes || a.challenger - b.challenger)
  let best: LeaderFlip | null = null
  for (const { challenger, votes } of estimates.slice(0, MOST_SOLVED)) {
    if (best !== null && votes > PLAUSIBLE * best.votes) break
    const flip = flipBy(board, start, leader, challenger)
    if (flip !== null && (best === null || flip.votes < best.votes)) best = flip
  }
  return best
}

/** The models nearest to the leader, by their distance in standard errors. */
function nearest({ theta, inverse }: Solution, leader: number): number[] {
  const n = theta.length
  const distances = Array.from(theta, (strength, i) => {
    const spread =
      inverse[i * n + i]! + inverse[leader * n + leader]! - 2 * inverse[i * n + leader]!
    return { i, distance: (theta[leader]! - strength) / Math.sqrt(spread) }
  }).filter(({ i }) => i !== leader)
  distances.sort((a, b) => a.distance - b.distance || a.i - b.i)
  return distances.slice(0, MOST_CHALLENGERS).map(({ i }) => i)
}

type Solution = { readonly theta: Float64Array; readonly inverse: Float64Array }
type Start = Pick<Solution, 'theta'> & Partial<Solution>

function flipBy(
  board: Removals,
  start: Solution,
  leader: number,
  challenger: number,
): LeaderFlip | null {
  board.reset()
  const removals: number[] = []
  let solution = start
  const gapOf = (theta: Float64Array) => theta[leader]! - theta[challenger]!
  for (let round = 0; gapOf(solution.theta) >= -AHEAD; round += 1) {
    if (round === MOST_ROUNDS) return null
    const response = board.respond(solution.theta, solution.inverse)
    const distance = Math.max(gapOf(solution.theta), 0) + AHEAD
    const { classes } = board.greedy(response, leader, challenger, distance)
    if (classes.length === 0) return null
    for (const each of classes) board.remove(each)
    for (const each of classes) removals.push(each)
    solution = solve(board, solution)
  }
  // The first order may have gone too far: the shortest prefix of the list that does it.
  let removed = removals.length
  const gapAfter = (votes: number) => {
    for (; removed > votes; removed -= 1) board.restore(removals[removed - 1]!)
    for (; removed < votes; removed += 1) board.remove(removals[removed]!)
    // On which side of the line the distance lies is clear long before its last digit is.
    const clear = (theta: Float64Array, step: number) => Math.abs(gapOf(theta) + AHEAD) > 4 * step
    return gapOf(strengths(board, solution, clear))
  }
  const votes = firstBelow(
    gapAfter,
    -AHEAD,
    { at: 0, value: gapOf(start.theta) },
    { at: removals.length, value: gapOf(solution.theta) },
  )
  board.reset()
  const counts = new Map<number, number>()
  for (const each of removals.slice(0, votes)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return {
    leader,
    challenger,
    votes,
    share: votes / board.verdicts,
    removed: [...counts].map(([each, count]) => ({ ...board.describe(each), votes: count })),
  }
}

type Point = { readonly at: number; readonly value: number }

/**
 * The first whole number at which a falling function is below a line. It falls nearly evenly here,
 * so that a straight line between the ends tells where to look; where that does not help, halving does.
 *
 * @param low where it is not below
 * @param high where it is
 */
function firstBelow(of: (at: number) => number, line: number, low: Point, high: Point): number {
  let straight = true
  while (high.at - low.at > 1) {
    const share = (low.value - line) / (low.value - high.value)
    const guess = straight ? Math.ceil(low.at + share * (high.at - low.at)) : 0
    const middle = (low.at + high.at) >> 1
    const at = straight ? Math.min(Math.max(guess, low.at + 1), high.at - 1) : middle
    const point = { at, value: of(at) }
    const width = high.at - low.at
    if (point.value < line) high = point
    else low = point
    straight = !straight || 2 * (high.at - low.at) <= width
  }
  return high.at
}

function solve(board: Removals, from: Start | undefined): Solution {
  const n = board.models
  const theta = strengths(board, from)
  const information = new Float64Array(n * n)
  gradientAndHessian(board.scores(), theta, FAINT, new Float64Array(n), information)
  addGauge(information, n)
  return { theta, inverse: invertSpd(information, n) ?? new Float64Array(n * n) }
}

/**
 * Exact strengths. Near a solution its inverse will do for all steps; far from it Newton's own.
 *
 * @param clear told the strengths and the length of the last step, once steps have begun to shrink:
 *   whether that is all the caller needs
 */
function strengths(
  board: Removals,
  from: Start | undefined,
  clear: (theta: Float64Array, step: number) => boolean = () => false,
): Float64Array {
  const n = board.models
  const scores = board.scores()
  const theta = from?.theta.slice() ?? new Float64Array(n)
  const information = new Float64Array(n * n)
  const gradient = new Float64Array(n)
  let inverse = from?.inverse
  let before = Number.POSITIVE_INFINITY
  for (let round = 0; round < MOST_STEPS; round += 1) {
    let step: Float64Array = gradient
    if (inverse === undefined) {
      gradientAndHessian(scores, theta, FAINT, gradient, information)
      addGauge(information, n)
      if (!choleskyInPlace(information, n)) break
      solveCholesky(information, n, gradient)
    } else {
      gradientOf(scores, theta, FAINT, gradient)
      step = multiplyVector(inverse, gradient, n)
    }
    const length = addStep(theta, step)
    if (length < STEP_TOLERANCE) break
    if (length > before / 4) inverse = undefined
    else if (round > 0 && clear(theta, length)) break
    before = length
  }
  return theta
}
