import type { Verdict } from '../verdicts.ts'

/** What a vote says on one dimension, by code, as seen by the left side (`a`). */
export const OUTCOMES = ['a', 'b', 'tie', 'both_bad', 'skip'] as const satisfies readonly Verdict[]

export const OUTCOME_A = 0
export const OUTCOME_B = 1
export const OUTCOME_TIE = 2
export const OUTCOME_BOTH_BAD = 3
/** "Cannot judge": recorded as missing, never as a tie. Every code below this one counts. */
export const OUTCOME_SKIP = 4
/** A row whose vote was taken back: as if it had never been there. */
export const OUTCOME_WITHDRAWN = 5

/** The number of outcomes that count: their codes are 0 to 3. */
export const COUNTED_OUTCOMES = 4

const CODES: Readonly<Record<Verdict, number>> = {
  a: OUTCOME_A,
  b: OUTCOME_B,
  tie: OUTCOME_TIE,
  both_bad: OUTCOME_BOTH_BAD,
  skip: OUTCOME_SKIP,
}

/** The code of a verdict. */
export function outcomeOf(verdict: Verdict): number {
  return CODES[verdict]
}

/**
 * How ties are scored: `half`: tie and "both bad" count ½ for each side (as on LMArena's boards);
 * `no-both-bad`: "both bad" is dropped, ties count ½; `drop`: both are dropped.
 */
export const TIES = ['half', 'no-both-bad', 'drop'] as const
export type Ties = (typeof TIES)[number]

/**
 * The score of the left side by outcome code (1, 0 or ½), NaN where the treatment drops the
 * outcome, which is so for `skip` and withdrawn rows always.
 */
export function scoresOf(ties: Ties): Float64Array {
  return Float64Array.of(
    1,
    0,
    ties === 'drop' ? Number.NaN : 0.5,
    ties === 'half' ? 0.5 : Number.NaN,
    Number.NaN,
    Number.NaN,
  )
}
