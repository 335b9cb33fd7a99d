import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RatedModel } from '../../../shared/ratings/rate.ts'
import { rated } from './support.ts'

const GOLDEN = join(import.meta.dirname, '../../golden')
const golden = (name: string) => JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as unknown
const votesOf = (name: string) => join(GOLDEN, `data/evalica-${name}.csv`)

type Numbers = Record<string, number>
type Evalica = {
  rows: number
  elo: { 'k4.0': Numbers; 'k32.0': Numbers }
  bt_mle_converged: {
    rating_elo_mean1000: Numbers
    ci95_sandwich_elo: Record<string, [number, number]>
    rank: Numbers
    rank_by_ci_sandwich: Numbers
    davidson: { rating_elo_mean1000: Numbers; nu: number }
  }
}

/** The largest difference between a column of a board and the numbers expected of it. */
function worst(models: readonly RatedModel[], expected: Numbers, pick: (m: RatedModel) => unknown) {
  expect(models.map(({ model }) => model).sort()).toEqual(Object.keys(expected).sort())
  return Math.max(
    ...models.map((model) => Math.abs(Number(pick(model)) - (expected[model.model] ?? Number.NaN))),
  )
}

describe.each(['food', 'simple', 'llmfao'])('the votes of evalica: %s', (name) => {
  const file = votesOf(name)
  const expected = golden(`evalica_${name}.json`) as Evalica
  const mle = expected.bt_mle_converged

  test('Bradley–Terry with its sandwich intervals and ranks', async () => {
    const { board, skipped } = await rated(file, '--ci', 'sandwich')
    expect(board.votes).toBe(expected.rows)
    expect(skipped).toBe(0)
    expect(worst(board.models, mle.rating_elo_mean1000, ({ rating }) => rating)).toBeLessThan(1e-6)
    const side = (index: 0 | 1) =>
      Object.fromEntries(Object.entries(mle.ci95_sandwich_elo).map(([m, ci]) => [m, ci[index]]))
    expect(worst(board.models, side(0), ({ ciLow }) => ciLow)).toBeLessThan(1e-5)
    expect(worst(board.models, side(1), ({ ciHigh }) => ciHigh)).toBeLessThan(1e-5)
    expect(worst(board.models, mle.rank, ({ rank }) => rank)).toBe(0)
    expect(worst(board.models, mle.rank_by_ci_sandwich, ({ rankUb }) => rankUb)).toBe(0)
  })

  test('without voters every row is its own: clustering changes nothing', async () => {
    const [plain, clustered] = [await rated(file, '--ci', 'sandwich'), await rated(file)]
    const lows = Object.fromEntries(plain.board.models.map((m) => [m.model, m.ciLow ?? 0]))
    expect(worst(clustered.board.models, lows, ({ ciLow }) => ciLow)).toBeLessThan(1e-6)
  })

  test('Davidson', async () => {
    const { board } = await rated(file, '--method', 'davidson')
    const ratings = mle.davidson.rating_elo_mean1000
    expect(worst(board.models, ratings, ({ rating }) => rating)).toBeLessThan(1e-6)
    expect(board.nu).toBeCloseTo(mle.davidson.nu, 6)
  })

  test('Elo in the order of the file, K 4 by default', async () => {
    const elo = (await rated(file, '--method', 'elo')).board
    expect(worst(elo.models, expected.elo['k4.0'], ({ rating }) => rating)).toBeLessThan(1e-9)
    const k32 = (await rated(file, '--method', 'elo', '--k', '32')).board
    expect(worst(k32.models, expected.elo['k32.0'], ({ rating }) => rating)).toBeLessThan(1e-9)
  })

  test('an anchor shifts ratings and bounds alike', async () => {
    const plain = (await rated(file)).board.models
    const { model, rating } = plain.at(-1) ?? { model: '', rating: 0 }
    const shift = 1114 - (rating ?? 0)
    const { board } = await rated(file, '--anchor', `${model}=1114`)
    expect(board.models.at(-1)?.rating).toBe(1114)
    const shifted = Object.fromEntries(plain.map((m) => [m.model, (m.ciHigh ?? 0) + shift]))
    expect(worst(board.models, shifted, ({ ciHigh }) => ciHigh)).toBeLessThan(1e-9)
  })
})

test('Elo over random orders: K 32, seed 1 and 100 orders by default', async () => {
  const { elo_permuted_food: expected } = golden('addenda.json') as {
    elo_permuted_food: { names: string[]; mean: number[]; first_order_only: number[] }
  }
  const byName = (values: number[]) =>
    Object.fromEntries(expected.names.map((name, index) => [name, values[index] ?? 0]))
  const { board } = await rated(votesOf('food'), '--method', 'elo-permuted')
  expect(worst(board.models, byName(expected.mean), ({ rating }) => rating)).toBeLessThan(1e-9)
  const one = await rated(votesOf('food'), '--method', 'elo-permuted', '--orders', '1')
  expect(
    worst(one.board.models, byName(expected.first_order_only), ({ rating }) => rating),
  ).toBeLessThan(1e-9)
})
