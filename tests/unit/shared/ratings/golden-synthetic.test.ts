import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fitBradleyTerry, negativeLogLikelihood } from '../../../../shared/ratings/bradley-terry.ts'
import { davidsonMeanNll } from '../../../../shared/ratings/davidson.ts'
import { wilson, ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import { OUTCOMES } from '../../../../shared/ratings/outcomes.ts'
import { pairOutcomes } from '../../../../shared/ratings/pair-counts.ts'
import { scorePairs, totalScore, type PairScores } from '../../../../shared/ratings/pair-scores.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { pairwiseCriticalValue, rankIntervals } from '../../../../shared/ratings/ranks.ts'
import { normalQuantile } from '../../../../shared/ratings/numbers.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
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
  arenaTable,
  halfTieEstimand,
  modelName,
  outcomeString,
  syntheticBattles,
  trueTheta,
  type ArenaParameters,
} from '../../../support/ratings/synthetic-arena.ts'

type ArenaConfig = {
  params: ArenaParameters
  first_battles: string
  sha256: string
  counts: { left: number; right: number; tie: number; bothbad: number }
  wins_row_sums: ByModel
  ties_row_sums_incl_bothbad: ByModel
  'bt_half_ties(incl both-bad)': {
    rating_elo_mean1000: ByModel
    se_sandwich_elo: ByModel
    se_fisher_elo: ByModel
    rank: ByModel
    rank_by_ci: ByModel
    mean_nll: number
  }
  'elo_in_order(init 1000, scale 400, tie=both-bad=0.5)': { k4: ByModel; k32: ByModel }
  kendall_tau_vs_truth: { bt: number; elo_k4: number; elo_k32: number }
  davidson?: {
    rating_elo_mean1000: ByModel
    nu: number
    mean_nll: number
    se_fisher_elo: ByModel
    max_abs_error_vs_truth_elo: number
  }
  'bt_half_ties_estimand_elo(pseudo-true; shrunk vs truth)'?: ByModel
}
const file = golden<{
  prng: { first5_seed1: number[]; first5_seed12345: number[] }
  configs: Record<string, ArenaConfig>
}>('synthetic_arena.json')

test('mulberry32', () => {
  for (const [seed, wanted] of [
    [1, file.prng.first5_seed1],
    [12_345, file.prng.first5_seed12345],
  ] as const) {
    const random = mulberry32(seed)
    expect(wanted.map(() => random())).toEqual(wanted)
  }
})

const truth = Array.from({ length: ARENA_MODELS }, (_, model) => -model)
const inTruthOrder = (values: ByModel) => truth.map((_, model) => values[modelName(model)]!)

describe.each(Object.entries(file.configs))('the synthetic arena %s', (_, config) => {
  const battles = syntheticBattles(config.params)
  const table = arenaTable(battles)
  const counts = SliceCounts.of(table)
  const indexOf = new Int32Array(ARENA_MODELS)
  for (const [index, id] of table.models.sortedIds().entries()) indexOf[id] = index
  const outcomes = pairOutcomes(counts.pairs[0]!, indexOf, ARENA_MODELS)
  const wanted = config['bt_half_ties(incl both-bad)']

  test('battles and counts', () => {
    const log = outcomeString(battles)
    expect(log.startsWith(config.first_battles)).toBe(true)
    expect(createHash('sha256').update(log).digest('hex')).toBe(config.sha256)
    const total = (outcome: (typeof OUTCOMES)[number]) =>
      battles.filter((battle) => OUTCOMES[battle.outcome] === outcome).length
    expect({
      left: total('a'),
      right: total('b'),
      tie: total('tie'),
      bothbad: total('both_bad'),
    }).toEqual(config.counts)
    const { models } = rate(table, { intervals: 'none' })
    const by = (pick: (row: (typeof models)[number]) => number) =>
      Object.fromEntries(models.map((row) => [row.model, pick(row)]))
    expect(by((row) => row.wins)).toEqual(config.wins_row_sums)
    expect(by((row) => row.ties + row.bothBad)).toEqual(config.ties_row_sums_incl_bothbad)
  })

  test('Bradley–Terry, its intervals and ranks', () => {
    const board = rate(table, { intervals: 'sandwich' })
    expectClose(column(board, 'rating'), wanted.rating_elo_mean1000, MLE_TOLERANCE)
    expectClose(column(board, 'se'), wanted.se_sandwich_elo, SE_TOLERANCE)
    expect(column(board, 'rank')).toEqual(wanted.rank)
    expect(column(board, 'rankUb')).toEqual(wanted.rank_by_ci)
    const fisher = rate(table, { intervals: 'fisher' })
    expectClose(column(fisher, 'se'), wanted.se_fisher_elo, SE_TOLERANCE)
    const scores = scorePairs(outcomes, 'half')
    const nll = negativeLogLikelihood(scores, Float64Array.from(board.theta.values()))
    expect(nll / totalScore(scores)).toBeCloseTo(wanted.mean_nll, 9)
    const tau = kendallTau(inTruthOrder(column(board, 'rating')), truth)
    expect(Math.abs(tau - config.kendall_tau_vs_truth.bt)).toBeLessThan(0.002)
  })

  test('votes of voters who gave one each are independent', () => {
    const board = rate(arenaTable(battles, String))
    expectClose(column(board, 'se'), wanted.se_sandwich_elo, SE_TOLERANCE)
    expect(board.voters).toBe(battles.length)
  })

  test('online Elo', () => {
    const elo = config['elo_in_order(init 1000, scale 400, tie=both-bad=0.5)']
    const k4 = column(rate(table, { method: 'elo' }), 'rating')
    const k32 = column(rate(table, { method: 'elo', k: 32 }), 'rating')
    expectClose(k4, elo.k4, ELO_TOLERANCE)
    expectClose(k32, elo.k32, ELO_TOLERANCE)
    const tau = config.kendall_tau_vs_truth
    expect(Math.abs(kendallTau(inTruthOrder(k4), truth) - tau.elo_k4)).toBeLessThan(0.002)
    expect(Math.abs(kendallTau(inTruthOrder(k32), truth) - tau.elo_k32)).toBeLessThan(0.002)
  })

  test('Davidson', () => {
    const board = rate(table, { method: 'davidson' })
    const { davidson } = config
    if (davidson === undefined) {
      // Nobody called a tie: Bradley–Terry.
      expect(board.nu).toBe(0)
      expectClose(column(board, 'rating'), wanted.rating_elo_mean1000, MLE_TOLERANCE)
      expectClose(column(board, 'se'), wanted.se_fisher_elo, SE_TOLERANCE)
      return
    }
    expectClose(column(board, 'rating'), davidson.rating_elo_mean1000, MLE_TOLERANCE)
    expectClose(column(board, 'se'), davidson.se_fisher_elo, SE_TOLERANCE)
    expect(board.nu).toBeCloseTo(davidson.nu, 8)
    const theta = Float64Array.from(board.theta.values())
    expect(davidsonMeanNll(outcomes, 'half', theta, board.nu!)).toBeCloseTo(davidson.mean_nll, 9)
    const real = trueTheta(config.params.step)
    const error = theta.reduce(
      (largest, value, i) => Math.max(largest, Math.abs(value - real[i]!)),
      0,
    )
    expect(error * ELO_PER_LOGIT).toBeCloseTo(davidson.max_abs_error_vs_truth_elo, 5)
  })

  test('what half-ties estimate', () => {
    const estimand = config['bt_half_ties_estimand_elo(pseudo-true; shrunk vs truth)']
    // The file's are of the law without a preference for a side.
    const found = halfTieEstimand({ ...config.params, gamma: 0 })
    const byModel = Object.fromEntries(
      Array.from(found, (theta, model) => [modelName(model), 1000 + theta * ELO_PER_LOGIT]),
    )
    if (estimand !== undefined) expectClose(byModel, estimand, MLE_TOLERANCE)
    else {
      // Without ties Bradley–Terry estimates the truth itself.
      for (const [model, theta] of trueTheta(config.params.step).entries()) {
        expect(found[model]).toBeCloseTo(theta, 9)
      }
    }
  })
})

describe('addenda to the arenas A and C', () => {
  const addenda = golden<{
    rank_intervals_C: Record<string, [number[], number[]]>
    bothbad_A_main: { rows: [number, number, number, number, number][] }
  }>('addenda.json')

  test('rank intervals, one critical value for each way of correcting', () => {
    const table = arenaTable(syntheticBattles(file.configs['C_close_skewed']!.params))
    const board = rate(table, { intervals: 'sandwich' })
    const theta = Float64Array.from(board.theta.values())
    const critical: Record<string, number> = {
      'marginal 1.96': normalQuantile(0.975),
      'Bonferroni pairs, alpha .05 two-sided, M(M-1)/2': pairwiseCriticalValue(ARENA_MODELS),
      'Bonferroni per row, M-1': normalQuantile(1 - 0.05 / (2 * (ARENA_MODELS - 1))),
    }
    for (const [name, [low, high]] of Object.entries(addenda.rank_intervals_C)) {
      const found = rankIntervals(theta, board.covariance!, critical[name]!)
      expect([Array.from(found.low), Array.from(found.high)], name).toEqual([low, high])
    }
    const [low, high] = addenda.rank_intervals_C['Bonferroni pairs, alpha .05 two-sided, M(M-1)/2']!
    expect(inTruthOrder(column(board, 'rankLow'))).toEqual(low)
    expect(inTruthOrder(column(board, 'rankHigh'))).toEqual(high)
  })

  test('both-bad rates with Wilson’s interval', () => {
    const board = rate(arenaTable(syntheticBattles(file.configs['A_main']!.params)))
    const byModel = new Map(board.models.map((row) => [row.model, row]))
    for (const [model, row] of addenda.bothbad_A_main.rows.entries()) {
      const [bothBad, battles, share, low, high] = row
      const found = byModel.get(modelName(model))!
      expect([found.bothBad, found.votes]).toEqual([bothBad, battles])
      expect(found.bothBadRate).toBeCloseTo(share, 12)
      expect(found.bothBadLow).toBeCloseTo(low, 12)
      expect(found.bothBadHigh).toBeCloseTo(high, 12)
    }
  })
})

test('Wilson’s interval', () => {
  const { wilson_95 } = golden<{
    wilson_95: { wins: number; n: number; lo: number; hi: number }[]
  }>('intervals.json')
  for (const { wins, n, lo, hi } of wilson_95) {
    const { low, high } = wilson(wins, n, 1.959964)
    expect(low).toBeCloseTo(lo, 14)
    expect(high).toBeCloseTo(hi, 14)
  }
})

test('quantiles of the normal distribution that the multipliers rest on', () => {
  const { simultaneous_multipliers: rows } = golden<{
    simultaneous_multipliers: Record<string, number>[]
  }>('intervals.json')
  for (const row of rows) {
    const models = row['M']!
    expect(normalQuantile(0.975)).toBeCloseTo(row['z_marginal']!, 12)
    expect(normalQuantile(1 - 0.025 / models)).toBeCloseTo(row['bonferroni_M']!, 10)
    expect(pairwiseCriticalValue(models)).toBeCloseTo(row['bonferroni_pairs']!, 10)
  }
})

test('a fit to expected scores finds the strengths they were made of', () => {
  const theta = trueTheta(25)
  const pairs: [number, number][] = []
  for (let i = 0; i < ARENA_MODELS; i += 1) {
    for (let j = i + 1; j < ARENA_MODELS; j += 1) pairs.push([i, j])
  }
  const share = pairs.map(([i, j]) => 1 / (1 + Math.exp(theta[j]! - theta[i]!)))
  const scores: PairScores = {
    models: ARENA_MODELS,
    size: pairs.length,
    first: Int32Array.from(pairs, ([i]) => i),
    second: Int32Array.from(pairs, ([, j]) => j),
    scoreFirst: Float64Array.from(share),
    scoreSecond: Float64Array.from(share, (p) => 1 - p),
    squaresFirst: new Float64Array(pairs.length),
    squaresSecond: new Float64Array(pairs.length),
    squaresHalf: new Float64Array(pairs.length),
  }
  const fit = fitBradleyTerry(scores)
  if (!fit.converged) throw new Error('not converged')
  for (const [model, value] of theta.entries()) expect(fit.theta[model]).toBeCloseTo(value, 10)
})
