import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, ApiError } from '../api.ts'

type State<T> = {
  /** What was read for. */
  readonly of: () => Promise<Answer<T>>
  readonly value: T | null
  readonly error: ApiError | null
}

/**
 * What a page reads once, and again on demand; what was read stays until the next answer.
 *
 * @param read stable for as long as the same thing is meant
 */
export function useAnswer<T>(read: () => Promise<Answer<T>>): {
  readonly value: T | null
  readonly error: ApiError | null
  readonly again: () => Promise<void>
} {
  const [state, setState] = useState<State<T>>({ of: read, value: null, error: null })
  const wanted = useRef(read)
  const again = useCallback(async () => {
    const answer = await read()
    // Answers to what is no longer wanted are dropped.
    if (wanted.current !== read) return
    setState((before) =>
      answer.ok
        ? { of: read, value: answer.value, error: null }
        : { of: read, value: before.of === read ? before.value : null, error: answer.error },
    )
  }, [read])
  useEffect(() => {
    wanted.current = read
    void again()
  }, [read, again])
  const current = state.of === read
  return {
    value: current ? state.value : null,
    error: current ? state.error : null,
    again,
  }
}
