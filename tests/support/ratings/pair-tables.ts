import type { PairScores } from '../../../shared/ratings/pair-scores.ts'

/** A table of all pairs of so many models, nothing played yet. */
export function emptyPairScores(models: number): PairScores {
  const size = (models * (models - 1)) / 2
  const first = new Int32Array(size)
  const second = new Int32Array(size)
  let pair = 0
  for (let i = 0; i < models; i += 1) {
    for (let j = i + 1; j < models; j += 1) {
      first[pair] = i
      second[pair] = j
      pair += 1
    }
  }
  return {
    models,
    size,
    first,
    second,
    scoreFirst: new Float64Array(size),
    scoreSecond: new Float64Array(size),
    squaresFirst: new Float64Array(size),
    squaresSecond: new Float64Array(size),
    squaresHalf: new Float64Array(size),
  }
}

/** The place of a pair in {@link emptyPairScores}. */
export function pairAt(models: number, i: number, j: number): number {
  const [low, high] = i < j ? [i, j] : [j, i]
  return (low * (2 * models - low - 1)) / 2 + high - low - 1
}

/** Adds wins (or half wins) of one model over another. */
export function addScore(scores: PairScores, winner: number, loser: number, share: number): void {
  const pair = pairAt(scores.models, winner, loser)
  const [won, lost] =
    winner < loser
      ? [scores.scoreFirst, scores.scoreSecond]
      : [scores.scoreSecond, scores.scoreFirst]
  won[pair]! += share
  lost[pair]! += 1 - share
  if (share === 0.5) scores.squaresHalf[pair]! += 1
  else if ((share === 1) === winner < loser) scores.squaresFirst[pair]! += 1
  else scores.squaresSecond[pair]! += 1
}
