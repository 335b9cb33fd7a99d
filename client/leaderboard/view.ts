/** An order of rows, as it stands in the address. */
export type Order = { readonly by: string; readonly direction: 'ascending' | 'descending' }

/** A column that rows can be ordered by. */
export type SortColumn<T> = {
  readonly by: string
  readonly name: string
  /** The direction that shows the best first: what a first press sorts by. */
  readonly best: Order['direction']
  readonly value: (row: T) => number | string | null
}

/** Reads the order of rows from the address. */
export function orderOf<T>(query: URLSearchParams, columns: readonly SortColumn<T>[]): Order {
  const wanted = columns.find(({ by }) => by === query.get('sort')) ?? columns[0]
  const given = query.get('sort') === wanted?.by ? query.get('dir') : null
  const direction =
    given === 'desc' ? 'descending' : given === 'asc' ? 'ascending' : (wanted?.best ?? 'ascending')
  return { by: wanted?.by ?? '', direction }
}

/** Puts an order into the address. */
export function withOrder(query: URLSearchParams, order: Order): URLSearchParams {
  const next = new URLSearchParams(query)
  next.set('sort', order.by)
  next.set('dir', order.direction === 'ascending' ? 'asc' : 'desc')
  return next
}

/** The order after a press on a column's head: a new column begins with its best end. */
export function nextOrder(order: Order, by: string, best: Order['direction']): Order {
  if (order.by !== by) return { by, direction: best }
  return { by, direction: order.direction === 'ascending' ? 'descending' : 'ascending' }
}

/** Sorts by a number or a name; what has none comes last in either direction. */
export function sortRows<T>(
  rows: readonly T[],
  valueOf: (row: T) => number | string | null,
  direction: Order['direction'],
): T[] {
  const sign = direction === 'ascending' ? 1 : -1
  return [...rows].sort((left, right) => {
    const a = valueOf(left)
    const b = valueOf(right)
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return typeof a === 'string' || typeof b === 'string'
      ? sign * String(a).localeCompare(String(b))
      : sign * (a - b)
  })
}
