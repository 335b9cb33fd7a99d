import {
  COUNTED_OUTCOMES,
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_TIE,
} from './outcomes.ts'

/** Spreads consecutive keys over the table (Knuth's multiplicative hashing, 2³²/φ). */
const SPREAD = 0x9e3779b1
const FIRST_PAIRS = 16

/**
 * How often each ordered pair of models met and what came out: everything that Bradley–Terry,
 * Davidson and their intervals of independent votes need to know of a log. The sides are kept apart
 * so that a preference for one of them can be fitted. Memory grows with the pairs that were played.
 *
 * Numbers of votes are exact, and {@link remove} is the exact inverse of {@link add}. Votes with a
 * weight other than 1 also keep Σw and Σw², which are floating-point sums in order of addition.
 */
export class PairCounts {
  /** Open addressing: pair key + 1, 0 where free; twice to four times as long as there are pairs. */
  #keys: Uint32Array = new Uint32Array(FIRST_PAIRS * 2)
  #slots: Int32Array = new Int32Array(FIRST_PAIRS * 2)
  #shift = 32 - Math.log2(FIRST_PAIRS * 2)
  #pairs = 0
  #left: Int32Array = new Int32Array(FIRST_PAIRS)
  #right: Int32Array = new Int32Array(FIRST_PAIRS)
  #counts: Uint32Array = new Uint32Array(FIRST_PAIRS * COUNTED_OUTCOMES)
  #weights: Float64Array | null = null
  #squares: Float64Array | null = null
  #total = 0

  /** Votes counted. */
  get total(): number {
    return this.#total
  }

  /** Ordered pairs seen: the entries of {@link left} and {@link right}. */
  get pairs(): number {
    return this.#pairs
  }

  /** The model on the left, by pair. Longer than {@link pairs}; so are the other arrays. */
  get left(): Int32Array {
    return this.#left
  }

  get right(): Int32Array {
    return this.#right
  }

  /** Votes by pair and outcome: entry 4·pair + outcome code. */
  get counts(): Uint32Array {
    return this.#counts
  }

  /** Σw in the layout of {@link counts}; null if every weight is 1. */
  get weights(): Float64Array | null {
    return this.#weights
  }

  /** Σw² in the layout of {@link counts}; null if every weight is 1. */
  get squares(): Float64Array | null {
    return this.#squares
  }

  /**
   * Counts a vote.
   *
   * @param left model id, below 65,535
   * @param right another model's id
   * @param outcome one of the four outcome codes that count
   */
  add(left: number, right: number, outcome: number, weight = 1): void {
    const entry = this.#slotOf(left, right) * COUNTED_OUTCOMES + outcome
    if (weight !== 1 && this.#weights === null) this.#keepWeights()
    this.#counts[entry]! += 1
    this.#total += 1
    if (this.#weights !== null && this.#squares !== null) {
      this.#weights[entry]! += weight
      this.#squares[entry]! += weight * weight
    }
  }

  /** Counts equal votes of weight 1 at once. */
  addMany(left: number, right: number, outcome: number, votes: number): void {
    if (votes === 0) return
    const entry = this.#slotOf(left, right) * COUNTED_OUTCOMES + outcome
    this.#counts[entry]! += votes
    this.#total += votes
    if (this.#weights !== null && this.#squares !== null) {
      this.#weights[entry]! += votes
      this.#squares[entry]! += votes
    }
  }

  /**
   * Takes a vote back that was added with the same arguments.
   *
   * @throws RangeError if there is no such vote
   */
  remove(left: number, right: number, outcome: number, weight = 1): void {
    const entry = this.#slotOf(left, right) * COUNTED_OUTCOMES + outcome
    if (this.#counts[entry] === 0) throw new RangeError('There is no such vote to take back.')
    this.#counts[entry]! -= 1
    this.#total -= 1
    if (this.#weights !== null && this.#squares !== null) {
      // Nothing is left of the last vote of its kind, not even a rounding error.
      const last = this.#counts[entry] === 0
      this.#weights[entry] = last ? 0 : this.#weights[entry]! - weight
      this.#squares[entry] = last ? 0 : this.#squares[entry]! - weight * weight
    }
  }

  #slotOf(left: number, right: number): number {
    const key = left * 65_536 + right + 1
    const mask = this.#keys.length - 1
    let at = Math.imul(key, SPREAD) >>> this.#shift
    for (;;) {
      const found = this.#keys[at]!
      if (found === key) return this.#slots[at]!
      if (found === 0) break
      at = (at + 1) & mask
    }
    if (this.#pairs === this.#left.length) {
      this.#grow()
      return this.#slotOf(left, right)
    }
    const slot = this.#pairs
    this.#keys[at] = key
    this.#slots[at] = slot
    this.#left[slot] = left
    this.#right[slot] = right
    this.#pairs += 1
    return slot
  }

  #grow(): void {
    const pairs = this.#left.length * 2
    const [left, right, counts] = [this.#left, this.#right, this.#counts]
    this.#left = new Int32Array(pairs)
    this.#left.set(left)
    this.#right = new Int32Array(pairs)
    this.#right.set(right)
    this.#counts = new Uint32Array(pairs * COUNTED_OUTCOMES)
    this.#counts.set(counts)
    if (this.#weights !== null && this.#squares !== null) {
      const [weights, squares] = [this.#weights, this.#squares]
      this.#weights = new Float64Array(pairs * COUNTED_OUTCOMES)
      this.#weights.set(weights)
      this.#squares = new Float64Array(pairs * COUNTED_OUTCOMES)
      this.#squares.set(squares)
    }
    const keys = this.#keys
    const slots = this.#slots
    this.#keys = new Uint32Array(pairs * 2)
    this.#slots = new Int32Array(pairs * 2)
    this.#shift -= 1
    const mask = this.#keys.length - 1
    for (let old = 0; old < keys.length; old += 1) {
      const key = keys[old]!
      if (key === 0) continue
      let at = Math.imul(key, SPREAD) >>> this.#shift
      while (this.#keys[at] !== 0) at = (at + 1) & mask
      this.#keys[at] = key
      this.#slots[at] = slots[old]!
    }
  }

  #keepWeights(): void {
    this.#weights = Float64Array.from(this.#counts)
    this.#squares = Float64Array.from(this.#counts)
  }
}

/**
 * Outcomes by unordered pair, over models that are numbered in the order of their names: sorted by
 * (first, second) with first < second, so that every sum over it depends on names and counts only.
 */
export type PairOutcomes = {
  /** M: models are numbered 0 to M − 1. */
  readonly models: number
  /** The number of pairs: the length of every array. */
  readonly size: number
  readonly first: Int32Array
  readonly second: Int32Array
  /** Numbers of votes. */
  readonly votes: OutcomeSums
  /** Σw; the same object as `votes` if every weight is 1. */
  readonly weights: OutcomeSums
  /** Σw²; the same object as `votes` if every weight is 1. */
  readonly squares: OutcomeSums
}

/** A sum for each of the four outcomes of a pair. */
export type OutcomeSums = {
  readonly winsFirst: Float64Array
  readonly winsSecond: Float64Array
  readonly ties: Float64Array
  readonly bothBad: Float64Array
}

/**
 * Puts counts into the order in which they are solved.
 *
 * @param indexOf the number of each model id among the `models` in question, −1 for the others,
 *   whose pairs are left out
 */
export function pairOutcomes(
  counts: PairCounts,
  indexOf: Int32Array,
  models: number,
): PairOutcomes {
  const { left, right } = counts
  // One cell for each unordered pair: 1 + its position among the pairs that were played.
  const cell = new Int32Array(models * models)
  for (let pair = 0; pair < counts.pairs; pair += 1) {
    const i = indexOf[left[pair]!]!
    const j = indexOf[right[pair]!]!
    if (i < 0 || j < 0 || !wasPlayed(counts, pair)) continue
    cell[i < j ? i * models + j : j * models + i] = 1
  }
  let size = 0
  for (let at = 0; at < cell.length; at += 1) {
    if (cell[at] === 0) continue
    size += 1
    cell[at] = size
  }
  const first = new Int32Array(size)
  const second = new Int32Array(size)
  for (let i = 0; i < models; i += 1) {
    for (let j = i + 1; j < models; j += 1) {
      const position = cell[i * models + j]! - 1
      if (position < 0) continue
      first[position] = i
      second[position] = j
    }
  }
  const sums = (source: ArrayLike<number>): OutcomeSums => {
    const result = {
      winsFirst: new Float64Array(size),
      winsSecond: new Float64Array(size),
      ties: new Float64Array(size),
      bothBad: new Float64Array(size),
    }
    for (let pair = 0; pair < counts.pairs; pair += 1) {
      const i = indexOf[left[pair]!]!
      const j = indexOf[right[pair]!]!
      if (i < 0 || j < 0) continue
      const position = cell[i < j ? i * models + j : j * models + i]! - 1
      if (position < 0) continue
      const entry = pair * COUNTED_OUTCOMES
      // Two terms at most come together in a cell, so that their order does not matter.
      result.winsFirst[position]! += source[entry + (i < j ? OUTCOME_A : OUTCOME_B)]!
      result.winsSecond[position]! += source[entry + (i < j ? OUTCOME_B : OUTCOME_A)]!
      result.ties[position]! += source[entry + OUTCOME_TIE]!
      result.bothBad[position]! += source[entry + OUTCOME_BOTH_BAD]!
    }
    return result
  }
  const votes = sums(counts.counts)
  return {
    models,
    size,
    first,
    second,
    votes,
    weights: counts.weights === null ? votes : sums(counts.weights),
    squares: counts.squares === null ? votes : sums(counts.squares),
  }
}

/** Whether anything is left of an ordered pair's votes. */
export function wasPlayed(counts: PairCounts, pair: number): boolean {
  const entry = pair * COUNTED_OUTCOMES
  const source = counts.counts
  return source[entry]! + source[entry + 1]! + source[entry + 2]! + source[entry + 3]! > 0
}
