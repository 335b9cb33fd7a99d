import { describe, expect, it } from 'vitest'
import {
  nextOrder,
  orderOf,
  queryOfView,
  sortRows,
  viewOf,
} from '../../../../client/leaderboard/view.ts'

describe('the view', () => {
  it('stands in the address, and what is unknown is the overview', () => {
    expect(viewOf(new URLSearchParams('board=language'))).toBe('language')
    expect(viewOf(new URLSearchParams('board=beauty'))).toBe('overview')
    expect(queryOfView('accuracy')).toBe('?board=accuracy')
    expect(queryOfView('overview')).toBe('')
  })

  it('reads an order only of columns that exist', () => {
    const columns = ['rank', 'votes']
    expect(orderOf(new URLSearchParams('sort=votes&dir=desc'), columns, 'rank')).toEqual({
      by: 'votes',
      direction: 'descending',
    })
    expect(orderOf(new URLSearchParams('sort=x'), columns, 'rank').by).toBe('rank')
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
