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

/**
 * Half-widths of 95 % intervals where few voters gave many of the votes, in the units of the
 * covariance's root. Clustered sandwiches are too narrow there, for two reasons with a known cure:
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
 * @param inverse H⁺
 * @param variances the diagonal of the clustered covariance, uncorrected
 * @param active voters of {@link ACTIVE_SHARE} or more, of whom none gave all votes
 * @returns `z·√variance` where nobody has the share of {@link DOMINANT_SHARE}
 */
export function halfWidths(
  inverse: Float64Array,
  variances: Float64Array,
  active: readonly ActiveVoter[],
): Float64Array {
  const { corrected, df } = jackknife(inverse, variances, active)
  return corrected.map((variance, i) => {
    const quantile = df[i] === Number.POSITIVE_INFINITY ? Z_95 : studentQuantile95(df[i]!)
    return quantile * Math.sqrt(Math.max(0, variance))
  })
}

/** The two steps of {@link halfWidths}: the jackknife's variances, and their degrees of freedom. */
export function jackknife(
  inverse: Float64Array,
  variances: Float64Array,
  active: readonly ActiveVoter[],
): { corrected: Float64Array; df: Float64Array } {
  const m = variances.length
  const corrected = variances.slice()
  const fourth = new Float64Array(m)
  const voters = active.some(({ share }) => share >= DOMINANT_SHARE) ? active : []
  for (const { share, scores } of voters) {
    const influence = multiplyVector(inverse, scores, m)
    const factor = 1 / (1 - share) ** 2
    for (let i = 0; i < m; i += 1) {
      const square = influence[i]! * influence[i]!
      corrected[i]! += (factor - 1) * square
      fourth[i]! += (factor * square) ** 2
    }
  }
  const df = corrected.map((variance, i) =>
    fourth[i] === 0 ? Number.POSITIVE_INFINITY : (3 * variance * variance) / fourth[i]!,
  )
  return { corrected, df }
}
