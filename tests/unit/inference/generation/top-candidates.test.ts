import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largest, topCandidates } from '../../../../inference/generation/top-candidates.ts'

// Few different values make ties common.
const logits = fc
  .array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true })), { maxLength: 400 })
  .map((values) => Float32Array.from(values))

const sorted = (values: Float32Array): number[] =>
  [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)

describe('topCandidates', () => {
  it('is the head of the sorted vocabulary', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 0, max: 300 }), (values, count) => {
        const top = topCandidates(values, count)
        expect(top.map(({ id }) => id)).toEqual(sorted(values).slice(0, count))
        expect(top.every(({ id, logit }) => values[id] === logit)).toBe(true)
      }),
    )
  })

  it('never takes NaN', () => {
    expect(topCandidates(Float32Array.of(NaN, 1, NaN, 2), 4).map(({ id }) => id)).toEqual([3, 1])
  })
})

describe('largest', () => {
  it('is the first of the sorted vocabulary', () => {
    fc.assert(
      fc.property(logits, (values) => {
        fc.pre(values.some((value) => value > -Infinity))
        expect(largest(values)).toBe(sorted(values)[0])
      }),
    )
  })

  it('is -1 when there is none', () => {
    expect(largest(Float32Array.of(NaN))).toBe(-1)
    expect(largest(new Float32Array(0))).toBe(-1)
  })
})
