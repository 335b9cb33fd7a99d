import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMatchmaker, type Matchmaker } from '../../../../server/battles/matchmaker.ts'
import type { Entrant } from '../../../../server/models/entrants.ts'
import { createPairInformation } from '../../../../server/ratings/pair-information.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'

const FLOOR = 0.2

const entrant = (slug: string, weight = 1): Entrant => ({ slug, version: 1, weight })
const seats = (list: readonly number[]) => list.map((weight, index) => entrant(`m${index}`, weight))
const keyOf = (one: string, other: string) => [one, other].sort().join(' ')

/** A symmetric matrix of gains, by a seed. */
function someGains(size: number, seed: number): Float64Array {
  const random = mulberry32(seed)
  const gains = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const gain = random() ** 4
      gains[i * size + j] = gain
      gains[j * size + i] = gain
    }
  }
  return gains
}

function newMatchmaker(random: () => number, votesOf: (slug: string) => number = () => 1000) {
  const information = createPairInformation()
  return { information, matchmaker: createMatchmaker({ information, votesOf, random }) }
}

/** Every pair that can be drawn, with its stored probability, found by drawing at every place. */
function sweep(entrants: readonly Entrant[], gains?: Float64Array): Map<string, number> {
  let value = 0
  const { information, matchmaker } = newMatchmaker(() => value)
  if (gains !== undefined)
    information.update(
      entrants.map(({ slug }) => slug),
      gains,
    )
  const found = new Map<string, number>()
  // Each pair's stretch of [0, 1) is as long as its probability: the next one begins behind it.
  for (value = 0; value < 1;) {
    const pair = matchmaker.pair(entrants)
    if (pair === undefined) break
    const key = keyOf(pair.first.slug, pair.second.slug)
    if (found.has(key)) break
    found.set(key, pair.probability)
    value += pair.probability + 1e-15
  }
  return found
}

/** Pearson's statistic of so many draws against the probabilities that came with them. */
function chiSquare(
  draw: () => { key: string; probability: number } | undefined,
  draws: number,
): { statistic: number; cells: number; total: number } {
  const seen = new Map<string, { count: number; probability: number }>()
  for (let index = 0; index < draws; index += 1) {
    const drawn = draw()
    if (drawn === undefined) throw new Error('nobody was drawn')
    const count = (seen.get(drawn.key)?.count ?? 0) + 1
    seen.set(drawn.key, { count, probability: drawn.probability })
  }
  let [statistic, total] = [0, 0]
  for (const { count, probability } of seen.values()) {
    total += probability
    statistic += (count - draws * probability) ** 2 / (draws * probability)
  }
  return { statistic, cells: seen.size, total }
}

/** Mean and five standard deviations of the chi-square distribution, which is wide enough here. */
const chiSquareBound = (cells: number) => cells - 1 + 5 * Math.sqrt(2 * (cells - 1))

const pairOf = (matchmaker: Matchmaker, entrants: readonly Entrant[]) => () => {
  const pair = matchmaker.pair(entrants)
  return pair && { key: keyOf(pair.first.slug, pair.second.slug), probability: pair.probability }
}

describe('a pair', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 })

  test('is two different models that have a weight, or nobody', () => {
    fc.assert(
      fc.property(weights, fc.noShrink(fc.integer()), (list, seed) => {
        const { information, matchmaker } = newMatchmaker(mulberry32(seed))
        if (seed % 2 === 0) {
          information.update(
            seats(list).map(({ slug }) => slug),
            someGains(list.length, seed),
          )
        }
        const pair = matchmaker.pair(seats(list))
        if (list.filter((weight) => weight > 0).length < 2) {
          expect(pair).toBeUndefined()
          return
        }
        expect(pair?.first.slug).not.toBe(pair?.second.slug)
        expect(pair?.first.weight).toBeGreaterThan(0)
        expect(pair?.second.weight).toBeGreaterThan(0)
        expect(pair?.probability).toBeGreaterThan(0)
        expect(pair?.probability).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  test('has a probability of at least its uniform share of the floor; all of them sum to 1', () => {
    const positive = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(positive, fc.noShrink(fc.integer()), (list, seed) => {
        const entrants = seats(list)
        const found = sweep(entrants, someGains(list.length, seed))
        const total = list.reduce((sum, weight) => sum + weight, 0)
        const products = (total ** 2 - list.reduce((sum, weight) => sum + weight ** 2, 0)) / 2
        let sum = 0
        for (const [i, one] of entrants.entries()) {
          for (const other of entrants.slice(0, i)) {
            const probability = found.get(keyOf(one.slug, other.slug)) ?? 0
            const uniform = (one.weight * other.weight) / products
            expect(probability).toBeGreaterThanOrEqual(FLOOR * uniform - 1e-12)
            sum += probability
          }
        }
        expect(sum).toBeCloseTo(1, 9)
      }),
    )
  })

  test('is drawn as often as the stored probability says', () => {
    for (const [seed, list] of [
      [1, [1, 1, 1, 1]],
      [2, [1, 2, 5]],
      [3, [1, 1, 1, 1, 1, 3, 0.5, 2]],
    ] as const) {
      for (const informed of [false, true]) {
        const { information, matchmaker } = newMatchmaker(mulberry32(seed), (slug) =>
          slug === 'm1' ? 0 : 500,
        )
        const entrants = seats(list)
        if (informed) {
          information.update(
            entrants.map(({ slug }) => slug),
            someGains(list.length, seed),
          )
        }
        const result = chiSquare(pairOf(matchmaker, entrants), 40_000)
        expect(result.cells).toBe((list.length * (list.length - 1)) / 2)
        expect(result.total).toBeCloseTo(1, 12)
        expect(result.statistic).toBeLessThan(chiSquareBound(result.cells))
      }
    }
  })

  test('is any, equally likely, while nothing is known and weights are equal', () => {
    for (const probability of sweep(seats([1, 1, 1, 1, 1, 1])).values()) {
      expect(probability).toBeCloseTo(1 / 15, 12)
    }
  })

  test('that tells most is drawn most, and never alone', () => {
    const gains = new Float64Array(16)
    gains[1] = gains[4] = 1
    const found = sweep(seats([1, 1, 1, 1]), gains)
    expect(found.get('m0 m1')).toBeCloseTo(0.8 + FLOOR / 6, 12)
    expect(found.get('m2 m3')).toBeCloseTo(FLOOR / 6, 12)
  })

  test('with a model that the gains do not know counts as the one that tells most', () => {
    const { information, matchmaker } = newMatchmaker(mulberry32(5))
    information.update(['m0', 'm1'], Float64Array.of(0, 3, 3, 0))
    const { statistic, cells } = chiSquare(pairOf(matchmaker, seats([1, 1, 1])), 10_000)
    expect(cells).toBe(3)
    expect(statistic).toBeLessThan(chiSquareBound(cells))
    for (const value of [0.1, 0.5, 0.9]) {
      const pair = createMatchmaker({ information, votesOf: () => 500, random: () => value })
      expect(pair.pair(seats([1, 1, 1]))?.probability).toBeCloseTo(1 / 3, 12)
    }
  })

  test('with a new model is drawn more often, in the informed part of the draws', () => {
    const gains = new Float64Array(9).fill(1)
    const { information, matchmaker } = newMatchmaker(
      () => 0,
      (slug) => (slug === 'm0' ? 0 : 100),
    )
    information.update(['m0', 'm1', 'm2'], gains)
    expect(matchmaker.pair(seats([1, 1, 1]))?.probability).toBeCloseTo(
      FLOOR / 3 + (1 - FLOOR) * (2 / 5),
      12,
    )
  })

  test('follows models, weights and gains as they change', () => {
    const { information, matchmaker } = newMatchmaker(() => 0)
    const probability = (list: readonly number[]) => matchmaker.pair(seats(list))?.probability
    expect(probability([1, 1, 1])).toBeCloseTo(1 / 3, 12)
    expect(probability([1, 1, 2])).toBeCloseTo(1 / 5, 12)
    expect(probability([1, 1])).toBeCloseTo(1, 12)
    information.update(['m0', 'm1', 'm2'], Float64Array.of(0, 1, 0, 1, 0, 0, 0, 0, 0))
    expect(probability([1, 1, 1])).toBeCloseTo(0.8 + FLOOR / 3, 12)
    information.update(['m0', 'm1', 'm2'], Float64Array.of(0, 0, 1, 0, 0, 0, 1, 0, 0))
    expect(probability([1, 1, 1])).toBeCloseTo(FLOOR / 3, 12)
  })
})

describe('a replacement', () => {
  test('is neither the one that stays nor one that is excluded', () => {
    for (const value of [0, 0.3, 0.6, 0.999]) {
      const { matchmaker } = newMatchmaker(() => value)
      const found = matchmaker.replacement(seats([1, 1, 1, 1]), entrant('m0'), ['m1'])
      expect(['m2', 'm3']).toContain(found?.entrant.slug)
      expect(found?.probability).toBeCloseTo(1 / 6, 12)
    }
    const { matchmaker } = newMatchmaker(() => 0.5)
    const list = seats([1, 1, 1, 1])
    expect(matchmaker.replacement(list, entrant('m0'), ['m1', 'm2', 'm3'])).toBeUndefined()
    expect(matchmaker.replacement([], entrant('m0'), [])).toBeUndefined()
  })

  test('carries the probability that a draw of the new pair has, and comes in proportion to it', () => {
    const entrants = seats([1, 2, 1, 3, 0])
    const gains = someGains(5, 11)
    const { information, matchmaker } = newMatchmaker(mulberry32(12))
    information.update(
      entrants.map(({ slug }) => slug),
      gains,
    )
    const ofPairs = sweep(entrants, gains)
    const draws = 20_000
    const counts = new Map<string, number>()
    for (let draw = 0; draw < draws; draw += 1) {
      const found = matchmaker.replacement(entrants, entrant('m3', 3), ['m0'])
      const slug = found?.entrant.slug ?? 'nobody'
      expect(found?.probability).toBe(ofPairs.get(keyOf('m3', slug)))
      counts.set(slug, (counts.get(slug) ?? 0) + 1)
    }
    const [one, two] = [ofPairs.get('m1 m3') ?? 0, ofPairs.get('m2 m3') ?? 0]
    expect([...counts.keys()].sort()).toEqual(['m1', 'm2'])
    const share = one / (one + two)
    const deviation = Math.sqrt((share * (1 - share)) / draws)
    expect(Math.abs((counts.get('m1') ?? 0) / draws - share)).toBeLessThan(5 * deviation)
  })

  test('is found for one that stays although it could not be drawn any more', () => {
    const { matchmaker } = newMatchmaker(() => 0)
    const found = matchmaker.replacement(seats([1, 1]), entrant('gone'), ['m0'])
    expect(found?.entrant.slug).toBe('m1')
    expect(found?.probability).toBeCloseTo(1 / 3, 12)
  })
})
