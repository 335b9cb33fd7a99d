import { useCallback, useEffect, useRef, useState } from 'react'
import type { TryEvent } from '../../../shared/schemas/admin.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { announce } from '../../ui/announcer.tsx'
import type { ApiError } from '../api.ts'
import { useAdmin } from '../session.tsx'
import { IDLE, withEnd, withEvent, type TryState } from './try-state.ts'

/** One try at a time, streamed. */
export function useTry(): {
  readonly state: TryState
  /** What was tried last, to be compared with what is set now. */
  readonly tried: string | null
  /** Answers with why the arena would not even try. */
  readonly run: (body: Record<string, unknown>, key: string) => Promise<ApiError | null>
  readonly stop: () => void
} {
  const { api } = useAdmin()
  const [state, setState] = useState(IDLE)
  const [tried, setTried] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(
    async (body: Record<string, unknown>, key: string) => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const begun = performance.now()
      setTried(key)
      let present: TryState = { ...IDLE, phase: 'running' }
      const show = (next: TryState) => {
        present = next
        // A later try has the panel for itself.
        if (running.current === controller) setState(next)
      }
      show(present)
      const answer = await api.stream(
        '/try',
        body,
        (line) => show(withEvent(present, line as TryEvent, performance.now() - begun)),
        controller.signal,
      )
      if (running.current !== controller) return null
      const refused = !answer.ok && answer.error.status >= 400
      const stopped = controller.signal.aborted
      const { done, failed, ended } = formTexts.tries
      show(withEnd(present, stopped, answer.ok ? ended : answer.error.message))
      if (!stopped) announce(present.phase === 'answered' ? done : failed)
      return refused ? answer.error : null
    },
    [api],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  return { state, tried, run, stop }
}
