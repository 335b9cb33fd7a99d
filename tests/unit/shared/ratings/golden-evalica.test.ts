import { describe, expect, test } from 'vitest'
import { gamesOf, onlineElo } from '../../../../shared/ratings/elo-permuted.ts'
import { pairOutcomes } from '../../../../shared/ratings/pair-counts.ts'
import { negativeLogLikelihood } from '../../../../shared/ratings/bradley-terry.ts'
import { davidsonMeanNll, fitDavidson } from '../../../../shared/ratings/davidson.ts'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import { OUTCOME_A, OUTCOME_B, OUTCOME_TIE } from '../../../../shared/ratings/outcomes.ts'
import { scorePairs, totalScore } from '../../../../shared/ratings/pair-scores.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import {
  column,
  ELO_TOLERANCE,
  evalicaTable,
  expectClose,
  golden,
  goldenCsv,
  MLE_TOLERANCE,
  rate,
  SE_TOLERANCE,
  type ByModel,
} from '../../../support/ratings/golden.ts'

type Intervals = Record<string, [number, number]>
type EvalicaFile = {
  rows: number
  outcomes: { left: number; right: number; tie: number }
  evalica_default: {
    counting: ByModel
    average_win_rate: ByModel
    bradley_terry_geomean1: ByModel
    elo_k4: ByModel
  }
  elo: Record<string, ByModel>
  elo_reversed_order: Record<string, ByModel>
  newman_fully_converged: { scores: ByModel; v: number }
  bt_mle_converged: {
    theta_logit_centred: ByModel
    rating_elo_mean1000: ByModel
    mean_nll_per_battle: number
    se_fisher_elo: ByModel
    ci95_fisher_elo: Intervals
    se_sandwich_elo: ByModel
    ci95_sandwich_elo: Intervals
    rank_by_ci_sandwich: ByModel
    rank: ByModel
    davidson: {
      theta_centred: ByModel
      rating_elo_mean1000: ByModel
      nu: number
      mean_nll: number
      se_fisher_elo: ByModel
      se_log_nu: number
    }
  }
}

function outcomesOf(table: VoteTable) {
  const counts = SliceCounts.of(table)
  const order = table.models.sortedIds()
  const indexOf = new Int32Array(order.length)
  for (const [index, id] of order.entries()) indexOf[id] = index
  return pairOutcomes(counts.pairs[0]!, indexOf, order.length)
}

const bound = (intervals: Intervals, end: 0 | 1): ByModel =>
  Object.fromEntries(Object.entries(intervals).map(([model, ends]) => [model, ends[end]]))

describe.each(['simple', 'food', 'llmfao'])('evalica’s numbers for %s', (name) => {
  const file = golden<EvalicaFile>(`evalica_${name}.json`)
  const rows = goldenCsv(`evalica-${name}.csv`)
  const table = evalicaTable(rows)
  const mle = file.bt_mle_converged

  test('outcomes are counted', () => {
    expect(table.length).toBe(file.rows)
    const board = rate(table, { intervals: 'none' })
    expect(board.outcomes).toEqual({
      decisive: file.outcomes.left + file.outcomes.right,
      ties: file.outcomes.tie,
      bothBad: 0,
      skipped: 0,
    })
    const points = board.models.map(({ model, wins, ties }) => [model, wins + ties / 2])
    expect(Object.fromEntries(points)).toEqual(file.evalica_default.counting)
  })

  test('Bradley–Terry: ratings, likelihood, order', () => {
    const board = rate(table, { intervals: 'none' })
    expectClose(column(board, 'rating'), mle.rating_elo_mean1000, MLE_TOLERANCE)
    expectClose(
      Object.fromEntries(board.theta),
      mle.theta_logit_centred,
      MLE_TOLERANCE / ELO_PER_LOGIT,
    )
    expect(column(board, 'rank')).toEqual(mle.rank)
    const scores = scorePairs(outcomesOf(table), 'half')
    const nll = negativeLogLikelihood(scores, Float64Array.from(board.theta.values()))
    expect(nll / totalScore(scores)).toBeCloseTo(mle.mean_nll_per_battle, 9)
  })

  test('evalica’s own iteration stops near the same strengths', () => {
    const strengths = [...rate(table, { intervals: 'none' }).theta].map(
      ([model, theta]) => [model, Math.exp(theta)] as const,
    )
    expectClose(
      Object.fromEntries(strengths),
      file.evalica_default.bradley_terry_geomean1,
      1e-6 * Math.max(...strengths.map(([, strength]) => strength)),
    )
  })

  test('Fisher intervals', () => {
    const board = rate(table, { intervals: 'fisher' })
    expectClose(column(board, 'se'), mle.se_fisher_elo, SE_TOLERANCE)
    expectClose(column(board, 'ciLow'), bound(mle.ci95_fisher_elo, 0), 3 * SE_TOLERANCE)
    expectClose(column(board, 'ciHigh'), bound(mle.ci95_fisher_elo, 1), 3 * SE_TOLERANCE)
  })

  test.each(['sandwich', 'clustered'] as const)(
    'sandwich intervals, votes independent (%s), and ranks by interval',
    (intervals) => {
      const board = rate(table, { intervals })
      expectClose(column(board, 'se'), mle.se_sandwich_elo, SE_TOLERANCE)
      expectClose(column(board, 'ciLow'), bound(mle.ci95_sandwich_elo, 0), 3 * SE_TOLERANCE)
      expectClose(column(board, 'ciHigh'), bound(mle.ci95_sandwich_elo, 1), 3 * SE_TOLERANCE)
      expect(column(board, 'rankUb')).toEqual(mle.rank_by_ci_sandwich)
      expect(board.voters).toBe(rows.length)
    },
  )

  test('Davidson: ratings, ν, likelihood, standard errors', () => {
    const wanted = mle.davidson
    const board = rate(table, { method: 'davidson' })
    expectClose(column(board, 'rating'), wanted.rating_elo_mean1000, MLE_TOLERANCE)
    expectClose(
      Object.fromEntries(board.theta),
      wanted.theta_centred,
      MLE_TOLERANCE / ELO_PER_LOGIT,
    )
    expectClose(column(board, 'se'), wanted.se_fisher_elo, SE_TOLERANCE)
    expect(board.nu).toBeCloseTo(wanted.nu, 8)
    const outcomes = outcomesOf(table)
    const theta = Float64Array.from(board.theta.values())
    expect(davidsonMeanNll(outcomes, 'half', theta, board.nu!)).toBeCloseTo(wanted.mean_nll, 9)
    const fit = fitDavidson(outcomes, 'half')
    if (fit.kind !== 'fitted') throw new Error(fit.kind)
    expect(fit.seLogNu).toBeCloseTo(wanted.se_log_nu, 7)
  })

  test('Davidson is where Newman’s iteration ends, ν = 2v', () => {
    const { scores, v } = file.newman_fully_converged
    const values = Object.values(scores)
    const mean = values.reduce((sum, score) => sum + Math.log(score), 0) / values.length
    const board = rate(table, { method: 'davidson', intervals: 'none' })
    const theta = Object.entries(scores).map(([model, score]) => [model, Math.log(score) - mean])
    expectClose(Object.fromEntries(board.theta), Object.fromEntries(theta), 1e-6)
    expect(board.nu! / 2).toBeCloseTo(v, 6)
  })

  test('online Elo in the listed and the reversed order, at every K', () => {
    const models = table.models.size
    const byId = (values: Float64Array) =>
      Object.fromEntries(Array.from(values, (value, id) => [table.models.nameOf(id), value]))
    const games = gamesOf(table, {}, 0, 'half')
    const reversed = {
      left: games.left.toReversed(),
      right: games.right.toReversed(),
      score: games.score.toReversed(),
    }
    expectClose(byId(onlineElo(games, models, 4)), file.evalica_default.elo_k4, ELO_TOLERANCE)
    for (const [key, wanted] of Object.entries(file.elo)) {
      const k = Number(key.slice(1))
      expectClose(byId(onlineElo(games, models, k)), wanted, ELO_TOLERANCE)
      expectClose(column(rate(table, { method: 'elo', k }), 'rating'), wanted, ELO_TOLERANCE)
    }
    for (const [key, wanted] of Object.entries(file.elo_reversed_order)) {
      expectClose(byId(onlineElo(reversed, models, Number(key.slice(1)))), wanted, ELO_TOLERANCE)
    }
    expectClose(column(rate(table), 'elo'), file.evalica_default.elo_k4, ELO_TOLERANCE)
  })
})

test('the example of evalica’s README', () => {
  const file = golden<
    { xs: string[]; ys: string[]; winners: string[] } & Record<
      'elo_k4' | 'elo_k30' | 'elo_k32',
      ByModel
    >
  >('evalica_readme.json')
  const table = new VoteTable({ dimensions: ['quality'] })
  const outcomes: Record<string, number> = { X: OUTCOME_A, Y: OUTCOME_B, Draw: OUTCOME_TIE }
  for (const [i, winner] of file.winners.entries()) {
    table.append({ modelA: file.xs[i]!, modelB: file.ys[i]!, outcomes: [outcomes[winner]!] })
  }
  for (const k of [4, 30, 32] as const) {
    const board = rate(table, { method: 'elo', k })
    expectClose(column(board, 'rating'), file[`elo_k${k}`], ELO_TOLERANCE)
  }
})
