import { describe, expect, test } from 'vitest'
import { oneWayMeat, clusteredMeat } from '../../../../shared/ratings/clustered-meat.ts'
import { sandwichCovariance, standardErrors } from '../../../../shared/ratings/intervals.ts'
import { symmetricEigen } from '../../../../shared/ratings/linear-algebra.ts'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import {
  column,
  evalicaTable,
  expectClose,
  golden,
  goldenCsv,
  MLE_TOLERANCE,
  rate,
  SE_TOLERANCE,
  type ByModel,
} from '../../../support/ratings/golden.ts'

type ClusterFile = {
  clustered: {
    workers: number
    pairs: number
    rating_elo_mean1000: ByModel
    se_fisher: ByModel
    se_iid_sandwich: ByModel
    se_cluster_worker: ByModel
    se_cluster_pair: ByModel
    mean_ratio_cluster_worker_to_iid: number
    mean_ratio_cluster_pair_to_iid: number
  }
}

const workerOf = (row: Record<string, string>) => row['worker']!
const battleOf = (row: Record<string, string>) => row['id']!

describe('LLMFAO’s crowd votes, several on each pair of answers', () => {
  const { clustered } = golden<ClusterFile>('cluster_and_slices.json')
  const rows = goldenCsv('evalica-llmfao.csv')
  const table = evalicaTable(rows, workerOf)
  const judged = evalicaTable(rows, workerOf, battleOf)
  const meanRatio = (errors: ByModel) => {
    const ratios = Object.entries(clustered.se_iid_sandwich).map(
      ([model, error]) => errors[model]! / error,
    )
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
  }

  test('ratings, Fisher and independent sandwich', () => {
    const sandwich = rate(table, { intervals: 'sandwich' })
    expectClose(column(sandwich, 'rating'), clustered.rating_elo_mean1000, MLE_TOLERANCE)
    expectClose(column(sandwich, 'se'), clustered.se_iid_sandwich, SE_TOLERANCE)
    expectClose(
      column(rate(table, { intervals: 'fisher' }), 'se'),
      clustered.se_fisher,
      SE_TOLERANCE,
    )
  })

  test('clustered by worker', () => {
    const board = rate(table)
    expect(board.voters).toBe(clustered.workers)
    expectClose(column(board, 'se'), clustered.se_cluster_worker, SE_TOLERANCE)
    expect(meanRatio(column(board, 'se'))).toBeCloseTo(
      clustered.mean_ratio_cluster_worker_to_iid,
      6,
    )
  })

  /** The input of the meat at the solution, every model rated. */
  const inputOf = (source: typeof table) => {
    const board = rate(source)
    const indexOf = new Int32Array(source.models.size)
    for (const [index, id] of source.models.sortedIds().entries()) indexOf[id] = index
    const input = {
      table: source,
      filter: {},
      terms: [{ dimension: 0, factor: 1 }],
      ties: 'half' as const,
      indexOf,
      theta: Float64Array.from(board.theta.values()),
    }
    return { board, input }
  }

  test('clustered by the pair of answers', () => {
    const { board, input } = inputOf(judged)
    expect(judged.battles.size).toBe(clustered.pairs)
    const models = board.rated.length
    const covariance = sandwichCovariance(
      board.inverseHessian!,
      oneWayMeat(input, 'battle'),
      models,
    )
    const errors = standardErrors(covariance, models)
    const byModel = Object.fromEntries(
      board.rated.map((model, i) => [model, errors[i]! * ELO_PER_LOGIT]),
    )
    expectClose(byModel, clustered.se_cluster_pair, SE_TOLERANCE)
    expect(meanRatio(byModel)).toBeCloseTo(clustered.mean_ratio_cluster_pair_to_iid, 6)
  })

  test('where battles have several voters, both ways of clustering count', () => {
    const { board, input } = inputOf(judged)
    const { meat, twoWay } = clusteredMeat(input)
    expect(twoWay).toBe(true)
    expect(clusteredMeat({ ...input, table }).twoWay).toBe(false)
    const models = board.rated.length
    const { values } = symmetricEigen(meat, models)
    expect(values[0]!).toBeGreaterThan(-1e-9 * values.at(-1)!)
    // V_voter + V_battle − V_both before clipping, which only adds.
    const both = rate(evalicaTable(rows, (row) => `${workerOf(row)} ${battleOf(row)}`))
    const byBattle = evalicaTable(rows, battleOf)
    const [voter, battle] = [column(rate(table), 'se'), column(rate(byBattle), 'se')]
    for (const [model, error] of Object.entries(column(board, 'se'))) {
      const unclipped = voter[model]! ** 2 + battle[model]! ** 2 - column(both, 'se')[model]! ** 2
      expect(error ** 2).toBeGreaterThan(unclipped * (1 - 1e-9))
      expect(error ** 2).toBeLessThan(unclipped * 1.2)
    }
  })
})
