import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DIMENSIONS } from '../../../../shared/dimensions.ts'
import { expectedScore, eloStep } from '../../../../shared/ratings/elo.ts'
import { Standings, type RatedVote } from '../../../../shared/ratings/standings.ts'
import { VERDICTS } from '../../../../shared/verdicts.ts'

const verdict = fc.constantFrom(...VERDICTS)
const vote: fc.Arbitrary<RatedVote> = fc
  .record({
    a: fc.integer({ min: 0, max: 4 }),
    step: fc.integer({ min: 1, max: 4 }),
    verdicts: fc.record({ accuracy: verdict, helpfulness: verdict, language: verdict }),
  })
  .map(({ a, step, verdicts }) => ({ slugA: `m${a}`, slugB: `m${(a + step) % 5}`, verdicts }))
const log = fc.array(vote, { maxLength: 60 })

test('an even game between equals moves nobody, a win moves K/2 = 2 points', () => {
  expect(eloStep(1000, 1000, 0.5)).toEqual({ a: 1000, b: 1000, expected: 0.5 })
  expect(eloStep(1000, 1000, 1)).toEqual({ a: 1002, b: 998, expected: 0.5 })
  expect(expectedScore(1400, 1000)).toBeCloseTo(10 / 11, 12)
})

test('equal logs give equal bits', () => {
  fc.assert(
    fc.property(log, (votes) => {
      const [first, second] = [new Standings(), new Standings()]
      const effects = votes.map((each) => first.apply(each))
      expect(votes.map((each) => second.apply(each))).toEqual(effects)
      for (const dimension of DIMENSIONS) {
        expect([...second.dimensions[dimension]]).toEqual([...first.dimensions[dimension]])
      }
    }),
  )
})

test('points are neither made nor lost, and outcomes add up to votes', () => {
  fc.assert(
    fc.property(log, (votes) => {
      const standings = new Standings()
      for (const each of votes) standings.apply(each)
      for (const dimension of DIMENSIONS) {
        const rows = [...standings.dimensions[dimension].values()]
        const points = rows.reduce((sum, { elo }) => sum + elo, 0)
        expect(points).toBeCloseTo(1000 * rows.length, 6)
        for (const row of rows) {
          expect(row.wins + row.losses + row.ties + row.bothBad).toBe(row.votes)
        }
        const counted = votes.filter(({ verdicts }) => verdicts[dimension] !== 'skip').length
        expect(standings.verdictsIn(dimension)).toBe(counted)
        const wins = rows.reduce((sum, row) => sum + row.wins, 0)
        expect(rows.reduce((sum, row) => sum + row.losses, 0)).toBe(wins)
      }
      expect(standings.totalVotes).toBe(votes.length)
    }),
  )
})

test('a skipped dimension changes nothing, and a model appears with its first verdict', () => {
  const standings = new Standings()
  const effects = standings.apply({
    slugA: 'x',
    slugB: 'y',
    verdicts: { accuracy: 'b', helpfulness: 'skip', language: 'both_bad' },
  })
  expect(standings.dimensions.helpfulness.size).toBe(0)
  expect(effects.a.helpfulness).toEqual({
    before: 1000,
    after: 1000,
    rankBefore: 1,
    rankAfter: 1,
    expected: 0.5,
  })
  expect(effects.b.accuracy).toMatchObject({ before: 1000, after: 1002, rankAfter: 1 })
  expect(effects.a.accuracy).toMatchObject({ after: 998, rankBefore: 1, rankAfter: 2 })
  expect(standings.dimensions.language.get('x')).toMatchObject({ bothBad: 1, elo: 1000, votes: 1 })
})

test('ranks in a receipt are those of the board before and after', () => {
  fc.assert(
    fc.property(log, (votes) => {
      const standings = new Standings()
      for (const each of votes) {
        const effects = standings.apply(each)
        for (const dimension of DIMENSIONS) {
          if (each.verdicts[dimension] === 'skip') continue
          const rows = [...standings.dimensions[dimension].values()]
          const mine = effects.a[dimension]
          expect(mine.rankAfter).toBe(1 + rows.filter(({ elo }) => elo > mine.after).length)
          expect(effects.a[dimension].expected + effects.b[dimension].expected).toBeCloseTo(1, 12)
        }
      }
    }),
  )
})
