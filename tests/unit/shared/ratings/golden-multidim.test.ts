import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fitImportedComposite } from '../../../../shared/ratings/composite.ts'
import { standardErrors } from '../../../../shared/ratings/intervals.ts'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_SKIP,
  OUTCOME_TIE,
} from '../../../../shared/ratings/outcomes.ts'
import { pairOutcomes } from '../../../../shared/ratings/pair-counts.ts'
import { scorePairs } from '../../../../shared/ratings/pair-scores.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import {
  column,
  ELO_TOLERANCE,
  expectClose,
  golden,
  kendallTau,
  MLE_TOLERANCE,
  rate,
  SE_TOLERANCE,
  type ByModel,
} from '../../../support/ratings/golden.ts'
import {
  ARENA_MODELS,
  modelName,
  MULTIDIM_DIMENSIONS,
  multidimBattles,
  multidimOffset,
} from '../../../support/ratings/synthetic-arena.ts'

type DimensionFile = {
  counts: { left: number; right: number; tie: number }
  'sha256(outcome digits)': string
  bt_rating_elo_mean1000: ByModel
  davidson_rating_elo_mean1000: ByModel
  davidson_nu: number
  elo_k4: ByModel
  elo_k32: ByModel
  kendall_tau_davidson_vs_truth: number
}
const file = golden<{
  dimensions: Record<(typeof MULTIDIM_DIMENSIONS)[number], DimensionFile>
  composite_bt: { cases: { weights: ByModel; rating_elo: ByModel; se_elo: ByModel }[] }
}>('multidim.json')
const addenda = golden<{
  composite_clustered_multidim: {
    cases: {
      weights: ByModel
      case: string
      rating_elo: number[]
      se_clustered_elo: number[]
      se_independent_elo: number[]
    }[]
  }
}>('addenda.json')

const battles = multidimBattles()

function tableOf(
  options: {
    readonly voterOf?: (battle: number) => string | null
    readonly accuracyOf?: (battle: number) => boolean
  } = {},
): VoteTable {
  const table = new VoteTable({ dimensions: MULTIDIM_DIMENSIONS })
  for (const [index, { left, right, outcomes }] of battles.entries()) {
    table.append({
      modelA: modelName(left),
      modelB: modelName(right),
      outcomes:
        options.accuracyOf?.(index) === false ? [OUTCOME_SKIP, ...outcomes.slice(1)] : outcomes,
      voter: options.voterOf?.(index) ?? null,
    })
  }
  return table
}

const weightsOf = (weights: ByModel) => MULTIDIM_DIMENSIONS.map((name) => weights[name]!)
const byModel = (values: ArrayLike<number>): ByModel =>
  Object.fromEntries(Array.from(values, (value, model) => [modelName(model), value]))

describe.each(MULTIDIM_DIMENSIONS)('dimension %s', (dimension) => {
  const d = MULTIDIM_DIMENSIONS.indexOf(dimension)
  const wanted = file.dimensions[dimension]
  const table = tableOf()

  test('battles', () => {
    const digits = ['1', '2', '0']
    const log = battles.map(({ outcomes }) => digits[outcomes[d]!]!).join('')
    expect(createHash('sha256').update(log).digest('hex')).toBe(wanted['sha256(outcome digits)'])
    const total = (code: number) => battles.filter(({ outcomes }) => outcomes[d] === code).length
    expect({ left: total(OUTCOME_A), right: total(OUTCOME_B), tie: total(OUTCOME_TIE) }).toEqual(
      wanted.counts,
    )
  })

  test('Bradley–Terry, Davidson, Elo', () => {
    const board = rate(table, { dimension, intervals: 'none' })
    expectClose(column(board, 'rating'), wanted.bt_rating_elo_mean1000, MLE_TOLERANCE)
    const davidson = rate(table, { dimension, method: 'davidson' })
    const ratings = column(davidson, 'rating')
    expectClose(ratings, wanted.davidson_rating_elo_mean1000, MLE_TOLERANCE)
    expect(davidson.nu).toBeCloseTo(wanted.davidson_nu, 8)
    expectClose(column(board, 'elo'), wanted.elo_k4, ELO_TOLERANCE)
    const k32 = rate(table, { dimension, method: 'elo', k: 32 })
    expectClose(column(k32, 'rating'), wanted.elo_k32, ELO_TOLERANCE)
    const models = Array.from({ length: ARENA_MODELS }, (_, model) => model)
    const tau = kendallTau(
      models.map((model) => ratings[modelName(model)]!),
      models.map((model) => multidimOffset(d, model)),
    )
    expect(Math.abs(tau - wanted.kendall_tau_davidson_vs_truth)).toBeLessThan(0.002)
  })
})

describe('the composite', () => {
  test.each(file.composite_bt.cases)('as arena-rank makes it: $weights', (wanted) => {
    const table = tableOf()
    const counts = SliceCounts.of(table)
    const indexOf = new Int32Array(ARENA_MODELS)
    for (const [index, id] of table.models.sortedIds().entries()) indexOf[id] = index
    const parts = weightsOf(wanted.weights).map((weight, d) => ({
      weight,
      scores: scorePairs(pairOutcomes(counts.pairs[d]!, indexOf, ARENA_MODELS), 'half'),
    }))
    const { fit, covariance } = fitImportedComposite(parts, ARENA_MODELS, 1e-5)
    if (!fit.converged || covariance === undefined) throw new Error('not converged')
    expectClose(
      byModel(fit.theta.map((theta) => 1000 + theta * ELO_PER_LOGIT)),
      wanted.rating_elo,
      MLE_TOLERANCE,
    )
    expectClose(
      byModel(standardErrors(covariance, ARENA_MODELS).map((error) => error * ELO_PER_LOGIT)),
      wanted.se_elo,
      SE_TOLERANCE,
    )
  })

  const tables: Record<string, () => VoteTable> = {
    'all verdicts, cluster = battle': () => tableOf(),
    'all verdicts, cluster = battle index mod 300': () =>
      tableOf({ voterOf: (battle) => String(battle % 300) }),
    'accuracy missing on odd battle indices, cluster = battle': () =>
      tableOf({ accuracyOf: (battle) => battle % 2 === 0 }),
  }

  test.each(addenda.composite_clustered_multidim.cases)('$case, $weights', (wanted) => {
    const table = tables[wanted.case]!()
    const options = { dimension: 'overall', weights: weightsOf(wanted.weights) }
    const board = rate(table, options)
    expectClose(column(board, 'rating'), byModel(wanted.rating_elo), MLE_TOLERANCE)
    expectClose(column(board, 'se'), byModel(wanted.se_clustered_elo), SE_TOLERANCE)
    const independent = rate(table, { ...options, intervals: 'sandwich' })
    expectClose(column(independent, 'se'), byModel(wanted.se_independent_elo), SE_TOLERANCE)
    // Weights are relative.
    const scaled = rate(table, { ...options, weights: options.weights.map((w) => 6 * w) })
    expectClose(column(scaled, 'se'), column(board, 'se'), 1e-9)
    expect(board.votes).toBe(battles.length)
  })

  test('with all weight on one dimension it is that dimension', () => {
    const table = tableOf()
    const only = rate(table, { dimension: 'overall', weights: [0, 2, 0] })
    const dimension = rate(table, { dimension: 'helpfulness' })
    expect(column(only, 'rating')).toEqual(column(dimension, 'rating'))
    expect(column(only, 'se')).toEqual(column(dimension, 'se'))
    expect(column(only, 'elo')).toEqual(column(dimension, 'elo'))
  })
})
