import { STYLE_FEATURES, styleOf } from '../../shared/ratings/style-features.ts'
import { SIDES } from '../../shared/verdicts.ts'
import { turnOf, type LiveBattle } from './live-battle.ts'

/** What was counted last of each battle in memory, and of which state of its transcripts. */
const counted = new WeakMap<LiveBattle, { readonly state: string; readonly style: string }>()

/**
 * How both sides have written, over all turns: JSON of eight numbers as votes store them, tokens of A
 * and of B, then headers, list items and bold passages. Counted once; asked again it is looked up.
 */
export function styleOfBattle(battle: LiveBattle): string {
  const sides = turnOf(battle)?.sides
  // Earlier turns change no more; in the present one an attempt or a frame more shows here.
  const state = [
    battle.turns.length,
    ...SIDES.flatMap((side) => [sides?.[side].attempts, sides?.[side].seq]),
  ].join()
  const known = counted.get(battle)
  if (known?.state === state) return known.style
  const [a, b] = SIDES.map((side) =>
    styleOf(battle.turns.map((turn) => turn.sides[side].answer).join('\n')),
  )
  const style = JSON.stringify(STYLE_FEATURES.flatMap((feature) => [a?.[feature], b?.[feature]]))
  counted.set(battle, { state, style })
  return style
}
