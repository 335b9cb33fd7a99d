import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_SKIP,
  OUTCOME_TIE,
} from '../../shared/ratings/outcomes.ts'

/** FastChat's and LMArena's labels, both spellings of both-bad, and evalica's. */
const WINNER_LABELS: ReadonlyMap<unknown, number> = new Map([
  ['model_a', OUTCOME_A],
  ['model_b', OUTCOME_B],
  ['tie', OUTCOME_TIE],
  ['tie (bothbad)', OUTCOME_BOTH_BAD],
  ['both_bad', OUTCOME_BOTH_BAD],
  ['left', OUTCOME_A],
  ['right', OUTCOME_B],
])

/** What ComparIA's column `choice` says; `idk` is "cannot judge". */
const CHOICE_LABELS: ReadonlyMap<unknown, number> = new Map([
  ['a_better', OUTCOME_A],
  ['b_better', OUTCOME_B],
  ['both_good', OUTCOME_TIE],
  ['both_bad', OUTCOME_BOTH_BAD],
  ['idk', OUTCOME_SKIP],
])

/** The outcome that a label of a `winner` column names; undefined if none does. */
export function outcomeOfWinner(label: unknown): number | undefined {
  return WINNER_LABELS.get(label)
}

/** The outcome that a label of ComparIA's `choice` names; undefined if none does. */
export function outcomeOfChoice(label: unknown): number | undefined {
  return CHOICE_LABELS.get(label)
}

/** The outcome of a 0/1 column each for A, B and a tie; undefined unless exactly one is 1. */
export function outcomeOfFlags(a: unknown, b: unknown, tie: unknown): number | undefined {
  const flags = [a, b, tie].map(flagOf)
  if (flags.includes(undefined) || flags.filter((flag) => flag === true).length !== 1) {
    return undefined
  }
  return [OUTCOME_A, OUTCOME_B, OUTCOME_TIE][flags.indexOf(true)]
}

/** A truth value as CSV, JSON and Parquet write it; undefined if it is none. */
export function flagOf(value: unknown): boolean | undefined {
  switch (value) {
    case true:
    case 1:
    case 1n:
    case '1':
    case '1.0':
    case 'true':
    case 'True':
    case 'TRUE':
      return true
    case false:
    case 0:
    case 0n:
    case '0':
    case '0.0':
    case 'false':
    case 'False':
    case 'FALSE':
      return false
    default:
      return undefined
  }
}

/** Whether a cell says nothing. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
