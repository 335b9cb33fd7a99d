import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawPair, drawReplacement } from '../../../../server/battles/matchmaker.ts'
import type { Entrant } from '../../../../server/models/entrants.ts'

const entrant = (slug: string, weight = 1): Entrant => ({ slug, version: 1, weight })
const weights = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 })
const seats = (list: readonly number[]) => list.map((weight, index) => entrant(`m${index}`, weight))

/** A small generator, seeded, so that frequencies are the same on every run. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

test('a pair is two different models that have a weight, or nobody', () => {
  fc.assert(
    fc.property(weights, fc.noShrink(fc.integer()), (list, seed) => {
      const pair = drawPair(seats(list), mulberry32(seed))
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

test('pairs are drawn as often as the stored probability says, with equal weights and others', () => {
  for (const list of [
    [1, 1, 1, 1],
    [1, 2, 5],
  ]) {
    const random = mulberry32(7)
    const drawn = new Map<string, { count: number; probability: number }>()
    const draws = 40_000
    for (let draw = 0; draw < draws; draw += 1) {
      const pair = drawPair(seats(list), random)
      if (pair === undefined) throw new Error('nobody was drawn')
      const key = [pair.first.slug, pair.second.slug].sort().join()
      const count = (drawn.get(key)?.count ?? 0) + 1
      drawn.set(key, { count, probability: pair.probability })
    }
    expect(drawn.size).toBe((list.length * (list.length - 1)) / 2)
    let total = 0
    for (const { count, probability } of drawn.values()) {
      total += probability
      // Five standard deviations of a share out of so many draws.
      expect(Math.abs(count / draws - probability)).toBeLessThan(0.0125)
    }
    expect(total).toBeCloseTo(1, 12)
  }
})

test('with equal weights every pair is equally likely', () => {
  const pair = drawPair(seats([1, 1, 1, 1, 1, 1]), () => 0.3)
  expect(pair?.probability).toBeCloseTo(1 / 15, 12)
})

test('a replacement is neither the one that stays nor one that is excluded', () => {
  const list = seats([1, 1, 1, 1])
  const staying = entrant('m0')
  for (const value of [0, 0.3, 0.6, 0.999]) {
    const found = drawReplacement(list, staying, ['m1'], () => value)
    expect(['m2', 'm3']).toContain(found?.entrant.slug)
    expect(found?.probability).toBeCloseTo(1 / 6, 12)
  }
  expect(drawReplacement(list, staying, ['m1', 'm2', 'm3'], () => 0.5)).toBeUndefined()
})
