import { normalQuantile } from './numbers.ts'
import { upperTail } from './student.ts'

/** Ratings this near to each other, in Elo points, differ by rounding. */
const EQUAL = 1e-9

/** A variance below this part of those of the two ratings is what rounding left of nothing. */
const NOTHING = 1e-12

/** Ranks from 1: one more than the number of strictly better ratings (Elo points). */
export function ranksOf(ratings: Float64Array): Int32Array {
  const ascending = ratings.slice().sort()
  return Int32Array.from(
    ratings,
    (rating) => 1 + ratings.length - countUpTo(ascending, rating + EQUAL),
  )
}

/** LMArena's rank by interval: one more than the number of models that are better for sure, 1 + #{j : low_j > high_i}. */
export function rankUpperBounds(low: Float64Array, high: Float64Array): Int32Array {
  const ascending = low.slice().sort()
  return Int32Array.from(high, (bound) => 1 + low.length - countUpTo(ascending, bound))
}

/** The level of each pairwise comparison, one-sided, so that all together err with α = 0.05. */
function pairwiseLevel(models: number): number {
  return 0.05 / (models * (models - 1))
}

/**
 * The critical value of all M(M − 1)/2 pairwise comparisons together at level α = 0.05, two-sided,
 * after Bonferroni: Φ⁻¹(1 − α/(M(M − 1))).
 */
export function pairwiseCriticalValue(models: number): number {
  return models < 2 ? Number.POSITIVE_INFINITY : normalQuantile(1 - pairwiseLevel(models))
}

/**
 * Intervals of ranks from pairwise differences (the idea of Mogstad, Romano, Shaikh & Wilhelm 2024):
 * with z_ij = (θ_i − θ_j)/√(V_ii + V_jj − 2V_ij), `low` = 1 + #{j : z_ji > c} and
 * `high` = M − #{j : z_ij > c}.
 *
 * @param covariance V, M·M
 * @param critical c: {@link pairwiseCriticalValue} for simultaneous intervals
 * @param df degrees of freedom of the differences, M·M, where they are finite: Student's distribution
 *   then takes the place of the normal one, at the level of {@link pairwiseCriticalValue}
 */
export function rankIntervals(
  theta: Float64Array,
  covariance: Float64Array,
  critical: number,
  df?: Float64Array,
): { low: Int32Array; high: Int32Array } {
  const m = theta.length
  const low = new Int32Array(m).fill(1)
  const high = new Int32Array(m).fill(m)
  for (let i = 0; i < m; i += 1) {
    for (let j = i + 1; j < m; j += 1) {
      const both = covariance[i * m + i]! + covariance[j * m + j]!
      const variance = both - 2 * covariance[i * m + j]!
      // No variance is no knowledge here: it comes from too few clusters, not from certainty.
      if (!(variance > NOTHING * both)) continue
      const z = (theta[i]! - theta[j]!) / Math.sqrt(variance)
      if (Math.abs(z) <= critical) continue
      const freedom = df?.[i * m + j] ?? Number.POSITIVE_INFINITY
      if (
        freedom < Number.POSITIVE_INFINITY &&
        upperTail(Math.abs(z), freedom) >= pairwiseLevel(m)
      ) {
        continue
      }
      if (z > critical) {
        high[i]! -= 1
        low[j]! += 1
      } else if (-z > critical) {
        high[j]! -= 1
        low[i]! += 1
      }
    }
  }
  return { low, high }
}

/** How many entries of a sorted array are not above a value. */
function countUpTo(ascending: Float64Array, value: number): number {
  let from = 0
  let to = ascending.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ascending[middle]! <= value) from = middle + 1
    else to = middle
  }
  return from
}
