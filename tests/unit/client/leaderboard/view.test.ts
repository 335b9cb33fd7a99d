import { describe, expect, it } from 'vitest'
import {
  nextOrder,
  orderOf,
  sortRows,
  withOrder,
  type SortColumn,
} from '../../../../client/leaderboard/view.ts'

const COLUMNS: readonly SortColumn<number>[] = [
  { by: 'rank', name: 'Rank', best: 'ascending', value: (row) => row },
  { by: 'votes', name: 'Votes', best: 'descending', value: (row) => row },
]

describe('the order of rows', () => {
  it('is read only of columns that exist, and begins with the best', () => {
    expect(orderOf(new URLSearchParams('sort=votes&dir=asc'), COLUMNS)).toEqual({
      by: 'votes',
      direction: 'ascending',
    })
    expect(orderOf(new URLSearchParams('sort=votes'), COLUMNS).direction).toBe('descending')
    expect(orderOf(new URLSearchParams('sort=x&dir=desc'), COLUMNS)).toEqual({
      by: 'rank',
      direction: 'ascending',
    })
  })

  it('is written so that it is read back', () => {
    const order = { by: 'votes', direction: 'ascending' } as const
    expect(orderOf(withOrder(new URLSearchParams('view=x'), order), COLUMNS)).toEqual(order)
  })

  it('begins a column with its best end, and turns it with a second press', () => {
    const first = nextOrder({ by: 'rank', direction: 'ascending' }, 'votes', 'descending')
    expect(first).toEqual({ by: 'votes', direction: 'descending' })
    expect(nextOrder(first, 'votes', 'descending').direction).toBe('ascending')
  })

  it('sorts numbers and names, and keeps what has none at the end', () => {
    const rows = [2, null, 10, 1]
    expect(sortRows(rows, (row) => row, 'ascending')).toEqual([1, 2, 10, null])
    expect(sortRows(rows, (row) => row, 'descending')).toEqual([10, 2, 1, null])
    expect(sortRows(['b', 'a'], (row) => row, 'ascending')).toEqual(['a', 'b'])
  })
})
