import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  makeScale,
  placeOn,
  ratingScale,
  roundTicks,
} from '../../../../client/leaderboard/scale.ts'
import { rowOf } from './rows.ts'

describe('an axis', () => {
  it('holds every rating and every interval that says something', () => {
    const scale = ratingScale([
      rowOf('x', { rating: 900, ciLow: 880, ciHigh: 920 }),
      rowOf('y', { rating: 1100, ciLow: 1085, ciHigh: 1115 }),
      rowOf('new', { rating: 1000, ciLow: 200, ciHigh: 1800, provisional: true }),
      rowOf('z', { rating: null, ciLow: null, ciHigh: null, status: 'disconnected' }),
    ])
    expect(scale.min).toBeLessThan(880)
    expect(scale.max).toBeGreaterThan(1115)
    // What a few votes leave open does not squeeze everything else.
    expect(scale.min).toBeGreaterThan(800)
    expect(placeOn(scale, 200)).toBe(0)
    expect(placeOn(scale, 1800)).toBe(1)
  })

  it('exists for no rows and for one', () => {
    for (const rows of [[], [rowOf('x', { ciLow: null, ciHigh: null })]]) {
      const { min, max, ticks } = ratingScale(rows)
      expect(max - min).toBeGreaterThan(0)
      expect(ticks.length > 0).toBe(rows.length > 0)
    }
  })

  it('has round, evenly spaced numbers within its ends, and not too many', () => {
    const ends = fc.tuple(
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
    )
    fc.assert(
      fc.property(ends, fc.integer({ min: 2, max: 8 }), ([min, span], wanted) => {
        const ticks = roundTicks(min, min + span, wanted)
        expect(ticks.length).toBeLessThanOrEqual(wanted + 1)
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(min - span * 1e-9)
          expect(tick).toBeLessThanOrEqual(min + span * (1 + 1e-9))
        }
      }),
    )
    expect(roundTicks(880, 1115, 5)).toEqual([900, 950, 1000, 1050, 1100])
  })

  it('keeps the order of values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { minLength: 2, maxLength: 9 }),
        (values) => {
          const scale = makeScale(values, 1)
          const places = values.toSorted((a, b) => a - b).map((value) => placeOn(scale, value))
          expect(places).toEqual(places.toSorted((a, b) => a - b))
        },
      ),
    )
  })
})
