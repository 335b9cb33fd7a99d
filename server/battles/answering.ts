import type { Logger } from 'pino'
import type { EndReason } from '../../shared/schemas/battle.ts'
import type { Side } from '../../shared/verdicts.ts'
import type { Entrants } from '../models/entrants.ts'
import { conversationOf, turnOf, type LiveBattle } from './live-battle.ts'
import type { Pacer } from './pacer.ts'
import { runningSides, sideEnded } from './state.ts'
import type { BattleStore } from './store.ts'
import { styleOfBattle } from './style.ts'

type AnsweringDeps = {
  readonly entrants: Pick<Entrants, 'answer'>
  readonly store: Pick<BattleStore, 'saveAnswers'>
  readonly pacer: Pick<Pacer, 'mark'>
  readonly log: Logger
}

/** Has sides answer: from the provider's stream into the transcript, one side harming no other. */
export type Answering = ReturnType<typeof createAnswering>

export function createAnswering({ entrants, store, pacer, log }: AnsweringDeps) {
  function end(battle: LiveBattle, side: Side, reason: EndReason): void {
    if (battle.state.phase !== 'streaming') return
    const transcript = turnOf(battle)?.sides[side]
    if (transcript === undefined) return
    transcript.finish(reason)
    delete battle.running[side]
    const { turn } = battle.state
    battle.state = sideEnded(
      battle.state,
      side,
      reason === 'error' ? { status: 'failed' } : { status: 'complete', reason },
    )
    if (reason === 'error') battle.failedSlugs.push(battle.contestants[side].slug)
    battle.unsaved.set(`${turn}:${side}`, { turn, side, answer: transcript.toStored() })
    void store.saveAnswers(battle)
    pacer.mark(battle.id)
    // The vote needs it, and then somebody waits.
    if (battle.state.phase === 'answered') setImmediate(() => void styleOfBattle(battle))
  }

  async function relay(battle: LiveBattle, side: Side, signal: AbortSignal): Promise<void> {
    const transcript = turnOf(battle)?.sides[side]
    const who = battle.contestants[side]
    const context = { battleId: battle.id, turn: battle.state.turn, side }
    const conversation = conversationOf(battle, side)
    let reason: EndReason = 'error'
    try {
      for await (const part of entrants.answer(who, conversation, signal, context)) {
        if (signal.aborted) return
        if ('text' in part) {
          transcript?.push(part.text)
          pacer.mark(battle.id)
        } else if ('reasoning' in part) {
          transcript?.think(part.reasoning)
        } else {
          reason = part.end
        }
      }
    } catch (cause) {
      if (signal.aborted) return
      log.warn({ err: cause, battle: battle.id, model: who.slug }, 'a model could not answer')
    }
    if (!signal.aborted) end(battle, side, reason)
  }

  return {
    /**
     * Asks the present turn of these sides, at once. A side that was stopped while its turn was
     * being written down has ended, and one that was retried since is asked already.
     */
    ask(battle: LiveBattle, sides: readonly Side[]): void {
      const waiting = runningSides(battle.state).filter((side) => sides.includes(side))
      for (const side of waiting) {
        if (battle.running[side] !== undefined) continue
        const controller = new AbortController()
        battle.running[side] = controller
        void relay(battle, side, controller.signal)
      }
    },

    /** Ends what is running, on one side or both; the text so far stays. */
    stop(battle: LiveBattle, side: Side | undefined, reason: 'stopped' | 'error'): void {
      for (const running of runningSides(battle.state)) {
        if (side !== undefined && running !== side) continue
        battle.running[running]?.abort()
        end(battle, running, reason)
      }
    },

    /** Ends a side that could not even be asked. */
    fail(battle: LiveBattle, side: Side): void {
      end(battle, side, 'error')
    },
  }
}
