/**
 * The share of wins that Bradley–Terry strengths predict for one side, ties ½: 1/(1+e^(θj−θi)).
 *
 * @param theta strength of the side asked for, natural-log odds
 * @param opponent the other side's
 */
export function expectedShare(theta: number, opponent: number): number {
  return 1 / (1 + Math.exp(opponent - theta))
}

/** What a pairing is expected to end in; the three sum to 1. */
export type Odds = { readonly win: number; readonly tie: number; readonly loss: number }

/**
 * The odds of a pairing under Davidson (1970): win : loss : tie = e^{d/2} : e^{−d/2} : ν with
 * d = θi − θj.
 *
 * @param theta strength of the side asked for, natural-log odds
 * @param opponent the other side's
 * @param nu ν ≥ 0; with 0 there are no ties and this is Bradley–Terry
 */
export function davidsonOdds(theta: number, opponent: number, nu: number): Odds {
  // Divided by the larger exponential, so that no distance overflows.
  const distance = Math.abs(theta - opponent)
  const weaker = Math.exp(-distance)
  const ties = nu * Math.exp(-distance / 2)
  const total = 1 + weaker + ties
  const [stronger, tie, other] = [1 / total, ties / total, weaker / total]
  return theta >= opponent
    ? { win: stronger, tie, loss: other }
    : { win: other, tie, loss: stronger }
}

/** The share of wins under Davidson with ties ½: the number to hold against {@link expectedShare}. */
export function davidsonShare(theta: number, opponent: number, nu: number): number {
  const { win, tie } = davidsonOdds(theta, opponent, nu)
  return win + tie / 2
}
