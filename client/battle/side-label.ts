import { texts } from '../texts/en.ts'
import type { SideState } from './state.ts'

/** The state of a side in words. */
export function sideLabel(side: SideState): string {
  if (side.end !== null) return texts.battle.ended[side.end.reason]
  return side.text === '' ? texts.battle.thinking : texts.battle.writing
}
