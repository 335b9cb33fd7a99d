import { ConversionError } from './conversion-error.ts'
import { dequantise, scaleAndMinimum } from './dequantise.ts'
import { HALF_VALUES, halfBits } from './numbers.ts'
import type { TensorType, TensorTypeName } from './tensor-types.ts'

/** Numbers that share a scale in the graph. */
export const BLOCK = 32

/**
 * How a matrix is stored in the graph, in blocks of 32 numbers with a scale d (a half):
 * `sym4` is d * (q - 8) with q of 4 bits, `min4` is d * q + m, `sym8` is d * (q - 128) with 8 bits.
 */
export type Packing = 'sym4' | 'min4' | 'sym8'

/** Bytes of codes that a block of 32 takes. */
export const CODE_BYTES: Readonly<Record<Packing, number>> = { sym4: 16, min4: 16, sym8: 32 }

/** Blocks as the graph stores them; scales and minima are bits of halves. */
export interface PackedBlocks {
  readonly codes: Uint8Array
  readonly scales: Uint16Array
  /** Only with `min4`. */
  readonly minima: Uint16Array | null
}

const PACKINGS: Readonly<Partial<Record<TensorTypeName, Packing>>> = {
  Q4_0: 'sym4',
  Q4_1: 'min4',
  Q4_K: 'min4',
}

/** The packing that keeps a type's codes; eight bits where there is none. */
export function packingOf(type: TensorType): Packing {
  return PACKINGS[type.name] ?? 'sym8'
}

/** Types that are a scale times small integers, which eight bits hold as they are. */
const INTEGERS: readonly TensorTypeName[] = ['Q4_0', 'Q5_0', 'Q8_0']

/** Whether a type's numbers come out of a packing as they went in (but for the rounding of scales). */
export function keepsCodes(type: TensorType, packing: Packing): boolean {
  return packing === 'sym8' ? INTEGERS.includes(type.name) : packing === packingOf(type)
}

/**
 * Packs rows of a tensor. Codes are kept where the packing can hold them; all else is dequantised
 * and quantised to 8 bits, the largest number of a block at 127. Throws a ConversionError for
 * numbers that are not finite or that a half cannot scale.
 */
export function packBlocks(type: TensorType, packing: Packing, bytes: Buffer): PackedBlocks {
  const count = (bytes.length / type.bytes) * (type.elements / BLOCK)
  const packed: PackedBlocks = {
    codes: new Uint8Array(count * CODE_BYTES[packing]),
    scales: new Uint16Array(count),
    minima: packing === 'min4' ? new Uint16Array(count) : null,
  }
  if (type.name === 'Q8_0') keepEightBits(bytes, packed)
  else if (packing === 'sym8') {
    const own = (block: number) => bytes.readUInt16LE(block * type.bytes)
    quantise(dequantise(type, bytes), packed, keepsCodes(type, packing) ? own : null)
  } else if (type.name === 'Q4_K') keepSuperBlocks(bytes, packed)
  else keepFourBits(bytes, type.bytes, packed)
  checkFinite(packed.scales)
  if (packed.minima) checkFinite(packed.minima)
  return packed
}

/** `own` gives the bits of a block's scale where the numbers are multiples of one already. */
function quantise(
  numbers: Float32Array,
  { codes, scales }: PackedBlocks,
  own: ((block: number) => number) | null,
): void {
  for (let block = 0; block < scales.length; block++) {
    const from = block * BLOCK
    let largest = 0
    for (let j = from; j < from + BLOCK; j++) {
      const size = Math.abs(numbers[j] ?? NaN)
      if (!(size < Infinity)) throw notFinite()
      if (size > largest) largest = size
    }
    const bits = own?.(block) ?? halfBits(largest / 127)
    const scale = HALF_VALUES[bits] ?? NaN
    scales[block] = bits
    for (let j = from; j < from + BLOCK; j++) {
      const code = scale === 0 ? 0 : Math.round((numbers[j] ?? 0) / scale)
      codes[j] = Math.max(-127, Math.min(127, code)) + 128
    }
  }
}

function keepEightBits(bytes: Buffer, { codes, scales }: PackedBlocks): void {
  for (let block = 0; block < scales.length; block++) {
    const at = block * 34
    scales[block] = bytes.readUInt16LE(at)
    // Flipping the highest bit adds 128 to a signed byte.
    for (let j = 0; j < BLOCK; j++) codes[block * BLOCK + j] = (bytes[at + 2 + j] ?? 0) ^ 0x80
  }
}

/** Q4_0 and Q4_1: the file pairs numbers j and j + 16 in a byte, the graph 2j and 2j + 1. */
function keepFourBits(
  bytes: Buffer,
  blockBytes: number,
  { codes, scales, minima }: PackedBlocks,
): void {
  for (let block = 0; block < scales.length; block++) {
    const at = block * blockBytes
    scales[block] = bytes.readUInt16LE(at)
    if (minima) minima[block] = bytes.readUInt16LE(at + 2)
    const from = at + blockBytes - 16
    for (let j = 0; j < 8; j++) {
      const first = bytes[from + 2 * j] ?? 0
      const second = bytes[from + 2 * j + 1] ?? 0
      codes[block * 16 + j] = (first & 15) | ((second & 15) << 4)
      codes[block * 16 + 8 + j] = (first >> 4) | (second & 0xf0)
    }
  }
}

/** Q4_K: the products of both scales become one half, which is exact to three digits. */
function keepSuperBlocks(bytes: Buffer, { codes, scales, minima }: PackedBlocks): void {
  for (let block = 0; block < scales.length; block++) {
    const at = (block >> 3) * 144
    const sub = block & 7
    const [scale, minimum] = scaleAndMinimum(bytes, at + 4, sub)
    scales[block] = halfBits((HALF_VALUES[bytes.readUInt16LE(at)] ?? NaN) * scale)
    if (minima) {
      minima[block] = halfBits(-(HALF_VALUES[bytes.readUInt16LE(at + 2)] ?? NaN) * minimum)
    }
    const from = at + 16 + (sub >> 1) * 32
    const shift = (sub & 1) * 4
    for (let j = 0; j < 16; j++) {
      const first = ((bytes[from + 2 * j] ?? 0) >> shift) & 15
      const second = ((bytes[from + 2 * j + 1] ?? 0) >> shift) & 15
      codes[block * 16 + j] = first | (second << 4)
    }
  }
}

function checkFinite(halves: Uint16Array): void {
  for (const bits of halves) {
    if ((bits & 0x7c00) === 0x7c00) throw notFinite()
  }
}

function notFinite(): ConversionError {
  return new ConversionError('its numbers are not all finite, or too large for a half')
}
