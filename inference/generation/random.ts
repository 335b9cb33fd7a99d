import { randomInt } from 'node:crypto'

/** Numbers in [0, 1), one a call. */
export type Random = () => number

/**
 * Seeded random numbers: sfc32, which passes PractRand and needs no BigInt. The same seed always
 * yields the same numbers, so that an answer can be asked for again; `seed` is a safe integer.
 */
export function seededRandom(seed: number): Random {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  // Seeds that differ in one bit only begin alike; after a dozen rounds nothing of that is left.
  for (let round = 0; round < 15; round++) next()
  return next
}

/** A seed for a request that names none. */
export function freshSeed(): number {
  return randomInt(2 ** 47)
}
