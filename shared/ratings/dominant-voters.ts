import { standardErrors } from './intervals.ts'
import { multiplyVector } from './linear-algebra.ts'
import { Z_95 } from './numbers.ts'
import { studentQuantile95 } from './student.ts'

/**
 * A crowd has a dominant voter where somebody gave a twentieth of its votes. Below that clustered
 * intervals are the plain ones of the literature, which cover what they should there
 * (`docs/ratings-coverage.md`); from there on they are corrected.
 */
export const DOMINANT_SHARE = 1 / 20

/**
 * A voter with a smaller share of the votes is left out of the correction: what it would do about
 * them is at most a fifth of a percent of a variance.
 */
export const ACTIVE_SHARE = 1 / 1000

/** A voter who gave several votes and a share of all of them that counts. */
export type ActiveVoter = {
  /** h_c: of everything that the votes weigh in the likelihood. */
  readonly share: number
  /** s_c, the voter's summed score at the estimate, by rated model. */
  readonly scores: Float64Array
}

/** How far ratings scatter where a voter dominates. Matrices are row-major. */
export type Spread = {
  /** The jackknife's, logits². */
  readonly covariance: Float64Array
  /** Degrees of freedom: of a rating on the diagonal, of a difference beside it. */
  readonly df: Float64Array
}

/**
 * The spread of ratings where few voters gave many of the votes. Clustered sandwiches are too narrow
 * there, for two reasons with a known cure:
 *
 * 1. The estimate has moved towards an active voter, whose residuals are too small for it: to first
 *    order `ŝ_c = s_c − h_c Σ_k s_k`, because everybody is shown pairs from the same draw, so that
 *    c's share of the information is h_c. `ŝ_c/(1 − h_c)` undoes this: it is the change of the
 *    estimate when voter c is left out, and the sum of its squares the jackknife's variance (CR3;
 *    Bell & McCaffrey 2002; MacKinnon, Nielsen & Webb 2023). Whatever the voters' variances v_c are,
 *    its expectation is `Σ v_c + Σ_c (h_c/(1−h_c))² Σ_{k≠c} v_k`: never too small.
 * 2. A variance to which few voters contribute is itself uncertain: the interval needs Student's
 *    quantile, with Satterthwaite's (1946) degrees of freedom `(Σ v_c)²/Σ v_c²`. A voter's v_c is
 *    known from one number g_c² alone, and E[g_c⁴] = 3 v_c², so that Σ v_c² is estimated by
 *    Σ g_c⁴/3 (von Davier 2024, arXiv 2409.14606, the case of one degree of freedom each).
 *
 * Neither step has a constant that was fitted to a coverage; `docs/ratings-coverage.md` has what they
 * do to it.
 *
 * @param inverse H⁺, size·size
 * @param covariance the clustered one, size·size; left as it is
 * @param active voters of {@link ACTIVE_SHARE} or more, of whom none gave all votes
 * @returns half-widths of 95 % intervals in logits; where nobody has a share of {@link DOMINANT_SHARE}
 *   `z·√variance`, and no spread but the covariance
 */
export function spreadOf(
  inverse: Float64Array,
  covariance: Float64Array,
  size: number,
  active: readonly ActiveVoter[],
): { readonly halfWidths: Float64Array; readonly spread: Spread | null } {
  if (!active.some(({ share }) => share >= DOMINANT_SHARE)) {
    return { halfWidths: halfWidthsOf(covariance, size, null), spread: null }
  }
  const corrected = covariance.slice()
  const fourth = new Float64Array(size * size)
  for (const { share, scores } of active) {
    const influence = multiplyVector(inverse, scores, size)
    const factor = 1 / (1 - share) ** 2
    for (let i = 0; i < size; i += 1) {
      fourth[i * size + i]! += (factor * influence[i]! * influence[i]!) ** 2
      for (let j = 0; j < size; j += 1) {
        corrected[i * size + j]! += (factor - 1) * influence[i]! * influence[j]!
        if (j !== i) fourth[i * size + j]! += (factor * (influence[i]! - influence[j]!) ** 2) ** 2
      }
    }
  }
  const df = fourth.map((moment, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    const variance =
      i === j
        ? corrected[at]!
        : corrected[i * size + i]! + corrected[j * size + j]! - 2 * corrected[at]!
    return moment === 0 ? Number.POSITIVE_INFINITY : (3 * variance * variance) / moment
  })
  return {
    halfWidths: halfWidthsOf(corrected, size, df),
    spread: { covariance: corrected, df },
  }
}

/** Half-widths of 95 % intervals, logits. */
export function halfWidthsOf(
  covariance: Float64Array,
  size: number,
  df: Float64Array | null,
): Float64Array {
  return standardErrors(covariance, size).map((error, i) => {
    const freedom = df?.[i * size + i] ?? Number.POSITIVE_INFINITY
    return error * (freedom === Number.POSITIVE_INFINITY ? Z_95 : studentQuantile95(freedom))
  })
}
