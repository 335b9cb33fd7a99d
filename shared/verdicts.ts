import { DIMENSIONS, type PerDimension } from './dimensions.ts'

/** The two anonymous answers of a battle. */
export const SIDES = ['a', 'b'] as const
export type Side = (typeof SIDES)[number]

/** One value per side. */
export type PerSide<T> = Record<Side, T>

/** The other side of a battle. */
export function otherSide(side: Side): Side {
  return side === 'a' ? 'b' : 'a'
}

/** What a voter can say on one dimension; `skip` means "cannot judge" and counts for nothing. */
export const VERDICTS = ['a', 'b', 'tie', 'both_bad', 'skip'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A verdict that counts. */
export type CountedVerdict = Exclude<Verdict, 'skip'>

/** The three verdicts of one vote. */
export type Verdicts = PerDimension<Verdict>

/** Whether two votes say the same on every dimension. */
export function sameVerdicts(left: Verdicts, right: Verdicts): boolean {
  return DIMENSIONS.every((dimension) => left[dimension] === right[dimension])
}

/** Whether a vote says anything at all: at least one verdict that is not `skip`. */
export function saysSomething(verdicts: Verdicts): boolean {
  return DIMENSIONS.some((dimension) => verdicts[dimension] !== 'skip')
}

/** The label by which FastChat and LMArena name a verdict in their vote files; '' for `skip`. */
export const FASTCHAT_LABELS: Readonly<Record<Verdict, string>> = {
  a: 'model_a',
  b: 'model_b',
  tie: 'tie',
  both_bad: 'tie (bothbad)',
  skip: '',
}
