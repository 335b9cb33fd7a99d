import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { readAddress, writeAddress, type Address } from './address.ts'

/** Changes what is chosen, in the address and so everywhere. */
export type ChangeAddress = (change: Partial<Address>) => void

/** What is chosen, as it stands in the address. */
export function useAddress(): {
  address: Address
  change: ChangeAddress
  query: URLSearchParams
  setQuery: (next: URLSearchParams) => void
} {
  const [query, setSearch] = useSearchParams()
  const address = useMemo(() => readAddress(query), [query])
  const setQuery = useCallback(
    (next: URLSearchParams) => setSearch(next, { replace: true, preventScrollReset: true }),
    [setSearch],
  )
  const change = useCallback(
    (wanted: Partial<Address>) => setQuery(writeAddress(query, wanted)),
    [query, setQuery],
  )
  return { address, change, query, setQuery }
}
