import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fingerprints } from '../../../../shared/ratings/fingerprints.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'

function idsByMap(texts: readonly string[]): number[] {
  const ids = new Map<string, number>()
  return texts.map((text) => {
    const id = ids.get(text) ?? ids.size
    ids.set(text, id)
    return id
  })
}

function expectLikeMap(texts: readonly string[]): void {
  const fingerprints = new Fingerprints()
  expect(texts.map((text) => fingerprints.idOf(text))).toEqual(idsByMap(texts))
  expect(fingerprints.size).toBe(new Set(texts).size)
}

test('strings are numbered as a Map numbers them', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 6 }),
    // Not only well-formed text: units are units.
    fc.array(fc.nat({ max: 0xffff }), { maxLength: 4 }).map((u) => String.fromCharCode(...u)),
    fc.uuid(),
  )
  fc.assert(fc.property(fc.array(text, { maxLength: 400 }), expectLikeMap), { numRuns: 200 })
})

test('so are many that differ in little: counters, one character, zeros', () => {
  const random = mulberry32(7)
  const counters = Array.from({ length: 60_000 }, (_, n) => `battle-${n}`)
  const hex = Array.from({ length: 60_000 }, (_, n) => n.toString(16).padStart(36, '0'))
  const units = Array.from({ length: 0x10000 }, (_, n) => String.fromCharCode(n))
  const zeros = Array.from({ length: 200 }, (_, n) => '\0'.repeat(n))
  const again = Array.from(
    { length: 20_000 },
    () => counters[Math.floor(random() * counters.length)]!,
  )
  expectLikeMap([...counters, ...hex, ...units, ...zeros, ...again])
})
