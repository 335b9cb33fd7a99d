/** The larger types are exact in double precision, which is what JavaScript computes in. */
const scratch = new DataView(new ArrayBuffer(4))

/** All halves as numbers, by their bits: a table is several times faster than taking them apart. */
export const HALF_VALUES: Float64Array = Float64Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
})

/** The bits of the half nearest to `value`, ties to even; infinity beyond the largest. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(size)) return 0x7e00
  // Halves are spaced 2^-24 below 2^-14, and 2^(exponent - 10) above.
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)))
  if (exponent > 15) return sign | 0x7c00
  const steps = roundToEven(size / 2 ** (exponent - 10))
  // A fraction that rounds up carries into the exponent by itself.
  return sign | Math.min(0x7c00, steps + (exponent + 14) * 1024)
}

/** The number of a bfloat16: the upper half of a single. */
export function brainValue(bits: number): number {
  scratch.setUint32(0, bits * 65_536)
  return scratch.getFloat32(0)
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
