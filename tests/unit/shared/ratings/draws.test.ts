import { expect, test } from 'vitest'
import { binomial, lnGamma, normal, poisson } from '../../../../shared/ratings/draws.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'

const DRAWS = 40_000

/** Pearson's χ² of drawn counts against a distribution, cells with fewer than 8 expected pooled. */
function chiSquared(
  draw: () => number,
  probability: (k: number) => number,
  most: number,
): { statistic: number; cells: number } {
  const counts = new Map<number, number>()
  for (let each = 0; each < DRAWS; each += 1) {
    const k = draw()
    counts.set(k, (counts.get(k) ?? 0) + 1)
  }
  let [statistic, cells, seen, expected] = [0, 0, 0, 0]
  let [restSeen, restExpected] = [DRAWS, DRAWS]
  for (let k = 0; k <= most; k += 1) {
    seen += counts.get(k) ?? 0
    expected += DRAWS * probability(k)
    if (expected < 8) continue
    if (restExpected - expected < 8) break
    statistic += (seen - expected) ** 2 / expected
    cells += 1
    restSeen -= seen
    restExpected -= expected
    seen = 0
    expected = 0
  }
  statistic += (restSeen - restExpected) ** 2 / restExpected
  return { statistic, cells }
}

/** Far out in the tail of χ² with so many degrees of freedom: seeds are fixed, so that this holds. */
function limit(df: number): number {
  return df + 4 * Math.sqrt(2 * df) + 8
}

for (const mean of [0.3, 4, 9.9, 10, 37, 2000]) {
  test(`Poisson numbers with a mean of ${mean} are distributed so`, () => {
    const random = mulberry32(7)
    const { statistic, cells } = chiSquared(
      () => poisson(random, mean),
      (k) => Math.exp(k * Math.log(mean) - mean - lnGamma(k + 1)),
      mean * 3 + 30,
    )
    expect(statistic).toBeLessThan(limit(cells))
  })
}

for (const [n, p] of [
  [1, 0.5],
  [40, 0.1],
  [40, 0.9],
  [100, 0.4],
  [5000, 0.01],
  [5000, 0.7],
] as const) {
  test(`binomial numbers of ${n} trials at ${p} are distributed so`, () => {
    const random = mulberry32(11)
    const choose = (k: number) => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1)
    const { statistic, cells } = chiSquared(
      () => binomial(random, n, p),
      (k) => Math.exp(choose(k) + k * Math.log(p) + (n - k) * Math.log1p(-p)),
      n,
    )
    expect(statistic).toBeLessThan(limit(cells))
  })
}

test('nothing is drawn of nothing, all of certainty', () => {
  const random = mulberry32(1)
  expect(poisson(random, 0)).toBe(0)
  expect(binomial(random, 10, 0)).toBe(0)
  expect(binomial(random, 10, 1)).toBe(10)
  expect(binomial(random, 0, 0.5)).toBe(0)
})

test('normal numbers have mean 0 and variance 1', () => {
  const random = mulberry32(3)
  const values = Float64Array.from({ length: DRAWS }, () => normal(random))
  const mean = values.reduce((sum, each) => sum + each, 0) / DRAWS
  const variance = values.reduce((sum, each) => sum + each * each, 0) / DRAWS
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(DRAWS))
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / DRAWS))
})
