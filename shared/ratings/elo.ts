/** Elo's constants in this arena: points per game, where everybody starts, points per tenfold odds. */
export const ELO_K = 4
export const ELO_START = 1000
export const ELO_SCALE = 400

/**
 * The share of wins that a difference in rating predicts (Elo 1978), in [0, 1].
 *
 * @param rating of the side asked for, in Elo points
 * @param opponent the other side's rating
 */
export function expectedScore(rating: number, opponent: number): number {
  return 1 / (1 + 10 ** ((opponent - rating) / ELO_SCALE))
}

/**
 * One game of online Elo. What one side wins the other one loses. Depends on the order of games.
 *
 * @param score of `a`: 1 win, ½ tie, 0 loss
 * @param k the largest change, in Elo points
 */
export function eloStep(
  a: number,
  b: number,
  score: number,
  k: number = ELO_K,
): { a: number; b: number; expected: number } {
  const expected = expectedScore(a, b)
  const change = k * (score - expected)
  return { a: a + change, b: b - change, expected }
}
