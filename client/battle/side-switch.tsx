import { SIDES, type Side } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { sideLabel } from './side-label.ts'
import { currentTurn, type BattleState } from './state.ts'

type Props = { battle: BattleState; shown: Side; onShow: (side: Side) => void }

/** On narrow screens: which of the two answers is shown. It says how the hidden one is doing. */
export function SideSwitch({ battle, shown, onShow }: Props) {
  const sides = currentTurn(battle)?.sides
  return (
    <div className="side-switch" role="group" aria-label={texts.battle.show}>
      {SIDES.map((side) => {
        const state = sides === undefined ? '' : sideLabel(sides[side])
        const name = battle.outcome?.reveal[side].name
        return (
          <button
            key={side}
            type="button"
            aria-pressed={shown === side}
            onClick={() => onShow(side)}
          >
            <span className="visually-hidden">{texts.battle.side} </span>
            <span className="side-letter">{side.toUpperCase()}</span>
            <span className="visually-hidden">: </span>
            <span className="side-switch-state">{name ?? state}</span>
          </button>
        )
      })}
    </div>
  )
}
