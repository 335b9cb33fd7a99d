import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshSeed, seededRandom } from '../../../../inference/generation/random.ts'

const numbers = (seed: number, count = 8): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random())
}

describe('seededRandom', () => {
  it('yields the same numbers for the same seed, all in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(numbers(seed)).toEqual(numbers(seed))
        expect(numbers(seed).every((number) => number >= 0 && number < 1)).toBe(true)
      }),
    )
  })

  it('tells seeds apart that differ in one bit, in either half', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 33, -1, Number.MAX_SAFE_INTEGER].map(
      (seed) => numbers(seed, 1)[0],
    )
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('is even', () => {
    const random = seededRandom(42)
    const buckets = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 20_000; draw++) {
      const bucket = Math.floor(random() * 10)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }
    // Expected 2000 with a standard deviation of 42.
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(210)
  })
})

describe('freshSeed', () => {
  it('is a safe integer, another one each time', () => {
    const seeds = new Set(Array.from({ length: 50 }, freshSeed))
    expect(seeds.size).toBe(50)
    expect([...seeds].every(Number.isSafeInteger)).toBe(true)
  })
})
