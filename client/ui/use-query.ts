import { useCallback, useState } from 'react'
import { useSearchParams } from 'react-router'

/**
 * The query of the address, to be read and replaced. The router follows the address in its own time,
 * which is too late for the next letter that is typed: until it has, what was written last holds.
 */
export function useQuery(): readonly [URLSearchParams, (next: URLSearchParams) => void] {
  const [routed, setSearch] = useSearchParams()
  const [written, setWritten] = useState(routed)
  const set = useCallback(
    (next: URLSearchParams) => {
      setWritten(next)
      setSearch(next, { replace: true, preventScrollReset: true })
    },
    [setSearch],
  )
  return [written.toString() === location.search.slice(1) ? written : routed, set]
}
