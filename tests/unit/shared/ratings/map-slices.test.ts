import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitTowards, precisionOf, SLICE_SD_ELO } from '../../../../shared/ratings/map-slices.ts'
import { ELO_PER_LOGIT } from '../../../../shared/ratings/numbers.ts'
import { crowdVotes } from '../../../support/ratings/crowd-votes.ts'
import { golden } from '../../../support/ratings/golden.ts'
import { addScore, emptyPairScores } from '../../../support/ratings/pair-tables.ts'

type Golden = {
  clustered: { rating_elo_mean1000: Record<string, number> }
  sliced_map: {
    slices: Record<
      string,
      {
        votes: number
        map_rating_elo: Record<string, number>
        posterior_sd_elo: Record<string, number>
      }
    >
  }
}

const PRECISION = precisionOf(SLICE_SD_ELO)
const SHARES = { left: 1, tie: 0.5, right: 0 }

test('slices of a real crowd have the golden ratings and standard errors', () => {
  const { clustered, sliced_map } = golden<Golden>('cluster_and_slices.json')
  const names = Object.keys(clustered.rating_elo_mean1000).sort()
  const centre = Float64Array.from(
    names,
    (name) => (clustered.rating_elo_mean1000[name]! - 1000) / ELO_PER_LOGIT,
  )
  const votes = crowdVotes()
  for (const [prompt, slice] of Object.entries(sliced_map.slices)) {
    const scores = emptyPairScores(names.length)
    const chosen = votes.filter((vote) => vote.prompt === prompt)
    expect(chosen.length).toBe(slice.votes)
    for (const { left, right, winner } of chosen) {
      addScore(scores, names.indexOf(left), names.indexOf(right), SHARES[winner])
    }
    const { theta, covariance } = fitTowards(scores, centre, PRECISION)
    for (const [i, name] of names.entries()) {
      const se = Math.sqrt(covariance[i * names.length + i]!) * ELO_PER_LOGIT
      expect(1000 + theta[i]! * ELO_PER_LOGIT).toBeCloseTo(slice.map_rating_elo[name]!, 6)
      expect(se).toBeCloseTo(slice.posterior_sd_elo[name]!, 6)
    }
  }
})

test('a model without votes keeps its overall rating, with a standard error of 60 Elo', () => {
  const centre = Float64Array.of(0.7, -0.2, -0.5)
  const scores = emptyPairScores(3)
  for (let vote = 0; vote < 40; vote += 1) addScore(scores, 1, 2, vote % 4 === 0 ? 0 : 1)
  const { theta, covariance } = fitTowards(scores, centre, PRECISION)
  expect(theta[0]).toBe(0.7)
  expect(Math.sqrt(covariance[0]!) * ELO_PER_LOGIT).toBeCloseTo(60, 9)
  // What one of two models gains beyond its overall strength, the other loses.
  expect(theta[1]! + theta[2]!).toBeCloseTo(-0.7, 12)
  expect(theta[1]!).toBeGreaterThan(-0.2)
})

test('every input has a finite fit, in which the gradient vanishes', () => {
  const vote = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 }), share())
  fc.assert(
    fc.property(
      fc.array(vote, { maxLength: 80 }),
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (votes, strengths) => {
        const scores = emptyPairScores(5)
        for (const [i, step, points] of votes) addScore(scores, i, (i + step) % 5, points)
        const centre = Float64Array.from(strengths)
        const { theta, covariance } = fitTowards(scores, centre, PRECISION)
        const gradient = theta.map((each, i) => -PRECISION * (each - centre[i]!))
        for (let pair = 0; pair < scores.size; pair += 1) {
          const i = scores.first[pair]!
          const j = scores.second[pair]!
          const total = scores.scoreFirst[pair]! + scores.scoreSecond[pair]!
          const residual = scores.scoreFirst[pair]! - total / (1 + Math.exp(theta[j]! - theta[i]!))
          gradient[i]! += residual
          gradient[j]! -= residual
        }
        for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-8)
        for (let i = 0; i < 5; i += 1) {
          expect(covariance[i * 6]!).toBeGreaterThan(0)
          expect(covariance[i * 6]!).toBeLessThanOrEqual(1 / PRECISION + 1e-12)
        }
      },
    ),
  )
})

function share(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0.5, 1)
}
