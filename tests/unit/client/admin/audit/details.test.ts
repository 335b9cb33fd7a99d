import { describe, expect, it } from 'vitest'
import { detailRows } from '../../../../../client/admin/audit/details.ts'

describe('the details of an audit entry', () => {
  it('are changes, field by field', () => {
    expect(detailRows({ weight: { from: 1, to: 2 }, name: { from: null, to: 'New' } })).toEqual([
      { field: 'weight', kind: 'change', from: '1', to: '2' },
      { field: 'name', kind: 'change', from: null, to: 'New' },
    ])
  })

  it('tell only what differs of objects', () => {
    const extra = { from: { a: 1, b: 2 }, to: { a: 1, b: 3, c: [4] } }
    expect(detailRows({ 'provider.extra': extra })).toEqual([
      { field: 'provider.extra.b', kind: 'change', from: '2', to: '3' },
      { field: 'provider.extra.c', kind: 'change', from: null, to: '[4]' },
    ])
  })

  it('are what they are where they are no changes', () => {
    expect(detailRows({ apiKey: 'changed', tags: ['x'], none: null, empty: {} })).toEqual([
      { field: 'apiKey', kind: 'value', from: null, to: 'changed' },
      { field: 'tags', kind: 'value', from: null, to: '["x"]' },
      { field: 'none', kind: 'value', from: null, to: null },
      { field: 'empty', kind: 'value', from: null, to: '{}' },
    ])
    expect(detailRows(null)).toEqual([])
  })
})
