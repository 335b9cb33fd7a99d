import { normalQuantile } from './numbers.ts'

/** Ranks from 1: one more than the number of strictly better ratings. */
export function ranksOf(ratings: Float64Array): Int32Array {
  const ascending = ratings.slice().sort()
  return Int32Array.from(ratings, (rating) => 1 + ratings.length - countUpTo(ascending, rating))
}

/** LMArena's rank by interval: one more than the number of models that are better for sure, 1 + #{j : low_j > high_i}. */
export function rankUpperBounds(low: Float64Array, high: Float64Array): Int32Array {
  const ascending = low.slice().sort()
  return Int32Array.from(high, (bound) => 1 + low.length - countUpTo(ascending, bound))
}

/**
 * The critical value of all M(M − 1)/2 pairwise comparisons together at level α = 0.05, two-sided,
 * after Bonferroni: Φ⁻¹(1 − α/(M(M − 1))).
 */
export function pairwiseCriticalValue(models: number): number {
  return models < 2 ? Number.POSITIVE_INFINITY : normalQuantile(1 - 0.05 / (models * (models - 1)))
}

/**
 * Intervals of ranks from pairwise differences (the idea of Mogstad, Romano, Shaikh & Wilhelm 2024):
 * with z_ij = (θ_i − θ_j)/√(V_ii + V_jj − 2V_ij), `low` = 1 + #{j : z_ji > c} and
 * `high` = M − #{j : z_ij > c}.
 *
 * @param covariance V, M·M
 * @param critical c: {@link pairwiseCriticalValue} for simultaneous intervals
 */
export function rankIntervals(
  theta: Float64Array,
  covariance: Float64Array,
  critical: number,
): { low: Int32Array; high: Int32Array } {
  const m = theta.length
  const low = new Int32Array(m).fill(1)
  const high = new Int32Array(m).fill(m)
  for (let i = 0; i < m; i += 1) {
    for (let j = i + 1; j < m; j += 1) {
      const variance = covariance[i * m + i]! + covariance[j * m + j]! - 2 * covariance[i * m + j]!
      // No variance is no knowledge here: it comes from too few clusters, not from certainty.
      if (!(variance > 0)) continue
      const z = (theta[i]! - theta[j]!) / Math.sqrt(variance)
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
