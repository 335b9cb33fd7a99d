import { useState, type KeyboardEvent, type RefObject } from 'react'
import type { Dimension } from '../../shared/dimensions.ts'
import type { Verdict } from '../../shared/verdicts.ts'
import { usePageKeys } from '../ui/use-single-keys.ts'
import { readChoices, writeChoices } from './kept-choices.ts'
import { choiceOfKey, neighbour, nextOpenRow, rowBeside, type Choices } from './choices.ts'

/** The choices of a judgement, and how keys make them. */
export function useVerdictKeys(
  form: RefObject<HTMLFormElement | null>,
  battleId: string,
  active: boolean,
): {
  choices: Choices
  choose: (row: Dimension, choice: Verdict) => void
  onRowKey: (row: Dimension, event: KeyboardEvent) => void
  focusRow: (row: Dimension, choice?: Verdict) => void
} {
  const [choices, setChoices] = useState<Choices>(() => readChoices(battleId))

  const choose = (row: Dimension, choice: Verdict) => {
    const next = { ...choices, [row]: choice }
    setChoices(next)
    writeChoices(battleId, next)
  }
  const focusRow = (row: Dimension, choice = choices[row] ?? 'a') => {
    const radio = `[data-testid="verdict-${row}"] input[value="${choice}"]`
    form.current?.querySelector<HTMLInputElement>(radio)?.focus()
  }
  /** A digit answers its row and leads to the next one without an answer: three keys, three rows. */
  const answer = (row: Dimension, choice: Verdict) => {
    choose(row, choice)
    const next = nextOpenRow({ ...choices, [row]: choice }, row)
    if (next === undefined) focusRow(row, choice)
    else focusRow(next)
  }

  const onRowKey = (row: Dimension, event: KeyboardEvent) => {
    if (!active || event.ctrlKey || event.metaKey || event.altKey) return
    const digit = choiceOfKey(event.key)
    if (digit !== undefined) answer(row, digit)
    else if (event.key === 'ArrowUp') focusRow(rowBeside(row, -1))
    else if (event.key === 'ArrowDown') focusRow(rowBeside(row, 1))
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const choice = neighbour(choices[row], event.key === 'ArrowRight' ? 1 : -1)
      choose(row, choice)
      focusRow(row, choice)
    } else if (event.key === 'Enter') form.current?.requestSubmit()
    else return
    event.preventDefault()
  }

  usePageKeys((key) => {
    const digit = active ? choiceOfKey(key) : undefined
    const row = digit === undefined ? undefined : nextOpenRow(choices)
    if (digit === undefined || row === undefined) return false
    answer(row, digit)
    return true
  })
  return { choices, choose, onRowKey, focusRow }
}
