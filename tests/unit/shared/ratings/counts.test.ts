import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareCodePoints, Names } from '../../../../shared/ratings/names.ts'
import {
  COUNTED_OUTCOMES,
  OUTCOME_A,
  OUTCOME_SKIP,
  OUTCOME_TIE,
  OUTCOMES,
  outcomeOf,
} from '../../../../shared/ratings/outcomes.ts'
import { PairCounts, pairOutcomes } from '../../../../shared/ratings/pair-counts.ts'
import { matches, SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { STYLE_VALUES, VoteTable } from '../../../../shared/ratings/vote-table.ts'
import { LOG_DIMENSIONS, randomLog, tableOf } from '../../../support/ratings/random-votes.ts'

describe('names', () => {
  test('are numbered as they come and sorted by code points', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        const names = new Names()
        const ids = words.map((word) => names.idOf(word))
        expect(ids.map((id) => names.nameOf(id))).toEqual(words)
        expect(names.size).toBe(new Set(words).size)
        const sorted = Array.from(names.sortedIds(), (id) => names.nameOf(id))
        const points = (word: string) => Array.from(word, (sign) => sign.codePointAt(0)!)
        const wanted = [...new Set(words)].toSorted((a, b) => {
          const [x, y] = [points(a), points(b)]
          const at = x.findIndex((point, i) => point !== y[i])
          if (at < 0) return x.length - y.length
          return at >= y.length ? 1 : x[at]! - y[at]!
        })
        expect(sorted).toEqual(wanted)
      }),
    )
  })

  test('beyond U+FFFF come last', () => {
    expect(compareCodePoints('😀', '\uFF5E')).toBeGreaterThan(0)
    expect(compareCodePoints('a', 'ab')).toBeLessThan(0)
    expect(compareCodePoints('a', 'a')).toBe(0)
  })

  test('that were never seen are not found', () => {
    const names = new Names()
    expect(names.find('a')).toBeUndefined()
    expect(() => names.nameOf(0)).toThrow(RangeError)
  })
})

type Added = { left: number; right: number; outcome: number; weight: number }
const added: fc.Arbitrary<Added> = fc
  .record({
    left: fc.nat({ max: 40 }),
    step: fc.integer({ min: 1, max: 40 }),
    outcome: fc.nat({ max: COUNTED_OUTCOMES - 1 }),
    weight: fc.constantFrom(1, 1, 2, 0.3),
  })
  .map(({ step, ...rest }) => ({ ...rest, right: (rest.left + step) % 41 }))

/** Counts as a plain map, without pairs of which nothing is left. */
function plain(counts: PairCounts): Map<string, number[]> {
  const result = new Map<string, number[]>()
  for (let pair = 0; pair < counts.pairs; pair += 1) {
    const at = pair * COUNTED_OUTCOMES
    const votes = Array.from(counts.counts.subarray(at, at + COUNTED_OUTCOMES))
    if (votes.some((n) => n > 0)) result.set(`${counts.left[pair]} ${counts.right[pair]}`, votes)
  }
  return result
}

describe('pair counts', () => {
  test('are what one counts by hand', () => {
    fc.assert(
      fc.property(fc.array(added, { maxLength: 300 }), (votes) => {
        const counts = new PairCounts()
        const wanted = new Map<string, number[]>()
        for (const { left, right, outcome, weight } of votes) {
          counts.add(left, right, outcome, weight)
          const key = `${left} ${right}`
          const row = wanted.get(key) ?? [0, 0, 0, 0]
          row[outcome]! += 1
          wanted.set(key, row)
        }
        expect(plain(counts)).toEqual(wanted)
        expect(counts.total).toBe(votes.length)
        const [weight, square] = [counts.weights, counts.squares]
        if (votes.every((vote) => vote.weight === 1)) expect(weight).toBeNull()
        else {
          const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
          expect(sum(weight!)).toBeCloseTo(
            votes.reduce((total, vote) => total + vote.weight, 0),
            8,
          )
          expect(sum(square!)).toBeCloseTo(
            votes.reduce((total, vote) => total + vote.weight ** 2, 0),
            8,
          )
        }
      }),
    )
  })

  test('taking a vote back is the exact inverse', () => {
    fc.assert(
      fc.property(fc.array(added), fc.array(added), (kept, gone) => {
        const counts = new PairCounts()
        const wanted = new PairCounts()
        for (const { left, right, outcome } of [...kept, ...gone]) counts.add(left, right, outcome)
        for (const { left, right, outcome } of gone) counts.remove(left, right, outcome)
        for (const { left, right, outcome } of kept) wanted.add(left, right, outcome)
        expect(plain(counts)).toEqual(plain(wanted))
        expect(counts.total).toBe(kept.length)
      }),
    )
    expect(() => new PairCounts().remove(0, 1, OUTCOME_A)).toThrow(RangeError)
  })

  test('of the last vote no weight is left', () => {
    const counts = new PairCounts()
    for (const weight of [0.1, 0.2, 0.3]) counts.add(0, 1, OUTCOME_A, weight)
    for (const weight of [0.1, 0.2, 0.3]) counts.remove(0, 1, OUTCOME_A, weight)
    expect(counts.weights![OUTCOME_A]).toBe(0)
    expect(counts.squares![OUTCOME_A]).toBe(0)
  })

  test('a thousand million votes of one kind', () => {
    const counts = new PairCounts()
    counts.addMany(0, 1, OUTCOME_TIE, 1e9)
    counts.add(1, 0, OUTCOME_TIE)
    const outcomes = pairOutcomes(counts, Int32Array.of(1, 0), 2)
    expect(outcomes.size).toBe(1)
    expect(outcomes.votes.ties[0]).toBe(1e9 + 1)
  })

  test('unordered pairs are sorted, seen from the first, and leave out who is not meant', () => {
    const counts = new PairCounts()
    counts.add(0, 1, OUTCOME_A)
    counts.add(1, 0, OUTCOME_A)
    counts.add(1, 0, OUTCOME_A)
    counts.add(2, 0, OUTCOME_TIE)
    counts.add(3, 0, OUTCOME_TIE)
    counts.add(2, 1, OUTCOME_TIE)
    counts.remove(2, 1, OUTCOME_TIE)
    const outcomes = pairOutcomes(counts, Int32Array.of(2, 0, 1, -1), 3)
    expect([Array.from(outcomes.first), Array.from(outcomes.second)]).toEqual([
      [0, 1],
      [2, 2],
    ])
    expect(Array.from(outcomes.votes.winsFirst)).toEqual([2, 0])
    expect(Array.from(outcomes.votes.winsSecond)).toEqual([1, 0])
    expect(Array.from(outcomes.votes.ties)).toEqual([0, 1])
  })
})

describe('slices', () => {
  test('counting many rows at once and one by one is the same', () => {
    fc.assert(
      fc.property(randomLog({ minLength: 60, models: 3 }), (votes) => {
        for (const filter of [{}, { language: 'de' }, { judge: 'model' }] as const) {
          const table = tableOf(votes)
          const atOnce = SliceCounts.of(table, filter)
          const single = new SliceCounts(LOG_DIMENSIONS, filter)
          for (let row = 0; row < table.length; row += 1) single.addRow(table, row)
          expect(atOnce.pairs.map(plain)).toEqual(single.pairs.map(plain))
          expect(atOnce.skips).toEqual(single.skips)
          expect(atOnce.votes).toBe(single.votes)
          for (let set = 0; set < 8; set += 1) {
            expect(atOnce.votesIn(set)).toBe(single.votesIn(set))
            for (let model = 0; model < 3; model += 1) {
              expect(atOnce.votesOfModel(model, set)).toBe(single.votesOfModel(model, set))
            }
          }
          const chosen = votes.filter((_, row) => matches(table, filter, row))
          expect(atOnce.votes).toBe(
            chosen.filter(({ outcomes }) => outcomes.some((code) => code !== OUTCOME_SKIP)).length,
          )
          expect(atOnce.votesIn(0b001)).toBe(
            chosen.filter(({ outcomes }) => outcomes[0] !== OUTCOME_SKIP).length,
          )
        }
      }),
    )
  })

  test('every part of a filter is heeded, and unknown names match nothing', () => {
    const table = new VoteTable({ dimensions: ['quality'] })
    const base = { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A] }
    table.append(base)
    table.append({ ...base, language: 'de', category: 'code', judge: 'human', turns: 3 })
    const votes = (filter: ConstructorParameters<typeof SliceCounts>[1]) =>
      SliceCounts.of(table, filter).votes
    expect(votes({})).toBe(2)
    expect(votes({ language: null, category: null, judge: null, turns: 'both' })).toBe(2)
    expect(votes({ language: 'de' })).toBe(1)
    expect(votes({ language: 'fr' })).toBe(0)
    expect(votes({ category: 'code' })).toBe(1)
    expect(votes({ category: 'other' })).toBe(0)
    expect(votes({ judge: 'human' })).toBe(1)
    expect(votes({ judge: 'model' })).toBe(0)
    expect(votes({ turns: 'single' })).toBe(1)
    expect(votes({ turns: 'multi' })).toBe(1)
    expect(votes({ turns: 'multi', language: 'fr' })).toBe(0)
  })
})

describe('the table of votes', () => {
  test('keeps what it was given, columns that nobody used left out', () => {
    fc.assert(
      fc.property(randomLog(), (votes) => {
        const table = tableOf(votes)
        expect(table.length).toBe(votes.length)
        expect([table.weight, table.time, table.battle, table.category, table.style]).toEqual(
          Array.from({ length: 5 }, () => null),
        )
        for (const [row, vote] of votes.entries()) {
          expect(table.models.nameOf(table.left[row]!)).toBe(vote.modelA)
          expect(table.models.nameOf(table.right[row]!)).toBe(vote.modelB)
          expect(table.outcomes.map((column) => column[row])).toEqual(vote.outcomes)
          const voter = table.voter?.[row] ?? -1
          const { voter: who } = vote
          expect(voter).toBe(typeof who === 'string' ? table.voters.idOf(who) : -1)
          expect(table.turns?.[row] ?? 1).toBe(vote.turns)
        }
      }),
    )
  })

  test('a column that comes late is missing before', () => {
    const table = new VoteTable({ dimensions: ['quality'] })
    const base = { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A] }
    for (let row = 0; row < 100; row += 1) table.append(base)
    const style = [10, 20, 1, 0, 2, 0, 3, 0]
    table.append({ ...base, weight: 2, time: 5, battle: 'x', category: 'code', style })
    for (let row = 0; row < 100; row += 1) table.append(base)
    expect(Array.from(table.weight!.subarray(99, 102))).toEqual([1, 2, 1])
    expect(Array.from(table.time!.subarray(99, 102))).toEqual([Number.NaN, 5, Number.NaN])
    expect(Array.from(table.battle!.subarray(99, 102))).toEqual([-1, 0, -1])
    expect(Array.from(table.category!.subarray(99, 102))).toEqual([-1, 0, -1])
    const at = 100 * STYLE_VALUES
    expect(Array.from(table.style!.subarray(at, at + STYLE_VALUES))).toEqual(style)
    expect(table.style!.subarray(at - STYLE_VALUES, at).every(Number.isNaN)).toBe(true)
    expect(table.style!.subarray(at + STYLE_VALUES, at + 9).every(Number.isNaN)).toBe(true)
    expect(table.dimensionOf('quality')).toBe(0)
    expect(table.dimensionOf('beauty')).toBe(-1)
  })

  test.each([
    ['a model against itself', { modelB: 'a' }],
    ['an unknown outcome', { outcomes: [7] }],
    ['half an outcome', { outcomes: [0.5] }],
    ['too many outcomes', { outcomes: [0, 0] }],
    ['weight 0', { weight: 0 }],
    ['an infinite weight', { weight: Number.POSITIVE_INFINITY }],
    ['no number as weight', { weight: Number.NaN }],
  ])('%s is refused', (_, wrong) => {
    const table = new VoteTable({ dimensions: ['quality'] })
    const vote = { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A] }
    expect(() => table.append({ ...vote, ...wrong })).toThrow(RangeError)
    expect(table.length).toBe(0)
    expect(table.models.size).toBe(0)
  })

  test('codes of verdicts are their places in the list', () => {
    expect(OUTCOMES.map(outcomeOf)).toEqual([0, 1, 2, 3, 4])
  })
})
