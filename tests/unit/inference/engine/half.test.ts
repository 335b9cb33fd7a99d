import { describe, expect, it } from 'vitest'
import { halfToNumber, halvesToFloats } from '../../../../inference/engine/half.ts'

describe('halfToNumber', () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65_504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x83ff, -(1023 / 1024) * 2 ** -14],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('%i is %f', (bits, number) => {
    expect(halfToNumber(bits)).toBe(number)
  })

  it('grows with its bits, and single precision holds all of it', () => {
    const positive = Uint16Array.from({ length: 0x7c01 }, (_, bits) => bits)
    const floats = halvesToFloats(positive)
    expect(
      floats.every((float, bits) => bits === 0 || float > (floats[bits - 1] ?? Infinity)),
    ).toBe(true)
    expect(floats.every((float, bits) => float === halfToNumber(bits))).toBe(true)
  })
})
