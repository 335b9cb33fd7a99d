/** Elo points per logit: θ in natural-log odds times this is a difference in Elo points. */
export const ELO_PER_LOGIT = 400 / Math.LN10

/** The 97.5 % quantile of the standard normal distribution: the half-width of a 95 % interval. */
export const Z_95 = 1.959963984540054

/**
 * The quantile function Φ⁻¹ of the standard normal distribution, to about 1e-16 (Wichura 1988,
 * algorithm AS 241).
 *
 * @param p in (0, 1); 0 and 1 give ∓Infinity, anything else NaN
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, CENTRE_TOP)) / polynomial(r, CENTRE_BOTTOM)
  }
  const tail = q < 0 ? p : 1 - p
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-Math.log(tail))
  const size =
    r <= 5
      ? polynomial(r - 1.6, NEAR_TOP) / polynomial(r - 1.6, NEAR_BOTTOM)
      : polynomial(r - 5, FAR_TOP) / polynomial(r - 5, FAR_BOTTOM)
  return q < 0 ? -size : size
}

/**
 * Wilson's score interval of a rate (Wilson 1927).
 *
 * @param successes between 0 and n
 * @param n trials; with none the interval is all of [0, 1]
 * @param z half-width in standard deviations
 */
export function wilson(
  successes: number,
  n: number,
  z: number = Z_95,
): { low: number; high: number } {
  if (n <= 0) return { low: 0, high: 1 }
  const rate = successes / n
  const square = (z * z) / n
  const centre = rate + square / 2
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + square / (4 * n))
  return {
    // At the ends of [0, 1] the formula is exactly 0 or 1, but for rounding.
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / (1 + square)),
    high: successes === n ? 1 : Math.min(1, (centre + spread) / (1 + square)),
  }
}

/** Horner's scheme, lowest coefficient first. */
function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0)
}

const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const NEAR_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const NEAR_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
]
const FAR_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const FAR_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
]
