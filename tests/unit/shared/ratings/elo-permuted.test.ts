import { expect, test } from 'vitest'
import { gamesOf, permutedElo } from '../../../../shared/ratings/elo-permuted.ts'
import {
  column,
  ELO_TOLERANCE,
  evalicaTable,
  expectClose,
  golden,
  goldenCsv,
  rate,
  type ByModel,
} from '../../../support/ratings/golden.ts'

const { elo_permuted_food: wanted } = golden<{
  elo_permuted_food: {
    K: number
    seed: number
    orders: number
    names: string[]
    mean: number[]
    first_order_only: number[]
    sd_over_orders: number[]
  }
}>('addenda.json')
const byName = (values: ArrayLike<number>): ByModel =>
  Object.fromEntries(wanted.names.map((name, i) => [name, values[i]!]))

test('the mean over seeded random orders, as the golden file has it', () => {
  const table = evalicaTable(goldenCsv('evalica-food.csv'))
  const { K: k, seed, orders } = wanted
  const board = rate(table, { method: 'elo-permuted', k, seed, orders })
  expectClose(column(board, 'rating'), byName(wanted.mean), ELO_TOLERANCE)
  // K = 32, seed 1 and 100 orders are what is taken if nothing is said.
  expect(rate(table, { method: 'elo-permuted' }).models).toEqual(board.models)
  const first = rate(table, { method: 'elo-permuted', orders: 1 })
  expectClose(column(first, 'rating'), byName(wanted.first_order_only), ELO_TOLERANCE)

  const games = gamesOf(table, {}, 0, 'half')
  const finals = Array.from({ length: orders }, (_, q) =>
    permutedElo(games, wanted.names.length, { k, seed: seed + q, orders: 1 }),
  )
  const spread = wanted.names.map((name) => {
    const id = table.models.find(name)!
    const mean = finals.reduce((sum, ratings) => sum + ratings[id]!, 0) / orders
    return finals.reduce((sum, ratings) => sum + (ratings[id]! - mean) ** 2, 0)
  })
  // The file's spread is the estimate from the orders drawn (divided by n − 1).
  expectClose(
    byName(spread.map((sum) => Math.sqrt(sum / (orders - 1)))),
    byName(wanted.sd_over_orders),
    1e-8,
  )
})
