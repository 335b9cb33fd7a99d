/** Numbers from 0 to below 1. */
export type Random = () => number

/** A block as a file stores it, and the numbers that it stands for, by the formats' description. */
export interface Block {
  readonly bytes: readonly number[]
  readonly values: readonly number[]
}

export interface BlockType {
  readonly id: number
  readonly elements: number
  readonly random: (random: Random) => Block
}

const below = (random: Random, count: number) => Math.floor(random() * count)
const codes = (random: Random, length: number, count: number) =>
  Array.from({ length }, () => below(random, count))
const pair = (bits: number) => [bits & 255, bits >> 8]
const bytes = (length: number, at: (index: number) => number) =>
  Array.from({ length }, (_, i) => at(i))

/** A half between 2^-exponent and twice that. */
function half(random: Random, exponent: number): { bits: number; value: number } {
  const fraction = below(random, 1024)
  return { bits: ((15 - exponent) << 10) | fraction, value: (1 + fraction / 1024) / 2 ** exponent }
}

const of = (list: readonly number[], index: number): number => list[index] ?? NaN

/** Sixteen bytes for 32 codes: the first half of them low, the second high. */
const nibbles = (list: readonly number[]) =>
  bytes(16, (j) => (of(list, j) & 15) | ((of(list, j + 16) & 15) << 4))
const fifths = (list: readonly number[]) =>
  bytes(4, (byte) =>
    bytes(8, (bit) => (of(list, byte * 8 + bit) >> 4) << bit).reduce((sum, each) => sum + each, 0),
  )

function fourOrFive(bits: 4 | 5, minima: boolean) {
  return (random: Random): Block => {
    const d = half(random, bits + 4)
    const m = half(random, 4)
    const list = codes(random, 32, 2 ** bits)
    const offset = minima ? -m.value : -d.value * 2 ** (bits - 1)
    return {
      bytes: [
        ...pair(d.bits),
        ...(minima ? pair(m.bits | 0x8000) : []),
        ...(bits === 5 ? fifths(list) : []),
        ...nibbles(list),
      ],
      values: list.map((code) => d.value * code + offset),
    }
  }
}

function superBlock(bits: 4 | 5) {
  return (random: Random): Block => {
    const d = half(random, bits + 9)
    const m = half(random, 9)
    const scales = codes(random, 8, 64)
    const minima = codes(random, 8, 64)
    const list = codes(random, 256, 2 ** bits)
    return {
      bytes: [
        ...pair(d.bits),
        ...pair(m.bits),
        ...bytes(4, (j) => of(scales, j) | ((of(scales, j + 4) >> 4) << 6)),
        ...bytes(4, (j) => of(minima, j) | ((of(minima, j + 4) >> 4) << 6)),
        ...bytes(4, (j) => (of(scales, j + 4) & 15) | ((of(minima, j + 4) & 15) << 4)),
        ...(bits === 5
          ? bytes(32, (l) =>
              bytes(8, (sub) => (of(list, sub * 32 + l) >> 4) << sub).reduce(
                (sum, b) => sum + b,
                0,
              ),
            )
          : []),
        ...bytes(128, (index) => {
          const at = Math.floor(index / 32) * 64 + (index % 32)
          return (of(list, at) & 15) | ((of(list, at + 32) & 15) << 4)
        }),
      ],
      values: list.map((code, index) => {
        const sub = Math.floor(index / 32)
        return d.value * of(scales, sub) * code - m.value * of(minima, sub)
      }),
    }
  }
}

function sixBits(random: Random): Block {
  const d = half(random, 14)
  const scales = codes(random, 16, 256).map((byte) => byte - 128)
  const list = codes(random, 256, 64)
  const low = (index: number) => of(list, index) & 15
  const high = (index: number) => of(list, index) >> 4
  return {
    bytes: [
      ...bytes(128, (index) => {
        const at = Math.floor(index / 64) * 128 + (index % 64)
        return low(at) | (low(at + 64) << 4)
      }),
      ...bytes(64, (index) => {
        const at = Math.floor(index / 32) * 128 + (index % 32)
        return high(at) | (high(at + 32) << 2) | (high(at + 64) << 4) | (high(at + 96) << 6)
      }),
      ...scales.map((scale) => scale & 255),
      ...pair(d.bits),
    ],
    values: list.map((code, index) => d.value * of(scales, Math.floor(index / 16)) * (code - 32)),
  }
}

function eightBits(random: Random): Block {
  const d = half(random, 10)
  const list = codes(random, 32, 256).map((byte) => byte - 128)
  return {
    bytes: [...pair(d.bits), ...list.map((code) => code & 255)],
    values: list.map((code) => d.value * code),
  }
}

/** A number of the upper `kept` bytes of a single. */
function float(random: Random, kept: 2 | 4): Block {
  const buffer = Buffer.alloc(4)
  buffer.writeFloatLE((random() - 0.5) / 4)
  if (kept === 2) buffer.fill(0, 0, 2)
  return { bytes: [...buffer.subarray(4 - kept)], values: [buffer.readFloatLE()] }
}

/** Random blocks of every type that can be converted. */
export const BLOCK_TYPES = {
  F32: { id: 0, elements: 1, random: (random) => float(random, 4) },
  F16: {
    id: 1,
    elements: 1,
    random: (random) => {
      const { bits, value } = half(random, 4)
      const sign = below(random, 2)
      return { bytes: pair(bits | (sign << 15)), values: [sign ? -value : value] }
    },
  },
  BF16: { id: 30, elements: 1, random: (random) => float(random, 2) },
  Q4_0: { id: 2, elements: 32, random: fourOrFive(4, false) },
  Q4_1: { id: 3, elements: 32, random: fourOrFive(4, true) },
  Q5_0: { id: 6, elements: 32, random: fourOrFive(5, false) },
  Q5_1: { id: 7, elements: 32, random: fourOrFive(5, true) },
  Q8_0: { id: 8, elements: 32, random: eightBits },
  Q4_K: { id: 12, elements: 256, random: superBlock(4) },
  Q5_K: { id: 13, elements: 256, random: superBlock(5) },
  Q6_K: { id: 14, elements: 256, random: sixBits },
} satisfies Record<string, BlockType>

export type BlockTypeName = keyof typeof BLOCK_TYPES

/** `count` numbers of a type as a file stores them, and what they are. */
export function randomTensor(
  name: BlockTypeName,
  count: number,
  random: Random,
): { data: Uint8Array; values: Float64Array } {
  const { elements, random: block }: BlockType = BLOCK_TYPES[name]
  const blocks = Array.from({ length: count / elements }, () => block(random))
  return {
    data: Uint8Array.from(blocks.flatMap((each) => each.bytes)),
    values: Float64Array.from(blocks.flatMap((each) => each.values)),
  }
}
