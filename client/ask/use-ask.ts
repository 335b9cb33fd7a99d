import { useCallback, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { checkPrompt } from '../../shared/prompt.ts'
import type { RequestError } from '../arena/connection.ts'
import { startBattle } from '../battle/battles.ts'
import { randomKey } from '../battle/random-key.ts'

/** Larger than any arena takes: the arena itself says what its limit is. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER

/** Starts battles: one at a time, and one question never twice. */
export function useAsk(onStarted: () => void): {
  ask: (prompt: string) => void
  busy: boolean
  error: RequestError | null
  dismiss: () => void
} {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<RequestError | null>(null)
  // The same question sent again after a failure keeps its key, so that it stays one battle.
  const attempt = useRef({ prompt: '', key: '' })
  const ask = useCallback(
    (prompt: string) => {
      const checked = checkPrompt(prompt, NO_LIMIT)
      if (!checked.ok) {
        const { code, message } = checked.error
        setError({ code, message: message ?? '', retryable: false })
        return
      }
      if (attempt.current.prompt !== prompt) attempt.current = { prompt, key: randomKey() }
      setBusy(true)
      setError(null)
      const start = async () => {
        const outcome = await startBattle(prompt, attempt.current.key)
        setBusy(false)
        if (!outcome.ok) {
          setError(outcome.error)
          return
        }
        attempt.current = { prompt: '', key: '' }
        onStarted()
        await navigate(`/battles/${outcome.battleId}`)
      }
      void start()
    },
    [navigate, onStarted],
  )
  return { ask, busy, error, dismiss: () => setError(null) }
}
