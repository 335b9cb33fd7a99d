import { useEffect, useRef } from 'react'
import { SIDES } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { announce } from '../ui/announcer.tsx'
import { sideLabel } from './side-label.ts'
import { currentTurn, stageOf, type BattleState } from './state.ts'

/** Tells a screen reader the turning points of a battle: begun, one side done, both done. */
export function useBattleAnnouncements(battle: BattleState): void {
  const turn = currentTurn(battle)
  const stage = stageOf(battle).name
  const ends = SIDES.map((side) => turn?.sides[side].end?.reason ?? '')
  const said = useRef('')
  const key = `${turn?.turn}:${ends.join()}:${stage}`
  useEffect(() => {
    if (said.current === key || turn === undefined) return
    said.current = key
    if (stage === 'judging') announce(texts.battle.bothDone)
    else if (stage === 'failed') announce(texts.battle.failed)
    else if (stage === 'streaming') {
      const done = SIDES.find((side) => turn.sides[side].end !== null)
      announce(
        done === undefined
          ? texts.battle.bothWriting
          : texts.battle.oneDone(done, sideLabel(turn.sides[done])),
      )
    }
  }, [key, stage, turn])
}
