import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gradientAndHessian, hessianOf } from '../../../../shared/ratings/bradley-terry.ts'
import { laplacianPseudoinverse } from '../../../../shared/ratings/intervals.ts'
import { invertSpd } from '../../../../shared/ratings/linear-algebra.ts'
import { precisionOf } from '../../../../shared/ratings/map-slices.ts'
import type { PairScores } from '../../../../shared/ratings/pair-scores.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import {
  drawPair,
  expectedInformation,
  informationGains,
  LEAST_UNIFORM,
  newModelBoost,
  pairProbabilities,
  SAMPLING_SD_ELO,
} from '../../../../shared/ratings/sampling.ts'
import { addScore, emptyPairScores } from '../../../support/ratings/pair-tables.ts'

const MODELS = 6

const strengths = fc
  .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: MODELS, maxLength: MODELS })
  .map((values) => Float64Array.from(values))

/** Scores in which every pair met, so that the board is connected. */
const fullTable = fc
  .array(fc.integer({ min: 1, max: 60 }), { minLength: 30, maxLength: 30 })
  .map((votes) => {
    const scores = emptyPairScores(MODELS)
    for (let pair = 0; pair < scores.size; pair += 1) {
      scores.scoreFirst[pair] = votes[2 * pair]!
      scores.scoreSecond[pair] = votes[2 * pair + 1]!
    }
    return scores
  })

const trace = (matrix: Float64Array, n: number) =>
  Array.from({ length: n }, (_, i) => matrix[i * n + i]!).reduce((sum, each) => sum + each, 0)

/** One more expected vote on a pair: what it adds to n, whatever it says. */
function withVote(scores: PairScores, pair: number): PairScores {
  const more = scores.scoreFirst.slice()
  more[pair]! += 1
  return { ...scores, scoreFirst: more }
}

test('a gain is the exact drop of the trace of H⁺ by one more vote', () => {
  fc.assert(
    fc.property(fullTable, strengths, (scores, theta) => {
      const before = laplacianPseudoinverse(hessianOf(scores, theta), MODELS)!
      const gains = informationGains(theta, before)
      for (let pair = 0; pair < scores.size; pair += 1) {
        const after = laplacianPseudoinverse(hessianOf(withVote(scores, pair), theta), MODELS)!
        const drop = trace(before, MODELS) - trace(after, MODELS)
        const gain = gains[scores.first[pair]! * MODELS + scores.second[pair]!]!
        expect(Math.abs(gain - drop)).toBeLessThan(1e-10 * trace(before, MODELS))
        expect(gains[scores.second[pair]! * MODELS + scores.first[pair]!]).toBe(gain)
      }
    }),
    { numRuns: 30 },
  )
})

test('with a prior it is the drop of the posterior variance, connected or not', () => {
  const scores = emptyPairScores(4)
  for (let vote = 0; vote < 30; vote += 1) addScore(scores, 0, 1, vote % 3 === 0 ? 0 : 1)
  const theta = Float64Array.of(0.3, -0.3, 0, 0)
  const precision = precisionOf(SAMPLING_SD_ELO)
  const posterior = (table: PairScores) => {
    const information = new Float64Array(16)
    gradientAndHessian(table, theta, precision, new Float64Array(4), information)
    return invertSpd(information, 4)!
  }
  const before = posterior(scores)
  const gains = informationGains(theta, before)
  for (let pair = 0; pair < scores.size; pair += 1) {
    const drop = trace(before, 4) - trace(posterior(withVote(scores, pair)), 4)
    expect(gains[scores.first[pair]! * 4 + scores.second[pair]!]).toBeCloseTo(drop, 12)
  }
})

test('an arena without votes is drawn from evenly, and a new model more than the old ones', () => {
  const nobody = expectedInformation([emptyPairScores(5), emptyPairScores(5)])
  const { probability } = pairProbabilities({ gains: nobody, weights: [1, 1, 1, 1, 1] })
  for (const each of probability) expect(each).toBeCloseTo(0.1, 12)

  const scores = emptyPairScores(5)
  for (let i = 0; i < 4; i += 1) {
    for (let j = 0; j < i; j += 1) for (let k = 0; k < 50; k += 1) addScore(scores, i, j, k % 2)
  }
  const drawn = pairProbabilities({
    gains: expectedInformation([scores]),
    weights: [1, 1, 1, 1, 1],
  })
  const withNew = Array.from(drawn.probability).filter((_, pair) => drawn.second[pair] === 4)
  expect(withNew).toHaveLength(4)
  expect(withNew.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0.8)
})

const weight = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 100, noNaN: true }))
const field = fc.record({
  weights: fc.array(weight, { minLength: 5, maxLength: 5 }),
  gains: fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 25, maxLength: 25 }),
  boosts: fc.array(fc.double({ min: 1, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 }),
  floor: fc.double({ min: 0, max: 1, noNaN: true }),
})

test('probabilities sum to 1, and every pair has its share of the uniform draws', () => {
  fc.assert(
    fc.property(field, ({ weights, gains, boosts, floor }) => {
      const symmetric = Float64Array.from(
        gains,
        (_, at) => gains[at]! + gains[(at % 5) * 5 + Math.floor(at / 5)]!,
      )
      const drawn = pairProbabilities({ gains: symmetric, weights, boosts, floor })
      const eligible = weights.filter((each) => each > 0).length
      expect(drawn.probability).toHaveLength((eligible * (eligible - 1)) / 2)
      if (eligible < 2) return
      const products = Array.from(
        drawn.first,
        (i, pair) => weights[i]! * weights[drawn.second[pair]!]!,
      )
      const all = products.reduce((sum, each) => sum + each, 0)
      const share = Math.max(LEAST_UNIFORM, floor)
      expect(drawn.probability.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12)
      for (const [pair, probability] of drawn.probability.entries()) {
        expect(weights[drawn.first[pair]!]! * weights[drawn.second[pair]!]!).toBeGreaterThan(0)
        expect(probability).toBeGreaterThanOrEqual(((share * products[pair]!) / all) * (1 - 1e-12))
      }
    }),
  )
})

test('equal models are drawn evenly; weights multiply, boosts count in the informed part', () => {
  const gains = new Float64Array(9).fill(2)
  const even = pairProbabilities({ gains, weights: [1, 1, 1] })
  expect(Array.from(even.probability)).toEqual([1 / 3, 1 / 3, 1 / 3])
  const weighted = pairProbabilities({ gains, weights: [2, 1, 1] })
  expect(weighted.probability[0]).toBeCloseTo(2 / 5, 12)
  expect(weighted.probability[2]).toBeCloseTo(1 / 5, 12)
  const boosted = pairProbabilities({ gains, weights: [1, 1, 1], boosts: [3, 1, 1], floor: 0.5 })
  expect(boosted.probability[0]).toBeCloseTo(0.5 / 3 + (0.5 * 3) / 7, 12)
})

test('pairs are drawn as often as they should be, and none of nothing', () => {
  const gains = Float64Array.of(0, 1, 2, 1, 0, 4, 2, 4, 0)
  const drawn = pairProbabilities({ gains, weights: [1, 2, 3] })
  const random = mulberry32(5)
  const counts = new Float64Array(3)
  for (let draw = 0; draw < 20_000; draw += 1) {
    const { first, second, probability } = drawPair(drawn, random())!
    const pair = first + second - 1
    expect(probability).toBe(drawn.probability[pair])
    counts[pair]! += 1
  }
  for (const [pair, count] of counts.entries()) {
    const p = drawn.probability[pair]!
    expect(Math.abs(count / 20_000 - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20_000))
  }
  expect(drawPair(drawn, 1 - 2 ** -53)).toMatchObject({ first: 1, second: 2 })
  expect(drawPair(pairProbabilities({ gains, weights: [0, 0, 3] }), 0.5)).toBeUndefined()
})

test('a boost falls linearly to 1', () => {
  const settings = { boost: 3, until: 100 }
  expect([0, 50, 100, 1000].map((battles) => newModelBoost(battles, settings))).toEqual([
    3, 2, 1, 1,
  ])
  expect(newModelBoost(0, { boost: 0.5, until: 100 })).toBe(1)
  expect(newModelBoost(0, { boost: 3, until: 0 })).toBe(1)
})
