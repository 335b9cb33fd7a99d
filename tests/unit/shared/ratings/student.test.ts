import { expect, test } from 'vitest'
import { lnGamma } from '../../../../shared/ratings/draws.ts'
import { Z_95 } from '../../../../shared/ratings/numbers.ts'
import { studentQuantile95 } from '../../../../shared/ratings/student.ts'

// scipy.stats.t.ppf(0.975, df)
const TABLE: readonly (readonly [number, number])[] = [
  [1, 12.706204736174694],
  [2, 4.302652729749462],
  [3, 3.1824463052837078],
  [5, 2.5705818356363146],
  [10, 2.228138851986274],
  [30, 2.0422724563012378],
  [100, 1.9839715185235518],
  [300, 1.9679030112610865],
  [1000, 1.9623390808264083],
]

test('quantiles are those of the tables', () => {
  for (const [df, quantile] of TABLE) expect(studentQuantile95(df)).toBeCloseTo(quantile, 11)
  expect(studentQuantile95(Number.POSITIVE_INFINITY)).toBe(Z_95)
})

test('they fall without a jump as degrees of freedom grow, to the normal quantile', () => {
  let before = studentQuantile95(0.9)
  for (let df = 0.95; df < 2000; df *= 1.01) {
    const next = studentQuantile95(df)
    expect(next).toBeLessThan(before)
    expect(next).toBeGreaterThan(Z_95)
    before = next
  }
  expect(studentQuantile95(300 - 1e-9)).toBeCloseTo(studentQuantile95(300), 11)
})

test('ln Γ has its known values', () => {
  let factorial = 1
  for (let n = 1; n <= 20; n += 1) {
    expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 11)
    factorial *= n
  }
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12)
  expect(lnGamma(0.1)).toBeCloseTo(2.252712651734206, 12)
})
