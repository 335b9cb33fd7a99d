import { useSyncExternalStore } from 'react'
import { battleSession } from './battles.ts'
import type { BattleSession, SessionSnapshot } from './session.ts'

/** A battle and what is held of it, kept current. */
export function useBattle(battleId: string): SessionSnapshot & { session: BattleSession } {
  const session = battleSession(battleId)
  return { session, ...useSyncExternalStore(session.subscribe, session.snapshot) }
}
