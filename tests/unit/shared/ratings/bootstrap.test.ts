import { expect, test } from 'vitest'
import { bootstrap } from '../../../../shared/ratings/bootstrap.ts'
import { rateVotes } from '../../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { arenaTable, syntheticBattles } from '../../../support/ratings/synthetic-arena.ts'

const COUNTS = [400, 100, 0, 500]
const shares = (drawn: Float64Array) => {
  const all = drawn.reduce((sum, each) => sum + each, 0)
  return drawn.map((each) => each / all)
}

test.each(['poisson', 'multinomial'] as const)('shares scatter as they should (%s)', (kind) => {
  const { covariance, low, high, complete } = bootstrap(COUNTS, shares, {
    kind,
    rounds: 4000,
    seed: 1,
  })
  expect(complete).toBe(4000)
  for (const [k, count] of COUNTS.entries()) {
    const p = count / 1000
    const sd = Math.sqrt((p * (1 - p)) / 1000)
    expect(Math.abs(Math.sqrt(covariance[k * 5]!) - sd)).toBeLessThan(0.05 * sd + 1e-12)
    expect(Math.abs(low[k]! - (p - 1.96 * sd))).toBeLessThan(0.25 * sd + 1e-12)
    expect(Math.abs(high[k]! - (p + 1.96 * sd))).toBeLessThan(0.25 * sd + 1e-12)
  }
  expect(covariance[1]).toBeLessThan(0)
  expect(covariance[1]).toBe(covariance[4])
})

test('a multinomial has as many votes as there were, and nothing of what there was not', () => {
  bootstrap(
    COUNTS,
    (drawn) => {
      expect(drawn.reduce((sum, each) => sum + each, 0)).toBe(1000)
      expect(drawn[2]).toBe(0)
      return drawn
    },
    { kind: 'multinomial', rounds: 200, seed: 3 },
  )
})

test('equal seeds give equal numbers; rounds without a fit are left out', () => {
  const options = { kind: 'poisson', rounds: 50, seed: 9 } as const
  expect(bootstrap(COUNTS, shares, options)).toEqual(bootstrap(COUNTS, shares, options))
  let round = 0
  const { complete } = bootstrap(
    COUNTS,
    (drawn) => {
      round += 1
      return round % 5 === 0 ? new Float64Array(4).fill(Number.NaN) : drawn
    },
    options,
  )
  expect(complete).toBe(40)
  const none = bootstrap(COUNTS, () => Float64Array.of(Number.NaN), options)
  expect(none.complete).toBe(0)
})

test('the errors of a board agree with its sandwich', () => {
  const law = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0 }
  const table = arenaTable(syntheticBattles({ seed: 8, N: 20_000, ...law }))
  const counts = SliceCounts.of(table)
  const errorsOf = (intervals: 'sandwich' | 'bootstrap') =>
    rateVotes(table, counts, { dimension: 'quality', method: 'bradley-terry', intervals }).models
  const sandwich = errorsOf('sandwich')
  for (const [k, { se, rating }] of errorsOf('bootstrap').entries()) {
    expect(rating).toBe(sandwich[k]!.rating)
    // 200 rounds know a standard deviation to 5 %.
    expect(Math.abs(se! / sandwich[k]!.se! - 1)).toBeLessThan(0.2)
  }
})
