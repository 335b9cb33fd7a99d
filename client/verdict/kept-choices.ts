import { DIMENSIONS } from '../../shared/dimensions.ts'
import { VERDICTS, type Verdict } from '../../shared/verdicts.ts'
import type { Choices } from './choices.ts'

const keyOf = (battleId: string) => `trivium-verdicts:${battleId}`

/** What was chosen before a reload of this tab. */
export function readChoices(battleId: string): Choices {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(battleId)) ?? '{}')
    const choices: Choices = {}
    for (const dimension of DIMENSIONS) {
      const verdict = (kept as Record<string, unknown>)[dimension]
      if (VERDICTS.includes(verdict as Verdict)) choices[dimension] = verdict as Verdict
    }
    return choices
  } catch {
    return {}
  }
}

/** Keeps what has been chosen, for this tab. */
export function writeChoices(battleId: string, choices: Choices): void {
  try {
    sessionStorage.setItem(keyOf(battleId), JSON.stringify(choices))
  } catch {
    // Then a reload forgets it; the page does not.
  }
}
