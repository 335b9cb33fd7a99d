import { getBattle } from '../arena/http.ts'
import { connection } from '../arena/arena.ts'
import type { RequestError } from '../arena/connection.ts'
import { openSession, type BattleSession, type SessionDeps } from './session.ts'

const deps: SessionDeps = {
  connection,
  fetchBattle: getBattle,
  later: (ms, run) => void setTimeout(run, ms),
}

/** Battles of this page by id; the last few stay open so that "back" shows them at once. */
const sessions = new Map<string, BattleSession>()
const MAX_OPEN_BATTLES = 5

/** The session of a battle, opened (and read from the arena) when this page does not have it. */
export function battleSession(battleId: string): BattleSession {
  const held = sessions.get(battleId)
  if (held !== undefined) return held
  const session = remember(battleId, openSession(deps, battleId))
  void session.load()
  return session
}

/**
 * Asks the arena a question. The key makes it one battle however often the request is sent, so it
 * is sent until it is answered.
 */
export async function startBattle(
  prompt: string,
  key: string,
): Promise<{ ok: true; battleId: string } | { ok: false; error: RequestError }> {
  const language = navigator.language
  return connection.insist('battle:start', { prompt, language, clientBattleKey: key }, (ack) => {
    // Opened in the tick of the acknowledgement, so that no delta arrives before it.
    if (ack.ok) remember(ack.battleId, openSession(deps, ack.battleId, prompt))
  })
}

function remember(battleId: string, session: BattleSession): BattleSession {
  sessions.get(battleId)?.close()
  sessions.set(battleId, session)
  const oldest = sessions.keys().next().value
  if (sessions.size > MAX_OPEN_BATTLES && oldest !== undefined) {
    sessions.get(oldest)?.close()
    sessions.delete(oldest)
  }
  return session
}
