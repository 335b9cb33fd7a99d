import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  recompute,
  type CountsOfPairs,
  type RecomputeOptions,
} from '../../../../client/recompute/recompute.ts'
import {
  BOARD_DIMENSIONS,
  DIMENSIONS,
  perDimension,
  type PerDimension,
} from '../../../../shared/dimensions.ts'
import { outcomeOf } from '../../../../shared/ratings/outcomes.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { rateVotes } from '../../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import type { PairCell } from '../../../../shared/schemas/leaderboard.ts'
import { VERDICTS, type Verdict } from '../../../../shared/verdicts.ts'

type Vote = { a: string; b: string; verdicts: PerDimension<Verdict> }

const plain: RecomputeOptions = {
  method: 'bradley-terry',
  ties: 'half',
  weights: { accuracy: 1, helpfulness: 1, language: 1 },
  without: [],
  anchor: null,
}

/** Votes among six models, enough of them that all are connected. */
function randomVotes(seed: number, votes = 400): Vote[] {
  const random = mulberry32(seed)
  const pick = (below: number) => Math.floor(random() * below)
  return Array.from({ length: votes }, () => {
    const a = pick(6)
    const b = (a + 1 + pick(5)) % 6
    return {
      a: `m${a}`,
      b: `m${b}`,
      verdicts: perDimension(() => VERDICTS[pick(VERDICTS.length)] ?? 'tie'),
    }
  })
}

/** What the arena answers about these votes: each pair once, as the earlier slug saw it. */
function pairsOf(votes: readonly Vote[]): CountsOfPairs {
  return perDimension((dimension) => {
    const cells = new Map<string, PairCell>()
    for (const { a, b, verdicts } of votes) {
      const [first, second] = a < b ? [a, b] : [b, a]
      const key = `${first} ${second}`
      const none = { a: first, b: second, wins: 0, losses: 0, ties: 0, bothBad: 0, expected: null }
      const cell = cells.get(key) ?? none
      const verdict = verdicts[dimension]
      if (verdict === 'tie') cell.ties += 1
      else if (verdict === 'both_bad') cell.bothBad += 1
      else if (verdict !== 'skip') cell[(verdict === 'a') === a < b ? 'wins' : 'losses'] += 1
      cells.set(key, cell)
    }
    return { models: [], cells: [...cells.values()] }
  })
}

function tableOf(votes: readonly Vote[]): { table: VoteTable; counts: SliceCounts } {
  const table = new VoteTable({ dimensions: DIMENSIONS })
  for (const { a, b, verdicts } of votes) {
    const outcomes = DIMENSIONS.map((name) => outcomeOf(verdicts[name]))
    table.append({ modelA: a, modelB: b, outcomes })
  }
  return { table, counts: SliceCounts.of(table) }
}

describe('boards computed in the browser', () => {
  it('have the very numbers that the arena computes from the votes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom('half', 'no-both-bad', 'drop'),
        fc.constantFrom('bradley-terry', 'davidson'),
        fc.integer({ min: 1, max: 5 }),
        (seed, ties, method, weight) => {
          const votes = randomVotes(seed)
          const weights = { accuracy: weight, helpfulness: 1, language: 2 }
          const here = recompute(pairsOf(votes), null, { ...plain, ties, method, weights })
          const { table, counts } = tableOf(votes)
          for (const dimension of BOARD_DIMENSIONS) {
            const there = rateVotes(table, counts, {
              dimension,
              method: dimension === 'overall' ? 'bradley-terry' : method,
              ties,
              weights: [weight, 1, 2],
              intervals: 'sandwich',
            })
            const numbers = (models: typeof there.models) =>
              models.map(({ model, rating, ciLow, ciHigh, rank, rankLow, rankHigh, status }) => ({
                model,
                rating,
                ciLow,
                ciHigh,
                rank,
                rankLow,
                rankHigh,
                status,
              }))
            expect(numbers(here[dimension].models)).toEqual(numbers(there.models))
            expect(here[dimension].nu).toBe(there.nu)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it('leave models out as if they had never taken part', () => {
    const votes = randomVotes(3)
    const left = votes.filter(({ a, b }) => a !== 'm2' && b !== 'm2')
    const here = recompute(pairsOf(votes), null, { ...plain, without: ['m2'] })
    expect(here).toEqual(recompute(pairsOf(left), null, plain))
    expect(here.accuracy.models.map(({ model }) => model)).not.toContain('m2')
  })

  it('are shifted as a whole by an anchor', () => {
    const pairs = pairsOf(randomVotes(5))
    const free = recompute(pairs, null, plain).accuracy.models
    const anchor = { model: 'm1', rating: 1114 }
    const held = recompute(pairs, null, { ...plain, anchor }).accuracy.models
    expect(held.find(({ model }) => model === 'm1')?.rating).toBe(1114)
    const shifts = held.map(({ rating }, index) => (rating ?? 0) - (free[index]?.rating ?? 0))
    for (const shift of shifts) expect(shift).toBeCloseTo(shifts[0] ?? 0, 9)
  })

  it('count verdicts, and mark what few of them say', () => {
    const { overall, accuracy } = recompute(pairsOf(randomVotes(7, 20)), null, plain)
    expect(accuracy.models.every(({ provisional }) => provisional)).toBe(true)
    const { decisive, ties, bothBad } = overall.outcomes
    expect(overall.votes).toBe(decisive + ties + bothBad)
  })

  it('lean on the board of all votes where a slice is thin', () => {
    const all = randomVotes(11, 4000).map((vote) =>
      // One of them always wins.
      vote.a === 'm0' || vote.b === 'm0'
        ? { ...vote, verdicts: perDimension(() => (vote.a === 'm0' ? 'a' : 'b') as Verdict) }
        : vote,
    )
    const mixed = [...all, ...randomVotes(12, 60)]
    const slice = randomVotes(13, 40)
    const alone = recompute(pairsOf(slice), null, plain).accuracy.models
    const leaning = recompute(pairsOf(slice), pairsOf(mixed), plain).accuracy.models
    const ratingOf = (models: typeof alone) => models.find(({ model }) => model === 'm0')?.rating
    expect(ratingOf(leaning)).toBeGreaterThan(ratingOf(alone) ?? Number.POSITIVE_INFINITY)
    expect(leaning.every(({ se }) => se !== null && se < 60)).toBe(true)
  })

  it('exist for no votes at all', () => {
    const { overall } = recompute(pairsOf([]), null, plain)
    expect(overall.models).toEqual([])
    expect(overall.votes).toBe(0)
  })
})
