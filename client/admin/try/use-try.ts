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
      setState({ ...IDLE, phase: 'running' })
      const answer = await api.stream(
        '/try',
        body,
        (line) => {
          const afterMs = performance.now() - begun
          setState((before) => withEvent(before, line as TryEvent, afterMs))
        },
        controller.signal,
      )
      if (running.current !== controller) return null
      const refused = !answer.ok && answer.error.status >= 400
      const stopped = controller.signal.aborted
      setState((before) => {
        const after = withEnd(
          before,
          stopped,
          answer.ok ? formTexts.tries.ended : answer.error.message,
        )
        const { done, failed } = formTexts.tries
        if (!stopped) announce(after.phase === 'answered' ? done : failed)
        return after
      })
      return refused ? answer.error : null
    },
    [api],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  return { state, tried, run, stop }
}
