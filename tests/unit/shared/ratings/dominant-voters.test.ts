import { expect, test } from 'vitest'
import { spreadOf } from '../../../../shared/ratings/dominant-voters.ts'
import { ELO_PER_LOGIT, Z_95 } from '../../../../shared/ratings/numbers.ts'
import { rateVotes, type RateOptions } from '../../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { studentQuantile95 } from '../../../../shared/ratings/student.ts'
import type { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import { arenaTable, syntheticBattles } from '../../../support/ratings/synthetic-arena.ts'

const LAW = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0 }

function tableWith(votes: number, voterOf?: (battle: number) => string): VoteTable {
  return arenaTable(syntheticBattles({ seed: 1, N: votes, ...LAW }), voterOf)
}

function board(table: VoteTable, options: Partial<RateOptions> = {}) {
  return rateVotes(table, SliceCounts.of(table), {
    dimension: 'quality',
    method: 'bradley-terry',
    ...options,
  })
}

const halfOf = ({ ciLow, ciHigh }: { ciLow: number | null; ciHigh: number | null }) =>
  (ciHigh! - ciLow!) / 2

test('equal voters: the jackknife’s variance and Student’s quantile, by hand', () => {
  // Ten voters of a mean with one strength: scores s_c, H = 1.
  const scores = [1, -2, 3, -1, 2, -3, 1, -1, 2, -2]
  const active = scores.map((s) => ({ share: 0.1, scores: Float64Array.of(s) }))
  const squares = scores.map((s) => s * s)
  const variance = squares.reduce((sum, each) => sum + each, 0)
  const fourth = squares.reduce((sum, each) => sum + each * each, 0)
  const { halfWidths } = spreadOf(Float64Array.of(1), Float64Array.of(variance), 1, active)
  const quantile = studentQuantile95((3 * variance * variance) / fourth)
  expect(halfWidths[0]).toBeCloseTo((quantile * Math.sqrt(variance)) / 0.9, 12)
})

test('where everybody votes once nothing changes, whether voters have names or not', () => {
  const nameless = board(tableWith(3000))
  const named = board(tableWith(3000, (battle) => `v${battle}`))
  for (const [k, row] of nameless.models.entries()) {
    expect(halfOf(row)).toBeCloseTo(Z_95 * row.se!, 9)
    expect(halfOf(named.models[k]!)).toBeCloseTo(halfOf(row), 9)
  }
})

test('nor does it where nobody gave a twentieth of the votes', () => {
  for (const row of board(tableWith(20_000, (battle) => `v${battle % 25}`)).models) {
    expect(halfOf(row)).toBeCloseTo(Z_95 * row.se!, 9)
  }
})

test('few voters: wider than the sandwich, which the standard error stays', () => {
  const table = tableWith(5000, (battle) => `v${Math.floor(30 * (battle / 5000) ** 2)}`)
  for (const row of board(table).models) {
    expect(halfOf(row) / (Z_95 * row.se!)).toBeGreaterThan(1.03)
    expect(halfOf(row) / (Z_95 * row.se!)).toBeLessThan(1.8)
  }
})

test('ranks allow for it too: where one voter gave most votes, few differences are certain', () => {
  const most = board(tableWith(3000, (battle) => (battle % 5 > 0 ? 'me' : `v${battle}`)))
  const each = board(tableWith(3000))
  const width = (rows: typeof most.models) =>
    rows.reduce((sum, { rankLow, rankHigh }) => sum + rankHigh! - rankLow!, 0)
  expect(most.spread).not.toBeNull()
  expect(width(most.models)).toBeGreaterThan(width(each.models))
})

test('a model that fewer than ten people have judged is provisional, however many votes', () => {
  const provisional = (voters: number) =>
    board(tableWith(3000, (battle) => `v${battle % voters}`)).models.map((row) => row.provisional)
  expect(new Set(provisional(9))).toEqual(new Set([true]))
  expect(new Set(provisional(10))).toEqual(new Set([false]))
})

test('to first order it is what leaving each voter out in turn gives', () => {
  const voterOf = (battle: number) => `v${battle % 12}`
  const battles = syntheticBattles({ seed: 3, N: 12_000, ...LAW })
  const all = board(arenaTable(battles, voterOf))
  const squares = new Float64Array(all.rated.length)
  const fourth = new Float64Array(all.rated.length)
  for (let left = 0; left < 12; left += 1) {
    const rest = battles.filter((_, battle) => battle % 12 !== left)
    const { theta } = board(arenaTable(rest), { intervals: 'none' })
    for (const [i, model] of all.rated.entries()) {
      const change = (theta.get(model)! - all.theta.get(model)!) ** 2
      squares[i]! += change
      fourth[i]! += change * change
    }
  }
  for (const row of all.models) {
    const i = all.rated.indexOf(row.model)
    const quantile = studentQuantile95((3 * squares[i]! ** 2) / fourth[i]!)
    const jackknife = quantile * Math.sqrt(squares[i]!) * ELO_PER_LOGIT
    expect(halfOf(row) / jackknife).toBeGreaterThan(0.97)
    expect(halfOf(row) / jackknife).toBeLessThan(1.03)
  }
})

test('of one voter alone the votes are taken as independent: nobody knows how others would differ', () => {
  const alone = tableWith(2000, () => 'me')
  for (const style of [false, true]) {
    const [clustered, sandwich] = [
      board(alone, { style }),
      board(tableWith(2000), { style, intervals: style ? 'clustered' : 'sandwich' }),
    ]
    expect(clustered.voters).toBe(1)
    for (const [k, row] of clustered.models.entries()) {
      expect(row.se).toBeGreaterThan(1)
      expect(row.se).toBeCloseTo(sandwich.models[k]!.se!, 9)
      expect(halfOf(row)).toBeCloseTo(halfOf(sandwich.models[k]!), 9)
    }
  }
})
