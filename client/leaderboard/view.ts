import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'

/** What the leaderboard can show. */
export const VIEWS = ['overview', ...BOARD_DIMENSIONS] as const
export type View = (typeof VIEWS)[number]

/** An order of rows, as it stands in the address. */
export type Order = { readonly by: string; readonly direction: 'ascending' | 'descending' }

/** Reads the view from the address; what is unknown is the overview. */
export function viewOf(query: URLSearchParams): View {
  const board = query.get('board')
  return VIEWS.find((view) => view === board) ?? 'overview'
}

/** Reads the order of rows from the address. */
export function orderOf(query: URLSearchParams, columns: readonly string[], by: string): Order {
  const wanted = query.get('sort') ?? by
  return {
    by: columns.includes(wanted) ? wanted : by,
    direction: query.get('dir') === 'desc' ? 'descending' : 'ascending',
  }
}

/** The address of a view; the overview has none. */
export function queryOfView(view: View): string {
  return view === 'overview' ? '' : `?board=${view}`
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

/** Whether a view is one board. */
export function isBoard(view: View): view is BoardDimension {
  return view !== 'overview'
}
