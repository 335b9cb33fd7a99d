import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, ApiError } from './api.ts'

/** What is asked again and again: the latest answer stays while a later one fails. */
export type Polled<T> = {
  readonly value: T | null
  /** Why the last call failed; null when it did not. */
  readonly error: ApiError | null
  /** Asks now. */
  readonly refresh: () => Promise<void>
  /** Puts in what is known from elsewhere, such as the answer to a change. */
  readonly put: (change: (value: T) => T) => void
}

/**
 * Asks at once and then every so many milliseconds, while the page can be seen: never twice at a
 * time, not at all in a hidden tab, and at once when it comes into sight again.
 *
 * @param read has to be stable (memoised); what another one reads needs another component (`key`)
 */
export function usePolled<T>(read: () => Promise<Answer<T>>, everyMs: number): Polled<T> {
  const [value, setValue] = useState<T | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const asking = useRef<Promise<void> | null>(null)
  const alive = useRef(false)
  /** Grows with every change put in: what was asked before it may be older than it. */
  const puts = useRef(0)

  const ask = useCallback(async () => {
    const before = puts.current
    const answer = await read()
    asking.current = null
    if (!alive.current) return
    setError(answer.ok ? null : answer.error)
    if (answer.ok && puts.current === before) setValue(answer.value)
  }, [read])
  const refresh = useCallback(() => {
    if (asking.current !== null) return asking.current
    const asked = ask()
    asking.current = asked
    return asked
  }, [ask])

  useEffect(() => {
    alive.current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async () => {
      clearTimeout(timer)
      await refresh()
      if (alive.current && !document.hidden) timer = setTimeout(() => void run(), everyMs)
    }
    const onVisibility = () => {
      clearTimeout(timer)
      if (!document.hidden) void run()
    }
    void run()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      alive.current = false
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [refresh, everyMs])

  const put = useCallback((change: (value: T) => T) => {
    puts.current += 1
    setValue((present) => (present === null ? present : change(present)))
  }, [])
  return { value, error, refresh, put }
}
