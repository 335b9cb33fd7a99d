import { binomial, poisson } from './draws.ts'
import { mulberry32 } from './random.ts'

export type BootstrapOptions = {
  /** `poisson`: every vote's weight is Poisson(1); `multinomial`: as many votes, drawn anew. */
  readonly kind: 'poisson' | 'multinomial'
  readonly rounds: number
  readonly seed: number
}

/** What the rounds gave for the numbers that the fit returns, over the rounds that gave them all. */
export type BootstrapSpread = {
  /** Row-major; NaN with fewer than two complete rounds. */
  readonly covariance: Float64Array
  /** 2.5 % and 97.5 % quantiles. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** Rounds in which all numbers were finite. */
  readonly complete: number
}

/**
 * Draws counts anew as if votes were drawn anew (Efron 1979), without looking at a vote: votes of
 * one pair and outcome are exchangeable, so that Poisson(1) weights add up to Poisson(count) and
 * drawing N votes with replacement is a multinomial, made of conditional binomials. Votes count as
 * independent: this is the check on the sandwich, and no replacement for clustering by voter.
 *
 * @param counts numbers of votes by class (any layout)
 * @param fit estimates of redrawn counts, NaN where there is none; called once a round, with an
 *   array that is written anew for the next
 */
export function bootstrap(
  counts: ArrayLike<number>,
  fit: (counts: Float64Array) => Float64Array,
  { kind, rounds, seed }: BootstrapOptions,
): BootstrapSpread {
  const random = mulberry32(seed)
  const drawn = new Float64Array(counts.length)
  const draws: Float64Array[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (kind === 'poisson') {
      for (let k = 0; k < drawn.length; k += 1) drawn[k] = poisson(random, counts[k]!)
    } else multinomial(random, counts, drawn)
    const numbers = fit(drawn)
    if (numbers.every((each) => Number.isFinite(each))) draws.push(numbers.slice())
  }
  const size = draws[0]?.length ?? 0
  const complete = draws.length
  const means = new Float64Array(size)
  for (const draw of draws) for (let i = 0; i < size; i += 1) means[i]! += draw[i]! / complete
  const covariance = new Float64Array(size * size).fill(complete < 2 ? Number.NaN : 0)
  for (const draw of draws) {
    for (let i = 0; i < size; i += 1) {
      const off = draw[i]! - means[i]!
      for (let j = 0; j < size; j += 1) covariance[i * size + j]! += off * (draw[j]! - means[j]!)
    }
  }
  for (let at = 0; at < covariance.length; at += 1) covariance[at]! /= complete - 1
  const sorted = Array.from({ length: size }, (_, i) =>
    Float64Array.from(draws, (draw) => draw[i]!).sort(),
  )
  return {
    covariance,
    low: Float64Array.from(sorted, (values) => quantile(values, 0.025)),
    high: Float64Array.from(sorted, (values) => quantile(values, 0.975)),
    complete,
  }
}

function multinomial(random: () => number, counts: ArrayLike<number>, drawn: Float64Array): void {
  let votes = 0
  for (let k = 0; k < counts.length; k += 1) votes += counts[k]!
  let rest = votes
  for (let k = 0; k < counts.length; k += 1) {
    const count = counts[k]!
    drawn[k] = rest > 0 ? binomial(random, votes, count / rest) : 0
    votes -= drawn[k]!
    rest -= count
  }
}

/** By linear interpolation between order statistics (Hyndman & Fan's type 7). */
function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * q
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}
