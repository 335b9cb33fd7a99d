import { expect, test } from 'vitest'
import { fitBradleyTerry, hessianOf } from '../../../../shared/ratings/bradley-terry.ts'
import { laplacianPseudoinverse } from '../../../../shared/ratings/intervals.ts'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import { scoresOf } from '../../../../shared/ratings/outcomes.ts'
import type { PairScores } from '../../../../shared/ratings/pair-scores.ts'
import { Ticker } from '../../../../shared/ratings/ticker.ts'
import { addScore, emptyPairScores } from '../../../support/ratings/pair-tables.ts'
import { ARENA_MODELS, syntheticBattles } from '../../../support/ratings/synthetic-arena.ts'

const LAW = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0 }
const SCORES = scoresOf('half')

function thetaOf(scores: PairScores): Float64Array {
  const fit = fitBradleyTerry(scores)
  if (!fit.converged) throw new Error('no fit')
  return fit.theta
}

test('100 votes after a solve on 50,000 it is about 1e-3 Elo from the exact fit', () => {
  const battles = syntheticBattles({ seed: 5, N: 50_100, ...LAW })
  const scores = emptyPairScores(ARENA_MODELS)
  for (const { left, right, outcome } of battles.slice(0, 50_000)) {
    addScore(scores, left, right, SCORES[outcome]!)
  }
  const theta = thetaOf(scores)
  const ticker = new Ticker(theta, laplacianPseudoinverse(hessianOf(scores, theta), ARENA_MODELS)!)
  for (const { left, right, outcome } of battles.slice(50_000)) {
    ticker.step(left, right, SCORES[outcome]!)
    addScore(scores, left, right, SCORES[outcome]!)
  }
  const exact = thetaOf(scores)
  const errors = exact.map((each, i) => Math.abs(each - ticker.theta[i]!) * ELO_PER_LOGIT)
  const moves = exact.map((each, i) => Math.abs(each - theta[i]!) * ELO_PER_LOGIT)
  expect(Math.max(...errors)).toBeLessThan(5e-3)
  expect(Math.max(...moves)).toBeGreaterThan(0.1)
})

test('it keeps the mean, leaves what it was given alone, and ignores models it does not know', () => {
  const scores = emptyPairScores(3)
  for (let k = 0; k < 30; k += 1) {
    addScore(scores, 0, 1, k % 3 === 0 ? 0 : 1)
    addScore(scores, 1, 2, k % 2)
  }
  const theta = thetaOf(scores)
  const ticker = new Ticker(theta, laplacianPseudoinverse(hessianOf(scores, theta), 3)!)
  ticker.step(0, 7, 1)
  ticker.step(-1, 1, 1)
  expect(Array.from(ticker.theta)).toEqual(Array.from(theta))
  ticker.step(0, 2, 0)
  expect(ticker.theta[0]).toBeLessThan(theta[0]!)
  expect(ticker.theta.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 12)
})

test('in a composite a verdict moves strengths by its weight', () => {
  const scores = emptyPairScores(3)
  for (let k = 0; k < 300; k += 1) for (const j of [1, 2]) addScore(scores, 0, j, k % 2)
  const theta = thetaOf(scores)
  const inverse = laplacianPseudoinverse(hessianOf(scores, theta), 3)!
  const [whole, half] = [new Ticker(theta, inverse), new Ticker(theta, inverse)]
  whole.step(0, 1, 1)
  half.step(0, 1, 1, 0.5)
  const moved = (ticker: Ticker) => ticker.theta[0]! - theta[0]!
  expect(moved(half) / moved(whole)).toBeCloseTo(0.5, 2)
})
