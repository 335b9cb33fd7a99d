import { expect, test } from 'vitest'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import { fitPosition } from '../../../../shared/ratings/position.ts'
import { PairCounts } from '../../../../shared/ratings/pair-counts.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import type { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import { golden } from '../../../support/ratings/golden.ts'
import {
  ARENA_MODELS,
  arenaTable,
  modelName,
  syntheticBattles,
  type ArenaParameters,
} from '../../../support/ratings/synthetic-arena.ts'

const KEY = 'contextual_bt_constant_feature(no reg)'
type Golden = {
  configs: {
    D_left_bias: {
      params: ArenaParameters
      [KEY]: {
        gamma_logit: number
        gamma_elo: number
        rating_elo_mean1000: Record<string, number>
      }
    }
  }
}

function fitOf(table: VoteTable, counts: PairCounts = SliceCounts.of(table).pairs[0]!) {
  const order = table.models.sortedIds()
  const indexOf = new Int32Array(order.length)
  for (const [index, id] of order.entries()) indexOf[id] = index
  return fitPosition(counts, indexOf, order.length, 'half')
}

test('the golden arena with a left bias has the golden coefficient and ratings', () => {
  const { params, [KEY]: wanted } = golden<Golden>('synthetic_arena.json').configs.D_left_bias
  const fit = fitOf(arenaTable(syntheticBattles(params)))!
  expect(fit.coefficient).toBeCloseTo(wanted.gamma_logit, 9)
  expect(fit.coefficient * ELO_PER_LOGIT).toBeCloseTo(wanted.gamma_elo, 6)
  for (let k = 0; k < ARENA_MODELS; k += 1) {
    const rating = 1000 + fit.theta[k]! * ELO_PER_LOGIT
    expect(rating).toBeCloseTo(wanted.rating_elo_mean1000[modelName(k)]!, 6)
  }
  // Half-ties shrink γ = 0.2 as they shrink every distance; noise is not what moved it.
  expect(fit.se).toBeGreaterThan(0.004)
  expect(fit.se).toBeLessThan(0.012)
})

test('the standard error is how the coefficient scatters over arenas', () => {
  const fits = Array.from({ length: 120 }, (_, seed) => {
    const law = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0.2 }
    return fitOf(arenaTable(syntheticBattles({ seed: seed + 1, N: 2000, ...law })))!
  })
  const mean = fits.reduce((sum, { coefficient }) => sum + coefficient, 0) / fits.length
  const variance =
    fits.reduce((sum, { coefficient }) => sum + (coefficient - mean) ** 2, 0) / (fits.length - 1)
  const expected = fits.reduce((sum, { se }) => sum + se * se, 0) / fits.length
  expect(Math.sqrt(variance / expected)).toBeGreaterThan(0.8)
  expect(Math.sqrt(variance / expected)).toBeLessThan(1.2)
})

test('mirrored votes have the opposite coefficient and the same strengths', () => {
  const law = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0.3 }
  const battles = syntheticBattles({ seed: 2, N: 4000, ...law })
  const mirrored = battles.map(({ left, right, outcome }) => ({
    left: right,
    right: left,
    outcome: outcome < 2 ? 1 - outcome : outcome,
  }))
  const [fit, mirror] = [fitOf(arenaTable(battles))!, fitOf(arenaTable(mirrored))!]
  expect(mirror.coefficient).toBeCloseTo(-fit.coefficient, 10)
  expect(mirror.se).toBeCloseTo(fit.se, 10)
  for (const [k, each] of fit.theta.entries()) expect(mirror.theta[k]).toBeCloseTo(each, 10)
})

test('where one side always won, or nobody voted, there is none', () => {
  const law = { step: 0, nu: 0, bb: 0, skew: 1, gamma: 0 }
  const battles = syntheticBattles({ seed: 4, N: 500, ...law })
  expect(fitOf(arenaTable(battles.map((each) => ({ ...each, outcome: 0 }))))).toBeUndefined()
  expect(fitPosition(new PairCounts(), new Int32Array(0), 0, 'half')).toBeUndefined()
})
