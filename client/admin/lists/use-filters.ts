import { useCallback, useState } from 'react'
import { useSearchParams } from 'react-router'

/**
 * What a list is narrowed down to, kept in the address. The router follows the address in its own
 * time, which is too late for the next choice: until it has, what was written last holds.
 *
 * @param names the filters that there are; others are left alone
 */
export function useFilters<Name extends string>(
  names: readonly Name[],
): {
  readonly filters: Readonly<Record<Name, string>>
  /** The filters that are set, as a query; equal filters give equal queries. */
  readonly query: string
  /** Sets filters; an empty text takes one away. */
  readonly set: (change: Partial<Record<Name, string>>) => void
} {
  const [routed, setSearch] = useSearchParams()
  const [written, setWritten] = useState(routed)
  const search = written.toString() === location.search.slice(1) ? written : routed
  const filters = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<
    Name,
    string
  >
  const query = new URLSearchParams(
    names.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]]])),
  ).toString()
  const set = useCallback(
    (change: Partial<Record<Name, string>>) => {
      const next = new URLSearchParams(location.search)
      for (const [name, value] of Object.entries<string | undefined>(change)) {
        if (value === undefined || value === '') next.delete(name)
        else next.set(name, value)
      }
      setWritten(next)
      setSearch(next, { replace: true, preventScrollReset: true })
    },
    [setSearch],
  )
  return { filters, query, set }
}
