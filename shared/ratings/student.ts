import { lnGamma } from './draws.ts'
import { Z_95 } from './numbers.ts'

/** From here on the expansion is exact to about 1e-12. */
const MANY = 300

/**
 * The 97.5 % quantile of Student's t distribution, to about 1e-12: the half-width of a 95 %
 * interval, in standard errors that are themselves estimated.
 *
 * @param df degrees of freedom, real, > 0; Infinity gives {@link Z_95}
 */
export function studentQuantile95(df: number): number {
  if (df >= MANY) return expansion(df)
  // The tail falls as the quantile grows: bracket it, then Newton's steps kept inside the bracket.
  let low = Z_95
  let high = Z_95
  while (upperTail(high, df) > 0.025) high *= 2
  let t = Math.min(high, Z_95 + (Z_95 ** 3 + Z_95) / (4 * df))
  for (let round = 0; round < 200; round += 1) {
    const excess = upperTail(t, df) - 0.025
    if (excess > 0) low = t
    else high = t
    let next = t + excess / density(t, df)
    if (!(next > low && next < high)) next = (low + high) / 2
    if (Math.abs(next - t) < 1e-13 * t) return next
    t = next
  }
  return t
}

/** Around the normal quantile, in powers of 1/df (Fisher & Cornish 1960; Abramowitz & Stegun 26.7.5). */
function expansion(df: number): number {
  const z = Z_95
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ]
  return terms.reduce((sum, term, k) => sum + term / df ** (k + 1), z)
}

function density(t: number, df: number): number {
  const constant = lnGamma((df + 1) / 2) - lnGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(constant - ((df + 1) / 2) * Math.log1p((t * t) / df))
}

/** P(T > t) = ½·I_{df/(df+t²)}(df/2, ½) for t ≥ 0 and finite df. */
export function upperTail(t: number, df: number): number {
  return 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
}

/** The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(
    lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  )
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    const change = d * c
    result *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return result
}
