import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ELO_PER_LOGIT, normalQuantile, wilson, Z_95 } from '../../../../shared/ratings/numbers.ts'

test('quantiles of the normal distribution', () => {
  // From tables of 16 digits.
  expect(normalQuantile(0.975)).toBeCloseTo(Z_95, 14)
  expect(normalQuantile(1e-5)).toBeCloseTo(-4.264890793922602, 12)
  expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825301131, 12)
  expect(normalQuantile(0.3)).toBeCloseTo(-0.5244005127080407, 14)
  expect(normalQuantile(0.5)).toBe(0)
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
})

test('quantiles grow and are symmetric', () => {
  const probability = fc.double({ min: 1e-9, max: 0.5, noNaN: true })
  fc.assert(
    fc.property(probability, probability, (p, q) => {
      expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6)
      if (p < q) expect(normalQuantile(p)).toBeLessThanOrEqual(normalQuantile(q))
    }),
  )
})

test('Wilson’s interval holds the rate, stays in [0, 1], and mirrors', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e6 }), fc.nat({ max: 1e6 }), (successes, failures) => {
      const n = successes + failures
      const { low, high } = wilson(successes, n)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      if (n === 0) expect([low, high]).toEqual([0, 1])
      else {
        expect(low).toBeLessThanOrEqual(successes / n)
        expect(high).toBeGreaterThanOrEqual(successes / n)
        const mirrored = wilson(failures, n)
        expect(mirrored.high).toBeCloseTo(1 - low, 12)
      }
    }),
  )
})

test('400 Elo points are odds of ten to one', () => {
  expect(Math.exp(400 / ELO_PER_LOGIT)).toBeCloseTo(10, 12)
})
