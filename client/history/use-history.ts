import { useEffect, useState } from 'react'
import type { HistoryPoint } from '../../shared/schemas/leaderboard.ts'
import type { RequestError } from '../arena/connection.ts'
import { getHistory } from '../arena/http.ts'

/** One call: a board and a model on it. */
export type HistoryQuery = { readonly dimension: string; readonly model: string }

/** Histories of these, in this order; null until all have arrived. */
export function useHistories(
  queries: readonly HistoryQuery[],
  from: string | null,
): { points: readonly (readonly HistoryPoint[])[] | null; fault: RequestError | null } {
  const key = queries
    .map((query) =>
      new URLSearchParams({ ...query, ...(from === null ? {} : { from }) }).toString(),
    )
    .join('\n')
  const [held, setHeld] = useState<{
    key: string
    points: readonly (readonly HistoryPoint[])[]
  } | null>(null)
  const [fault, setFault] = useState<RequestError | null>(null)
  useEffect(() => {
    if (key === '') return undefined
    let left = false
    const load = async () => {
      const results = await Promise.all(key.split('\n').map(getHistory))
      if (left) return
      const failed = results.find((result) => !result.ok)
      setFault(failed === undefined || failed.ok ? null : failed.error)
      if (failed !== undefined) return
      setHeld({ key, points: results.map((result) => (result.ok ? result.value.points : [])) })
    }
    void load()
    return () => {
      left = true
    }
  }, [key])
  return { points: held?.key === key ? held.points : null, fault }
}
