import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withMore, withNewest } from '../../../../../client/admin/lists/merge.ts'

type Item = { id: number; state: string }
const keyOf = ({ id }: Item) => id
const items = (...ids: number[]): Item[] => ids.map((id) => ({ id, state: 'old' }))
const page = (nextCursor: string | null, ...list: Item[]) => ({ items: list, nextCursor })

describe('the next page', () => {
  it('goes to the end, and nothing is there twice', () => {
    const held = { items: items(5, 4), cursor: '4' }
    expect(withMore(held, page(null, ...items(4, 3)), keyOf)).toEqual({
      items: items(5, 4, 3),
      cursor: null,
    })
  })
})

describe('the first page read again', () => {
  it('puts what is new in front and renews what was known', () => {
    const held = { items: items(3, 2, 1), cursor: null }
    const renewed = { id: 3, state: 'new' }
    const { held: after, added } = withNewest(held, page('3', ...items(4), renewed), keyOf)
    expect(after).toEqual({ items: [...items(4), renewed, ...items(2, 1)], cursor: null })
    expect(added).toEqual([4])
  })

  it('begins again where the two do not touch', () => {
    const held = { items: items(2, 1), cursor: null }
    const { held: after, added } = withNewest(held, page('8', ...items(9, 8)), keyOf)
    expect(after).toEqual({ items: items(9, 8), cursor: '8' })
    expect(added).toEqual([9, 8])
  })

  it('fills an empty list, and empties one of which nothing is left', () => {
    expect(withNewest({ items: [], cursor: null }, page(null, ...items(1)), keyOf).added).toEqual([
      1,
    ])
    const nothing = { items: [], cursor: null }
    expect(withNewest({ items: items(1), cursor: 'x' }, page(null), keyOf).held).toEqual(nothing)
  })

  it('never shows an item twice, out of order or not at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        (had, came, size) => {
          const all = Array.from({ length: had + came }, (_, index) => had + came - index)
          const before = all.slice(came)
          const cut = before.slice(0, size)
          const held = { items: items(...cut), cursor: before.length > size ? 'x' : null }
          const { held: after } = withNewest(
            held,
            page('y', ...items(...all.slice(0, size))),
            keyOf,
          )
          const ids = after.items.map(keyOf)
          // What is shown is the newest, without a gap.
          expect(ids).toEqual(all.slice(0, ids.length))
          expect(ids.length).toBeGreaterThanOrEqual(Math.min(size, all.length))
        },
      ),
    )
  })
})
