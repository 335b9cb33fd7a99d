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

/** Scores of a pair's first model, the columns of a class of votes. */
const SCORES = [1, 0.5, 0] as const
const CLASSES = SCORES.length

/** What the effects of votes have in common near a solution, whoever the challenger is. */
type Response = {
  readonly inverse: Float64Array
  /** Predicted share of wins of the first, by part and pair. */
  readonly expected: Float64Array
  /** By how much a vote moves more than its score says, since without it there is less to hold. */
  readonly leverage: Float64Array
  /** Scores of the first less what was expected of all its votes. */
  readonly residual: Float64Array
}

/** The counts of a board by class of votes (part, pair, score), from which votes can be removed. */
export class Removals {
  readonly models: number
  readonly verdicts: number
  readonly #parts: readonly InfluencePart[]
  /** Where each part's classes begin. */
  readonly #starts: readonly number[]
  readonly #original: Float64Array
  readonly #counts: Float64Array
  readonly #partVerdicts: Float64Array
  /** Room for what {@link greedy} works out. */
  readonly #narrows: Float64Array
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
    this.#narrows = new Float64Array(classes)
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

  /** Takes back a {@link remove}. */
  restore(each: number): void {
    this.#counts[each]! += 1
    this.#partVerdicts[this.#partOf(each)]! += 1
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

  /** Predictions and leverages under log-strengths and the inverse of their information. */
  respond(theta: Float64Array, inverse: Float64Array): Response {
    const n = this.models
    const pairs = this.#counts.length / CLASSES
    const expected = new Float64Array(pairs)
    const leverage = new Float64Array(pairs)
    const residual = new Float64Array(pairs)
    for (const [part, { first, second }] of this.#parts.entries()) {
      const scale = this.#scale(part)
      const from = this.#starts[part]! / CLASSES
      for (let pair = 0; pair < first.length; pair += 1) {
        const i = first[pair]!
        const j = second[pair]!
        const p = 1 / (1 + Math.exp(theta[j]! - theta[i]!))
        const spread = inverse[i * n + i]! + inverse[j * n + j]! - 2 * inverse[i * n + j]!
        expected[from + pair] = p
        // Never down to nothing: a pair's only vote has leverage 1, and no finite effect.
        leverage[from + pair] = 1 / Math.max(1e-3, 1 - scale * p * (1 - p) * spread)
        const at = CLASSES * (from + pair)
        const [won, tied, lost] = [this.#counts[at]!, this.#counts[at + 1]!, this.#counts[at + 2]!]
        residual[from + pair] = won + tied / 2 - (won + tied + lost) * p
      }
    }
    return { inverse, expected, leverage, residual }
  }

  /**
   * Votes to remove, those first that narrow the distance between two models most, until the first
   * order says that it is gone.
   *
   * @returns their classes, one entry a vote, and their number, Infinity if not all of them suffice
   */
  greedy(
    response: Response,
    leader: number,
    challenger: number,
    distance: number,
  ): { classes: number[]; votes: number } {
    const { narrows, strongest } = this.#narrowing(response, leader, challenger)
    // Only the strongest are put in order: a handful of classes is enough as a rule.
    for (let least = strongest / 2; ; least /= 4) {
      const everything = least <= strongest * 1e-9
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
    { inverse, expected, leverage, residual }: Response,
    leader: number,
    challenger: number,
  ): { narrows: Float64Array; strongest: number } {
    const n = this.models
    const direction = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      direction[i] = inverse[leader * n + i]! - inverse[challenger * n + i]!
    }
    const narrows = this.#narrows
    let strongest = 0
    for (const [part, { first, second }] of this.#parts.entries()) {
      const scale = this.#scale(part)
      const from = this.#starts[part]! / CLASSES
      // Beside its own score a verdict takes its share of w_d/N_d away: the others weigh more.
      let mean = 0
      if (this.#parts.length > 1) {
        for (let pair = 0; pair < first.length; pair += 1) {
          mean += (direction[first[pair]!]! - direction[second[pair]!]!) * residual[from + pair]!
        }
        mean *= scale / this.#partVerdicts[part]!
      }
      for (let pair = 0; pair < first.length; pair += 1) {
        const slope = scale * (direction[first[pair]!]! - direction[second[pair]!]!)
        const p = expected[from + pair]!
        const own = slope * leverage[from + pair]!
        const won = own * (1 - p) - mean
        const tied = own * (0.5 - p) - mean
        const lost = -own * p - mean
        const at = CLASSES * (from + pair)
        narrows[at] = won
        narrows[at + 1] = tied
        narrows[at + 2] = lost
        // A tie moves less than one of the others.
        if (won > strongest) strongest = won
        if (lost > strongest) strongest = lost
      }
    }
    return { narrows, strongest }
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
  let size = 0
  for (let at = 0; at < cell.length; at += 1) size += cell[at]!
  const firsts = new Int32Array(size)
  const seconds = new Int32Array(size)
  let place = 0
  for (let at = 0; at < cell.length; at += 1) {
    if (cell[at] === 0) continue
    cell[at] = place
    firsts[place] = Math.floor(at / models)
    seconds[place] = at % models
    place += 1
  }
  // Strengths do not depend on the sums of squares, which only intervals read.
  const squares = new Float64Array(size)
  return {
    scores: {
      models,
      size,
      first: firsts,
      second: seconds,
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
