import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { readFilter, writeFilter, type ModelFilter } from './filter.ts'

/**
 * The filter as it stands in the address. The router follows the address in its own time, which is too
 * late for typing: until it has, what was written last holds.
 */
export function useFilter(): {
  filter: ModelFilter
  change: (wanted: Partial<ModelFilter>) => void
} {
  const [routed, setSearch] = useSearchParams()
  const [written, setWritten] = useState(routed)
  const isThere = `${written.size === 0 ? '' : '?'}${written.toString()}` === location.search
  const filter = readFilter(isThere ? written : routed)
  return {
    filter,
    change: (wanted) => {
      const next = writeFilter({ ...filter, ...wanted })
      setWritten(next)
      setSearch(next, { replace: true, preventScrollReset: true })
    },
  }
}
