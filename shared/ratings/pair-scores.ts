import type { Ties } from './outcomes.ts'
import type { PairOutcomes } from './pair-counts.ts'

/**
 * What Bradley–Terry reads of the counts: points by unordered pair, in the order of
 * {@link PairOutcomes}, and what the sandwich needs beside them.
 */
export type PairScores = {
  /** M: models are numbered 0 to M − 1 in the order of their names. */
  readonly models: number
  /** The number of pairs: the length of every array. */
  readonly size: number
  readonly first: Int32Array
  readonly second: Int32Array
  /** S_ij: wins of the first plus half the ties, weighted. */
  readonly scoreFirst: Float64Array
  readonly scoreSecond: Float64Array
  /** Σw² of the verdicts worth 1, 0 and ½ for the first. */
  readonly squaresFirst: Float64Array
  readonly squaresSecond: Float64Array
  readonly squaresHalf: Float64Array
}

/** Scores outcomes: a win 1, ties as told ({@link Ties}). Pairs of which nothing is left go. */
export function scorePairs(outcomes: PairOutcomes, ties: Ties): PairScores {
  const { models, size, first, second, weights, squares } = outcomes
  const scores = emptyScores(models, size)
  let kept = 0
  for (let pair = 0; pair < size; pair += 1) {
    const half = halves(weights, pair, ties)
    const played = weights.winsFirst[pair]! + weights.winsSecond[pair]! + half
    if (played === 0) continue
    scores.first[kept] = first[pair]!
    scores.second[kept] = second[pair]!
    scores.scoreFirst[kept] = weights.winsFirst[pair]! + half / 2
    scores.scoreSecond[kept] = weights.winsSecond[pair]! + half / 2
    scores.squaresFirst[kept] = squares.winsFirst[pair]!
    scores.squaresSecond[kept] = squares.winsSecond[pair]!
    scores.squaresHalf[kept] = halves(squares, pair, ties)
    kept += 1
  }
  return shortened(scores, kept)
}

function halves(sums: PairOutcomes['weights'], pair: number, ties: Ties): number {
  if (ties === 'drop') return 0
  return ties === 'half' ? sums.ties[pair]! + sums.bothBad[pair]! : sums.ties[pair]!
}

/** The pairs within a group of models, which get new numbers. */
export function restrictScores(
  scores: PairScores,
  indexOf: Int32Array,
  models: number,
): PairScores {
  const result = emptyScores(models, scores.size)
  let kept = 0
  for (let pair = 0; pair < scores.size; pair += 1) {
    const i = indexOf[scores.first[pair]!]!
    const j = indexOf[scores.second[pair]!]!
    if (i < 0 || j < 0) continue
    result.first[kept] = i
    result.second[kept] = j
    copyPair(scores, pair, result, kept, 1)
    kept += 1
  }
  return shortened(result, kept)
}

/**
 * The weighted sum of several tables over the same models: Σ factor·scores. What is quadratic in
 * the weights of votes is added with the square of the factor.
 */
export function combineScores(
  parts: readonly { readonly scores: PairScores; readonly factor: number }[],
  models: number,
): PairScores {
  const [only] = parts
  if (only !== undefined && parts.length === 1 && only.factor === 1) return only.scores
  const position = new Int32Array(models * models)
  for (const { scores } of parts) {
    for (let pair = 0; pair < scores.size; pair += 1) {
      position[scores.first[pair]! * models + scores.second[pair]!] = 1
    }
  }
  let size = 0
  for (let cell = 0; cell < position.length; cell += 1) {
    if (position[cell] === 0) continue
    position[cell] = size
    size += 1
  }
  const result = emptyScores(models, size)
  for (const { scores, factor } of parts) {
    for (let pair = 0; pair < scores.size; pair += 1) {
      const at = position[scores.first[pair]! * models + scores.second[pair]!]!
      result.first[at] = scores.first[pair]!
      result.second[at] = scores.second[pair]!
      copyPair(scores, pair, result, at, factor)
    }
  }
  return result
}

/** All points given: the (weighted) number of verdicts that a fit uses. */
export function totalScore(scores: PairScores): number {
  let total = 0
  for (let pair = 0; pair < scores.size; pair += 1) {
    total += scores.scoreFirst[pair]! + scores.scoreSecond[pair]!
  }
  return total
}

function copyPair(
  from: PairScores,
  pair: number,
  to: PairScores,
  at: number,
  factor: number,
): void {
  const square = factor * factor
  to.scoreFirst[at]! += factor * from.scoreFirst[pair]!
  to.scoreSecond[at]! += factor * from.scoreSecond[pair]!
  to.squaresFirst[at]! += square * from.squaresFirst[pair]!
  to.squaresSecond[at]! += square * from.squaresSecond[pair]!
  to.squaresHalf[at]! += square * from.squaresHalf[pair]!
}

function emptyScores(models: number, size: number): PairScores {
  return {
    models,
    size,
    first: new Int32Array(size),
    second: new Int32Array(size),
    scoreFirst: new Float64Array(size),
    scoreSecond: new Float64Array(size),
    squaresFirst: new Float64Array(size),
    squaresSecond: new Float64Array(size),
    squaresHalf: new Float64Array(size),
  }
}

function shortened(scores: PairScores, size: number): PairScores {
  if (size === scores.size) return scores
  return {
    models: scores.models,
    size,
    first: scores.first.subarray(0, size),
    second: scores.second.subarray(0, size),
    scoreFirst: scores.scoreFirst.subarray(0, size),
    scoreSecond: scores.scoreSecond.subarray(0, size),
    squaresFirst: scores.squaresFirst.subarray(0, size),
    squaresSecond: scores.squaresSecond.subarray(0, size),
    squaresHalf: scores.squaresHalf.subarray(0, size),
  }
}
