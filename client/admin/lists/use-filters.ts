import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/**
 * What a list is narrowed down to, kept in the address.
 *
 * @param names the filters that there are; others are left alone
 */
export function useFilters<Name extends string>(
  names: readonly Name[],
): {
  readonly filters: Readonly<Record<Name, string>>
  /** The filters that are set, as a query; stable as long as they are. */
  readonly query: string
  /** Sets filters; an empty text takes one away. */
  readonly set: (change: Partial<Record<Name, string>>) => void
} {
  const [search, setSearch] = useSearchParams()
  const filters = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<
    Name,
    string
  >
  const query = new URLSearchParams(
    names.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]]])),
  ).toString()
  const set = useCallback(
    (change: Partial<Record<Name, string>>) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries<string | undefined>(change)) {
            if (value === undefined || value === '') next.delete(name)
            else next.set(name, value)
          }
          return next
        },
        { replace: true, preventScrollReset: true },
      )
    },
    [setSearch],
  )
  return { filters, query, set }
}
