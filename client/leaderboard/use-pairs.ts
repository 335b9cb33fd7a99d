import { useEffect, useRef, useState } from 'react'
import type { Pairs } from '../../shared/schemas/leaderboard.ts'
import type { RequestError } from '../arena/connection.ts'
import { getPairs } from '../arena/http.ts'

/** Counts of pairs follow a live board, but not vote by vote. */
const FOLLOW_MS = 2000

/**
 * The pairs of these slices, all of one moment or none; fetched again when the board moves on.
 *
 * @param queries the slices as queries; none: nothing is fetched
 * @param version of the board that they go with
 */
export function usePairs(
  queries: readonly string[],
  version: number | null,
): { pairs: readonly Pairs[] | null; fault: RequestError | null; stale: boolean } {
  const key = queries.join('\n')
  const [held, setHeld] = useState<{ key: string; pairs: readonly Pairs[] } | null>(null)
  const [fault, setFault] = useState<RequestError | null>(null)
  const fetched = useRef({ key: '', at: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (key === '' || version === null) return undefined
    let left = false
    const load = async () => {
      fetched.current = { key, at: performance.now() }
      const results = await Promise.all(key.split('\n').map(getPairs))
      if (left) return
      const failed = results.find((result) => !result.ok)
      setFault(failed === undefined || failed.ok ? null : failed.error)
      if (failed === undefined) {
        setHeld({ key, pairs: results.flatMap((result) => (result.ok ? [result.value] : [])) })
      }
    }
    const since = performance.now() - fetched.current.at
    const wait = fetched.current.key === key ? Math.max(0, FOLLOW_MS - since) : 0
    const timer = setTimeout(() => void load(), wait)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [key, version])
  return { pairs: key === '' ? null : (held?.pairs ?? null), fault, stale: held?.key !== key }
}
