import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addTo,
  fromStored,
  LARGEST,
  merge,
  percentiles,
  RELATIVE_ERROR,
  SMALLEST,
  toStored,
  type Histogram,
} from '../../../../server/health/histogram.ts'

function of(values: readonly number[]): Histogram {
  const histogram: Histogram = new Map()
  for (const value of values) addTo(histogram, value)
  return histogram
}

/** The value of a share by nearest rank. */
function exact(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN
}

// Spread over the decades, as times and speeds are.
const valueOf = fc
  .double({ min: Math.log(SMALLEST), max: Math.log(LARGEST), noNaN: true })
  .map((log) => Math.min(LARGEST, Math.max(SMALLEST, Math.exp(log))))
const shareOf = fc.double({ min: 0, max: 1, noNaN: true })
const valuesOf = fc.array(valueOf, { minLength: 1, maxLength: 300 })

describe('a histogram', () => {
  test('tells every percentile within its error', () => {
    fc.assert(
      fc.property(valuesOf, shareOf, (values, share) => {
        const [told = Number.NaN] = percentiles(of(values), [share]) ?? []
        const there = exact(values, share)
        expect(Math.abs(told - there) / there).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9)
      }),
    )
    expect(RELATIVE_ERROR).toBeLessThanOrEqual(0.05)
  })

  test('of all values is that of their parts merged', () => {
    fc.assert(
      fc.property(valuesOf, valuesOf, (left, right) => {
        const merged = merge([of(left), of(right)])
        expect(merged).toEqual(of([...left, ...right]))
      }),
    )
  })

  test('is the same after it was stored', () => {
    fc.assert(
      fc.property(valuesOf, (values) => {
        expect(fromStored(toStored(of(values)))).toEqual(of(values))
      }),
    )
  })

  test('of nothing has no percentiles, and takes no number that is none', () => {
    expect(percentiles(of([]), [0.5])).toBeUndefined()
    expect(percentiles(of([Number.NaN]), [0.5])).toBeUndefined()
  })

  test('counts what is beyond its ends as its ends', () => {
    const [low = 0, high = 0] = percentiles(of([0, -5, Infinity]), [0.5, 1]) ?? []
    expect(low / SMALLEST).toBeCloseTo(1, 1)
    expect(high / LARGEST).toBeCloseTo(1, 1)
  })

  test('stays small, however much is counted', () => {
    const histogram = of(Array.from({ length: 20_000 }, (_, index) => 1 + index * 3))
    expect(histogram.size).toBeLessThan(250)
  })
})
