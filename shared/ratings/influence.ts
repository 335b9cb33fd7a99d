import { addGauge, gradientAndHessian, STEP_TOLERANCE } from './bradley-terry.ts'
import { choleskyInPlace, invertSpd, multiplyVector, solveCholesky } from './linear-algebra.ts'
import { addStep } from './newton-step.ts'
import type { Ties } from './outcomes.ts'
import type { OutcomeSums } from './pair-counts.ts'
import type { PairScores } from './pair-scores.ts'

/** Unweighted counts of one dimension of a board. */
export type InfluencePart = {
  readonly models: number
  readonly first: Int32Array
  readonly second: Int32Array
  readonly votes: OutcomeSums
  /** w_d of the composite; 1 for a board of one dimension. */
  readonly weight: number
}

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

/** Scores of a pair's first model, the columns of a class of votes. */
const SCORES = [1, 0.5, 0] as const
const CLASSES = SCORES.length

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
 * @returns null with fewer than two models, or if no removal does it
 */
export function votesToFlipLeader(parts: readonly InfluencePart[], ties: Ties): LeaderFlip | null {
  const board = new Removals(parts, ties)
  if (board.models < 2) return null
  const start = solve(board, undefined)
  const leader = start.theta.reduce((best, each, i) => (each > start.theta[best]! ? i : best), 0)
  const estimates = nearest(start, leader).map((challenger) => {
    const distance = start.theta[leader]! - start.theta[challenger]!
    return { challenger, votes: board.greedy(start, leader, challenger, distance).votes }
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

function flipBy(
  board: Removals,
  start: Solution,
  leader: number,
  challenger: number,
): LeaderFlip | null {
  board.reset()
  const removals: number[] = []
  let solution = start
  const gap = () => solution.theta[leader]! - solution.theta[challenger]!
  for (let round = 0; gap() >= -AHEAD; round += 1) {
    if (round === MOST_ROUNDS) return null
    const { classes } = board.greedy(solution, leader, challenger, Math.max(gap(), 0) + AHEAD)
    if (classes.length === 0) return null
    for (const each of classes) board.remove(each)
    for (const each of classes) removals.push(each)
    solution = solve(board, solution)
  }
  // The first order may have gone too far: the shortest prefix of the list that does it.
  let [low, high] = [0, removals.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    board.reset()
    for (let k = 0; k < middle; k += 1) board.remove(removals[k]!)
    const theta = strengths(board, solution)
    if (theta[leader]! - theta[challenger]! < -AHEAD) high = middle
    else low = middle
  }
  board.reset()
  const counts = new Map<number, number>()
  for (const each of removals.slice(0, high)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return {
    leader,
    challenger,
    votes: high,
    share: high / board.verdicts,
    removed: [...counts].map(([each, votes]) => ({ ...board.describe(each), votes })),
  }
}

/** The counts of a board by class of votes (part, pair, score), from which votes can be removed. */
class Removals {
  readonly models: number
  readonly verdicts: number
  readonly #parts: readonly InfluencePart[]
  /** Where each part's classes begin. */
  readonly #starts: readonly number[]
  readonly #original: Float64Array
  readonly #counts: Float64Array
  readonly #partVerdicts: Float64Array
  /** All parts as one table, and the place of each part's pairs in it. */
  readonly #scores: PairScores
  readonly #places: readonly Int32Array[]

  constructor(parts: readonly InfluencePart[], ties: Ties) {
    this.#parts = parts
    this.models = Math.max(0, ...parts.map((part) => part.models))
    const starts: number[] = []
    let classes = 0
    for (const { first } of parts) {
      starts.push(classes)
      classes += CLASSES * first.length
    }
    this.#starts = starts
    this.#original = new Float64Array(classes)
    for (const [part, { first, votes }] of parts.entries()) {
      for (let pair = 0; pair < first.length; pair += 1) {
        const at = starts[part]! + CLASSES * pair
        this.#original[at] = votes.winsFirst[pair]!
        this.#original[at + 1] =
          (ties === 'drop' ? 0 : votes.ties[pair]!) + (ties === 'half' ? votes.bothBad[pair]! : 0)
        this.#original[at + 2] = votes.winsSecond[pair]!
      }
    }
    const { scores, places } = mergedPairs(parts, this.models)
    this.#scores = scores
    this.#places = places
    this.#counts = this.#original.slice()
    this.#partVerdicts = new Float64Array(parts.length)
    this.reset()
    this.verdicts = this.#partVerdicts.reduce((sum, each) => sum + each, 0)
  }

  reset(): void {
    this.#counts.set(this.#original)
    for (const [part, { first }] of this.#parts.entries()) {
      const from = this.#starts[part]!
      let sum = 0
      for (let at = from; at < from + CLASSES * first.length; at += 1) sum += this.#counts[at]!
      this.#partVerdicts[part] = sum
    }
  }

  remove(each: number): void {
    this.#counts[each]! -= 1
    this.#partVerdicts[this.#partOf(each)]! -= 1
  }

  describe(each: number): {
    part: number
    first: number
    second: number
    score: 0 | 0.5 | 1
  } {
    const part = this.#partOf(each)
    const offset = each - this.#starts[part]!
    const pair = Math.floor(offset / CLASSES)
    const { first, second } = this.#parts[part]!
    return { part, first: first[pair]!, second: second[pair]!, score: SCORES[offset % CLASSES]! }
  }

  /** w_d/N_d, scaled so that a verdict weighs 1 on a board of one dimension. */
  #scale(part: number): number {
    const verdicts = this.#partVerdicts[part]!
    if (verdicts === 0) return 0
    const all = this.#partVerdicts.reduce((sum, each) => sum + each, 0)
    return (this.#parts[part]!.weight * all) / verdicts
  }

  /** What is left, as one table: the same object every time, written anew. */
  scores(): PairScores {
    const { scoreFirst, scoreSecond } = this.#scores
    scoreFirst.fill(0)
    scoreSecond.fill(0)
    for (const [part, { first }] of this.#parts.entries()) {
      const places = this.#places[part]!
      const scale = this.#scale(part)
      for (let pair = 0; pair < first.length; pair += 1) {
        const at = this.#starts[part]! + CLASSES * pair
        const half = this.#counts[at + 1]! / 2
        scoreFirst[places[pair]!]! += scale * (this.#counts[at]! + half)
        scoreSecond[places[pair]!]! += scale * (this.#counts[at + 2]! + half)
      }
    }
    return this.#scores
  }

  /**
   * Votes to remove, those first that narrow the distance between two models most, until the first
   * order says that it is gone.
   *
   * @returns their classes, one entry a vote, and their number, Infinity if not all of them suffice
   */
  greedy(
    { theta, inverse }: Solution,
    leader: number,
    challenger: number,
    distance: number,
  ): { classes: number[]; votes: number } {
    const narrows = this.#narrowing(theta, inverse, leader, challenger)
    let strongest = 0
    for (const each of narrows) if (each > strongest) strongest = each
    // Only the strongest are put in order: a handful of classes is enough as a rule.
    for (let least = strongest / 2; ; least /= 4) {
      const everything = least < strongest * 1e-9
      const candidates: number[] = []
      for (let each = 0; each < narrows.length; each += 1) {
        if (narrows[each]! > (everything ? 0 : least) && this.#counts[each]! > 0) {
          candidates.push(each)
        }
      }
      candidates.sort((a, b) => narrows[b]! - narrows[a]! || a - b)
      const classes: number[] = []
      let left = distance
      for (const each of candidates) {
        const wanted = Math.min(this.#counts[each]!, Math.ceil(left / narrows[each]!))
        for (let k = 0; k < wanted; k += 1) classes.push(each)
        left -= wanted * narrows[each]!
        if (left <= 0) return { classes, votes: classes.length }
      }
      if (everything) return { classes, votes: Number.POSITIVE_INFINITY }
    }
  }

  /** By how much the removal of one vote of each class narrows a distance, to first order. */
  #narrowing(
    theta: Float64Array,
    inverse: Float64Array,
    leader: number,
    challenger: number,
  ): Float64Array {
    const n = this.models
    const direction = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      direction[i] = inverse[leader * n + i]! - inverse[challenger * n + i]!
    }
    const narrows = new Float64Array(this.#counts.length)
    for (const [part, { first, second }] of this.#parts.entries()) {
      const scale = this.#scale(part)
      const from = this.#starts[part]!
      let mean = 0
      for (let pair = 0; pair < first.length; pair += 1) {
        const i = first[pair]!
        const j = second[pair]!
        const p = 1 / (1 + Math.exp(theta[j]! - theta[i]!))
        const spread = inverse[i * n + i]! + inverse[j * n + j]! - 2 * inverse[i * n + j]!
        // Never down to nothing: a pair's only vote has leverage 1, and no finite effect.
        const rest = Math.max(1e-3, 1 - scale * p * (1 - p) * spread)
        for (let k = 0; k < CLASSES; k += 1) {
          const at = from + CLASSES * pair + k
          const effect = scale * (direction[i]! - direction[j]!) * (SCORES[k]! - p)
          mean += (this.#counts[at]! * effect) / this.#partVerdicts[part]!
          narrows[at] = effect / rest
        }
      }
      // Beside its own score a verdict takes its share of w_d/N_d away: the others weigh more.
      if (this.#parts.length === 1) continue
      for (let at = from; at < from + CLASSES * first.length; at += 1) narrows[at]! -= mean
    }
    return narrows
  }

  #partOf(each: number): number {
    let part = 0
    while (part + 1 < this.#starts.length && this.#starts[part + 1]! <= each) part += 1
    return part
  }
}

/** One table for the pairs of all parts. */
function mergedPairs(
  parts: readonly InfluencePart[],
  models: number,
): { scores: PairScores; places: Int32Array[] } {
  const cell = new Int32Array(models * models)
  for (const { first, second } of parts) {
    for (let pair = 0; pair < first.length; pair += 1)
      cell[first[pair]! * models + second[pair]!] = 1
  }
  const firsts: number[] = []
  const seconds: number[] = []
  for (let at = 0; at < cell.length; at += 1) {
    if (cell[at] === 0) continue
    cell[at] = firsts.length
    firsts.push(Math.floor(at / models))
    seconds.push(at % models)
  }
  const size = firsts.length
  // Strengths do not depend on the sums of squares, which only intervals read.
  const squares = new Float64Array(size)
  return {
    scores: {
      models,
      size,
      first: Int32Array.from(firsts),
      second: Int32Array.from(seconds),
      scoreFirst: new Float64Array(size),
      scoreSecond: new Float64Array(size),
      squaresFirst: squares,
      squaresSecond: squares,
      squaresHalf: squares,
    },
    places: parts.map(({ first, second }) =>
      first.map((i, pair) => cell[i * models + second[pair]!]!),
    ),
  }
}

function solve(board: Removals, from: Solution | undefined): Solution {
  const n = board.models
  const theta = strengths(board, from)
  const information = new Float64Array(n * n)
  gradientAndHessian(board.scores(), theta, FAINT, new Float64Array(n), information)
  addGauge(information, n)
  return { theta, inverse: invertSpd(information, n) ?? new Float64Array(n * n) }
}

/** Exact strengths. Near a solution its inverse will do for all steps; far from it Newton's own. */
function strengths(board: Removals, from: Solution | undefined): Float64Array {
  const n = board.models
  const scores = board.scores()
  const theta = from?.theta.slice() ?? new Float64Array(n)
  const information = new Float64Array(n * n)
  const gradient = new Float64Array(n)
  let inverse = from?.inverse
  let before = Number.POSITIVE_INFINITY
  for (let round = 0; round < MOST_STEPS; round += 1) {
    gradientAndHessian(scores, theta, FAINT, gradient, information)
    let step: Float64Array = gradient
    if (inverse === undefined) {
      addGauge(information, n)
      if (!choleskyInPlace(information, n)) break
      solveCholesky(information, n, gradient)
    } else step = multiplyVector(inverse, gradient, n)
    const length = addStep(theta, step)
    if (length < STEP_TOLERANCE) break
    if (length > before / 4) inverse = undefined
    before = length
  }
  return theta
}
