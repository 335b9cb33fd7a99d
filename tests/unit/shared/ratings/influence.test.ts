import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitTowards } from '../../../../shared/ratings/map-slices.ts'
import {
  votesToFlipLeader,
  type InfluencePart,
  type LeaderFlip,
} from '../../../../shared/ratings/influence.ts'
import type { PairScores } from '../../../../shared/ratings/pair-scores.ts'
import { emptyPairScores } from '../../../support/ratings/pair-tables.ts'

const MODELS = 5

/** Counts of wins, losses and ties for every pair. */
function part(counts: readonly (readonly number[])[], weight: number): InfluencePart {
  const { first, second } = emptyPairScores(MODELS)
  const pick = (k: number) => Float64Array.from(counts, (each) => each[k]!)
  return {
    models: MODELS,
    first,
    second,
    weight,
    votes: {
      winsFirst: pick(0),
      winsSecond: pick(1),
      ties: pick(2),
      bothBad: new Float64Array(counts.length),
    },
  }
}

/** What is left after a removal, with `spare` of the removed votes put back: w_d/N_d weighted. */
function scoresAfter(parts: readonly InfluencePart[], flip: LeaderFlip, spare: number): PairScores {
  const scores = emptyPairScores(MODELS)
  const last = flip.removed.at(-1)!
  for (const [index, { votes, weight }] of parts.entries()) {
    const [wins, losses, ties] = [
      votes.winsFirst.slice(),
      votes.winsSecond.slice(),
      votes.ties.slice(),
    ]
    for (const removed of flip.removed) {
      if (removed.part !== index) continue
      const pair = scores.first.findIndex(
        (i, at) => i === removed.first && scores.second[at] === removed.second,
      )
      const column = { 1: wins, 0.5: ties, 0: losses }[removed.score]
      column[pair]! -= removed.votes - (removed === last ? spare : 0)
    }
    let verdicts = 0
    for (const column of [wins, losses, ties]) for (const each of column) verdicts += each
    for (let pair = 0; pair < scores.size; pair += 1) {
      expect(Math.min(wins[pair]!, losses[pair]!, ties[pair]!)).toBeGreaterThanOrEqual(0)
      const scale = (1000 * weight) / verdicts
      scores.scoreFirst[pair]! += scale * (wins[pair]! + ties[pair]! / 2)
      scores.scoreSecond[pair]! += scale * (losses[pair]! + ties[pair]! / 2)
    }
  }
  return scores
}

function leaderOf(scores: PairScores): number {
  // A ridge far below any vote: boards that removal has taken apart have an order, too.
  const { theta } = fitTowards(scores, new Float64Array(MODELS), 1e-8)
  return theta.reduce((best, each, i) => (each > theta[best]! + 1e-7 ? i : best), 0)
}

const gapOf = (scores: PairScores, { leader, challenger }: LeaderFlip) => {
  const { theta } = fitTowards(scores, new Float64Array(MODELS), 1e-8)
  return theta[leader]! - theta[challenger]!
}

const counts = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 3, maxLength: 3 }), {
  minLength: 10,
  maxLength: 10,
})

test('without the votes it names somebody else leads, and with the last of them back nobody does', () => {
  fc.assert(
    fc.property(counts, (table) => {
      const parts = [part(table, 1)]
      const flip = votesToFlipLeader(parts, 'half')!
      expect(flip.removed.reduce((sum, { votes }) => sum + votes, 0)).toBe(flip.votes)
      expect(flip.share).toBeCloseTo(flip.votes / table.flat().reduce((a, b) => a + b, 0), 12)
      expect(gapOf(scoresAfter(parts, flip, 0), flip)).toBeLessThan(1e-7)
      expect(gapOf(scoresAfter(parts, flip, 1), flip)).toBeGreaterThan(-1e-7)
      const everything = { ...flip, removed: [{ ...flip.removed[0]!, votes: 0 }] }
      expect(leaderOf(scoresAfter(parts, everything, 0))).toBe(flip.leader)
    }),
    { numRuns: 40 },
  )
})

test('so it is with many votes, and wherever the search begins', () => {
  const many = fc.array(
    fc.array(fc.integer({ min: 100, max: 2000 }), { minLength: 3, maxLength: 3 }),
    { minLength: 10, maxLength: 10 },
  )
  const anywhere = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: MODELS,
    maxLength: MODELS,
  })
  fc.assert(
    fc.property(many, anywhere, (table, near) => {
      const parts = [part(table, 1)]
      const flip = votesToFlipLeader(parts, 'half')!
      expect(gapOf(scoresAfter(parts, flip, 0), flip)).toBeLessThan(1e-7)
      expect(gapOf(scoresAfter(parts, flip, 1), flip)).toBeGreaterThan(-1e-7)
      expect(votesToFlipLeader(parts, 'half', Float64Array.from(near))).toEqual(flip)
    }),
    { numRuns: 30 },
  )
})

test('so it is with a composite of three dimensions, verdict by verdict', () => {
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      const parts = [part(a, 0.5), part(b, 0.3), part(c, 0.2)]
      const flip = votesToFlipLeader(parts, 'half')!
      expect(gapOf(scoresAfter(parts, flip, 0), flip)).toBeLessThan(1e-7)
      expect(gapOf(scoresAfter(parts, flip, 1), flip)).toBeGreaterThan(-1e-7)
    }),
    { numRuns: 20 },
  )
})

test('of two models that met it counts on one hand', () => {
  const votes = (wins: number, losses: number): InfluencePart => ({
    models: 2,
    first: Int32Array.of(0),
    second: Int32Array.of(1),
    weight: 1,
    votes: {
      winsFirst: Float64Array.of(wins),
      winsSecond: Float64Array.of(losses),
      ties: Float64Array.of(0),
      bothBad: Float64Array.of(0),
    },
  })
  expect(votesToFlipLeader([votes(12, 5)], 'half')).toMatchObject({
    leader: 0,
    challenger: 1,
    votes: 8,
    removed: [{ part: 0, first: 0, second: 1, score: 1, votes: 8 }],
  })
  expect(votesToFlipLeader([votes(3, 3)], 'half')).toMatchObject({ votes: 1 })
})

test('it is about as good as any removal of one kind of votes, which an exhaustive search finds', () => {
  fc.assert(
    fc.property(counts, (table) => {
      const parts = [part(table, 1)]
      const flip = votesToFlipLeader(parts, 'half')!
      // Every class alone: some single class may do. Greedy goes by slopes, and these change on the way.
      let least = Number.POSITIVE_INFINITY
      for (const [pair, outcomes] of table.entries()) {
        for (const [kind, count] of outcomes.entries()) {
          const { first, second } = parts[0]!
          for (let votes = 1; votes <= count && votes < least; votes += 1) {
            const score = ([1, 0, 0.5] as const)[kind]!
            const removed = [{ part: 0, first: first[pair]!, second: second[pair]!, score, votes }]
            const left = scoresAfter(parts, { ...flip, removed }, 0)
            if (gapOf(left, flip) < -1e-7) least = votes
          }
        }
      }
      expect(flip.votes).toBeLessThanOrEqual(1.25 * least + 1)
    }),
    // Greedy is no optimum, so that its distance from one is shown for the same boards every time.
    { numRuns: 8, seed: 60_826_964 },
  )
})

test('nobody leads an empty board', () => {
  expect(votesToFlipLeader([], 'half')).toBeNull()
})
