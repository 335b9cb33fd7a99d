/**
 * Random variates from a generator of uniform numbers in [0, 1), for simulation and bootstrap.
 */

/** ln Γ(x) for x > 0, to about 1e-13 (Lanczos's series, g = 7, nine terms). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  const y = x - 1
  let sum = LANCZOS[0]!
  for (let k = 1; k < LANCZOS.length; k += 1) sum += LANCZOS[k]! / (y + k)
  const t = y + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/** A standard normal number (Box & Muller 1958). Takes two uniform ones. */
export function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/**
 * A Poisson number: by inversion below a mean of 10, above it by transformed rejection (Hörmann
 * 1993, algorithm PTRS).
 */
export function poisson(random: () => number, mean: number): number {
  if (!(mean > 0)) return 0
  if (mean < 10) return byInversion(random(), Math.exp(-mean), (k) => mean / k)
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const limit = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = random() - 0.5
    const v = 1 - random()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= limit) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const accepted = Math.log((v * inverseAlpha) / (a / (us * us) + b))
    if (accepted <= k * Math.log(mean) - mean - lnGamma(k + 1)) return k
  }
}

/**
 * A binomial number: by inversion where n·min(p, 1−p) < 10, else by transformed rejection (Hörmann
 * 1993, algorithm BTRS).
 */
export function binomial(random: () => number, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(random, n, 1 - p)
  const odds = p / (1 - p)
  if (n * p < 10) {
    return byInversion(random(), (1 - p) ** n, (k) => (odds * (n - k + 1)) / k, n)
  }
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const alpha = (2.83 + 5.1 / b) * spread
  const limit = 0.92 - 4.2 / b
  const mode = Math.floor((n + 1) * p)
  const atMode = lnGamma(mode + 1) + lnGamma(n - mode + 1)
  for (;;) {
    const u = random() - 0.5
    const v = 1 - random()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + centre)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= limit) return k
    const accepted = Math.log((v * alpha) / (a / (us * us) + b))
    const target = atMode - lnGamma(k + 1) - lnGamma(n - k + 1) + (k - mode) * Math.log(odds)
    if (accepted <= target) return k
  }
}

/** Walks up a distribution from P(0) by the ratios P(k)/P(k−1). */
function byInversion(
  u: number,
  zero: number,
  ratio: (k: number) => number,
  most = Number.POSITIVE_INFINITY,
): number {
  let k = 0
  let probability = zero
  let left = u
  // What is below 1e-300 does not add up any more: the walk has reached the end of the tail.
  while (left >= probability && k < most && probability > 1e-300) {
    left -= probability
    k += 1
    probability *= ratio(k)
  }
  return k
}
