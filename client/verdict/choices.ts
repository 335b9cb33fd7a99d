import { DIMENSIONS, type Dimension } from '../../shared/dimensions.ts'
import { saysSomething, type Verdict, type Verdicts } from '../../shared/verdicts.ts'

/** The order in which a row offers its verdicts, which is also that of the keys 1 to 5. */
export const CHOICES: readonly Verdict[] = ['a', 'tie', 'b', 'both_bad', 'skip']

/** What has been chosen so far; a row that is missing has not been answered. */
export type Choices = Partial<Verdicts>

/** The verdict of a digit key. */
export function choiceOfKey(key: string): Verdict | undefined {
  return /^[1-5]$/.test(key) ? CHOICES[Number(key) - 1] : undefined
}

/** The verdict beside another one in its row; the ends do not wrap, and nothing leads to the first. */
export function neighbour(choice: Verdict | undefined, step: 1 | -1): Verdict {
  if (choice === undefined) return CHOICES.at(step === 1 ? 0 : -1) ?? 'skip'
  const index = CHOICES.indexOf(choice) + step
  return CHOICES[Math.max(0, Math.min(CHOICES.length - 1, index))] ?? choice
}

/** The row above or below; the ends stay. */
export function rowBeside(row: Dimension, step: 1 | -1): Dimension {
  return DIMENSIONS[DIMENSIONS.indexOf(row) + step] ?? row
}

/** The first row without an answer, looking from one row onwards and then from the top. */
export function nextOpenRow(choices: Choices, after?: Dimension): Dimension | undefined {
  const start = after === undefined ? 0 : DIMENSIONS.indexOf(after) + 1
  const order = [...DIMENSIONS.slice(start), ...DIMENSIONS.slice(0, start)]
  return order.find((row) => choices[row] === undefined)
}

/** What keeps the choices from being a vote. */
export type Readiness =
  | { kind: 'ready'; verdicts: Verdicts }
  | { kind: 'incomplete'; left: number }
  | { kind: 'nothing' }

/** Whether the choices are a vote: three answers, one of them a judgement. */
export function readiness({ accuracy, helpfulness, language }: Choices): Readiness {
  if (accuracy === undefined || helpfulness === undefined || language === undefined) {
    const left = [accuracy, helpfulness, language].filter((choice) => choice === undefined).length
    return { kind: 'incomplete', left }
  }
  const verdicts = { accuracy, helpfulness, language }
  return saysSomething(verdicts) ? { kind: 'ready', verdicts } : { kind: 'nothing' }
}
