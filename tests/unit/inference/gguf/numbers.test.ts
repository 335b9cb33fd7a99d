import { describe, expect, it } from 'vitest'
import { HALF_VALUES, brainValue, halfBits } from '../../../../inference/gguf/numbers.ts'

const INFINITY = 0x7c00

describe('halves', () => {
  it('come back to the same bits, every one of them', () => {
    const wrong: number[] = []
    for (let bits = 0; bits < 65_536; bits++) {
      const value = HALF_VALUES[bits] ?? NaN
      if (!Number.isNaN(value) && halfBits(value) !== bits) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('are the nearest, and the even one halfway', () => {
    const wrong: number[] = []
    for (let bits = 0; bits < INFINITY - 1; bits++) {
      const low = HALF_VALUES[bits] ?? NaN
      const high = HALF_VALUES[bits + 1] ?? NaN
      const middle = (low + high) / 2
      const tiny = (high - low) / 2 ** 20
      if (halfBits(middle) !== (bits % 2 === 0 ? bits : bits + 1)) wrong.push(bits)
      if (halfBits(middle - tiny) !== bits || halfBits(middle + tiny) !== bits + 1) wrong.push(bits)
      if (halfBits(-middle - tiny) !== bits + 1 + 0x8000) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('end at the largest', () => {
    expect(halfBits(65_504)).toBe(INFINITY - 1)
    expect(halfBits(65_519)).toBe(INFINITY - 1)
    expect(halfBits(65_520)).toBe(INFINITY)
    expect(halfBits(1e300)).toBe(INFINITY)
    expect(halfBits(-Infinity)).toBe(INFINITY + 0x8000)
    expect(HALF_VALUES[halfBits(NaN)]).toBeNaN()
  })
})

describe('bfloat16', () => {
  it('is the upper half of a single', () => {
    expect(brainValue(0x3f80)).toBe(1)
    expect(brainValue(0xc2c8)).toBe(-100)
    expect(brainValue(0x7f80)).toBe(Infinity)
  })
})
