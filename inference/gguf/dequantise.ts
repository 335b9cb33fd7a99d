import { HALF_VALUES, brainValue } from './numbers.ts'
import type { TensorTypeName } from './tensor-types.ts'

/** Writes the numbers of the block at `at` to `out` from `to` on. */
type Decode = (bytes: Buffer, at: number, out: Float32Array, to: number) => void

/** The numbers that `count` blocks of a type stand for, in order. */
export function dequantise(
  type: { readonly name: TensorTypeName; readonly elements: number; readonly bytes: number },
  bytes: Buffer,
): Float32Array {
  const blocks = bytes.length / type.bytes
  const out = new Float32Array(blocks * type.elements)
  const decode = DECODERS[type.name]
  for (let block = 0; block < blocks; block++) {
    decode(bytes, block * type.bytes, out, block * type.elements)
  }
  return out
}

/** The half whose bits lie at `at`. */
const half = (bytes: Buffer, at: number): number => HALF_VALUES[bytes.readUInt16LE(at)] ?? NaN

/** Byte j of a block of 32 holds numbers j (low) and j + 16 (high); bit j of `high` is the fifth. */
function decodeNibbles(
  nibbles: Buffer,
  at: number,
  high: number,
  scale: number,
  offset: number,
  out: Float32Array,
  to: number,
): void {
  for (let j = 0; j < 16; j++) {
    const byte = nibbles[at + j] ?? 0
    out[to + j] = scale * ((byte & 15) | (((high >>> j) & 1) << 4)) + offset
    out[to + j + 16] = scale * ((byte >> 4) | (((high >>> (j + 16)) & 1) << 4)) + offset
  }
}

/** Scale and minimum of sub-block `index` of 8, six bits each, packed into 12 bytes. */
export function scaleAndMinimum(bytes: Buffer, at: number, index: number): [number, number] {
  const low = bytes[at + index] ?? 0
  const next = bytes[at + index + 4] ?? 0
  if (index < 4) return [low & 63, next & 63]
  const first = bytes[at + index - 4] ?? 0
  return [(next & 15) | ((first >> 6) << 4), (next >> 4) | ((low >> 6) << 4)]
}

/** 256 numbers of 4 or 5 bits in 8 sub-blocks: `fifth` is where the fifth bits lie, if there are any. */
function decodeSuperBlock(
  bytes: Buffer,
  at: number,
  out: Float32Array,
  to: number,
  fifth?: number,
) {
  const scale = half(bytes, at)
  const minimum = half(bytes, at + 2)
  const codes = at + 16 + (fifth === undefined ? 0 : 32)
  for (let sub = 0; sub < 8; sub++) {
    const [subScale, subMinimum] = scaleAndMinimum(bytes, at + 4, sub)
    const shift = (sub % 2) * 4
    for (let l = 0; l < 32; l++) {
      const low = ((bytes[codes + (sub >> 1) * 32 + l] ?? 0) >> shift) & 15
      const high = fifth === undefined ? 0 : (((bytes[fifth + l] ?? 0) >> sub) & 1) << 4
      out[to + sub * 32 + l] = scale * subScale * (low | high) - minimum * subMinimum
    }
  }
}

/** 256 numbers of 6 bits: 128 bytes of low halves, 64 of upper two bits, 16 signed scales, a half. */
function decodeSixBits(bytes: Buffer, at: number, out: Float32Array, to: number): void {
  const scale = half(bytes, at + 208)
  for (let index = 0; index < 256; index++) {
    const part = index >> 7
    const group = (index >> 5) & 3
    const l = index & 31
    const low = (bytes[at + part * 64 + (group & 1) * 32 + l] ?? 0) >> ((group >> 1) * 4)
    const high = (bytes[at + 128 + part * 32 + l] ?? 0) >> (group * 2)
    const code = ((low & 15) | ((high & 3) << 4)) - 32
    out[to + index] = scale * bytes.readInt8(at + 192 + (index >> 4)) * code
  }
}

const DECODERS: Readonly<Record<TensorTypeName, Decode>> = {
  F32: (bytes, at, out, to) => {
    out[to] = bytes.readFloatLE(at)
  },
  F16: (bytes, at, out, to) => {
    out[to] = half(bytes, at)
  },
  BF16: (bytes, at, out, to) => {
    out[to] = brainValue(bytes.readUInt16LE(at))
  },
  Q4_0: (bytes, at, out, to) => {
    const scale = half(bytes, at)
    decodeNibbles(bytes, at + 2, 0, scale, -8 * scale, out, to)
  },
  Q4_1: (bytes, at, out, to) =>
    decodeNibbles(bytes, at + 4, 0, half(bytes, at), half(bytes, at + 2), out, to),
  Q5_0: (bytes, at, out, to) => {
    const scale = half(bytes, at)
    decodeNibbles(bytes, at + 6, bytes.readUInt32LE(at + 2), scale, -16 * scale, out, to)
  },
  Q5_1: (bytes, at, out, to) =>
    decodeNibbles(
      bytes,
      at + 8,
      bytes.readUInt32LE(at + 4),
      half(bytes, at),
      half(bytes, at + 2),
      out,
      to,
    ),
  Q8_0: (bytes, at, out, to) => {
    const scale = half(bytes, at)
    for (let j = 0; j < 32; j++) out[to + j] = scale * bytes.readInt8(at + 2 + j)
  },
  Q4_K: (bytes, at, out, to) => decodeSuperBlock(bytes, at, out, to),
  Q5_K: (bytes, at, out, to) => decodeSuperBlock(bytes, at, out, to, at + 16),
  Q6_K: decodeSixBits,
}
