import { useMemo, useState } from 'react'
import type { Side, Verdicts } from '../../shared/verdicts.ts'
import type { RequestError } from '../arena/connection.ts'
import type { ActResult, BattleSession } from './session.ts'

/** What a visitor can do to a battle; each remembers why it failed. The same object for a session. */
export type Acts = {
  readonly stop: (side?: Side) => void
  readonly retry: (side: Side, replace: boolean) => void
  /** True when it went through. */
  readonly follow: (prompt: string) => Promise<boolean>
  readonly vote: (verdicts: Verdicts) => Promise<boolean>
}

/** The acts of a session, and what the last one failed with. */
export function useActs(session: BattleSession): { acts: Acts; error: RequestError | null } {
  const [error, setError] = useState<RequestError | null>(null)
  const acts = useMemo((): Acts => {
    const report = async (act: Promise<ActResult>) => {
      setError(null)
      const result = await act
      if (!result.ok) setError(result.error)
      return result.ok
    }
    return {
      stop: (side) => void report(session.stop(side)),
      retry: (side, replace) => void report(session.retry(side, replace)),
      follow: (prompt) => report(session.follow(prompt)),
      vote: (verdicts) => report(session.vote(verdicts)),
    }
  }, [session])
  return { acts, error }
}
