import { useCallback, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { readAddress, writeAddress, type Address } from './address.ts'

/** Changes what is chosen, in the address and so everywhere. */
export type ChangeAddress = (change: Partial<Address>) => void

/**
 * What is chosen, as it stands in the address. The router follows the address in its own time, which
 * is too late for a slider: until it has, what was written last holds.
 */
export function useAddress(): {
  address: Address
  change: ChangeAddress
  query: URLSearchParams
  setQuery: (next: URLSearchParams) => void
} {
  const [routed, setSearch] = useSearchParams()
  const [written, setWritten] = useState(routed)
  const query = `?${written.toString()}` === location.search ? written : routed
  const address = useMemo(() => readAddress(query), [query])
  const setQuery = useCallback(
    (next: URLSearchParams) => {
      setWritten(next)
      setSearch(next, { replace: true, preventScrollReset: true })
    },
    [setSearch],
  )
  const change = useCallback(
    (wanted: Partial<Address>) =>
      setQuery(writeAddress(new URLSearchParams(location.search), wanted)),
    [setQuery],
  )
  return { address, change, query, setQuery }
}
