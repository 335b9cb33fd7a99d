import { describe, expect, it } from 'vitest'
import { summaryOf, type Outcome } from '../../../../../client/admin/exchange/summary.ts'

const result = (...outcomes: Outcome[]) => ({
  format: 'yaml' as const,
  dryRun: true,
  registered: 0,
  items: outcomes.map((outcome, index) => ({
    entry: index + 1,
    slug: 'x',
    outcome,
    notes: [],
  })),
})

describe('what an import would do', () => {
  it('counts what can be registered', () => {
    const { counts, ready } = summaryOf(result('would-register', 'exists', 'would-register'))
    expect(ready).toBe(2)
    expect(counts).toEqual({ registered: 0, 'would-register': 2, exists: 1, invalid: 0 })
  })

  it('offers nothing while an entry cannot be used', () => {
    expect(summaryOf(result('would-register', 'invalid')).ready).toBe(0)
  })
})
