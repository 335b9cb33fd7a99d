import { spreadOf } from './dominant-voters.ts'
import { standardErrors } from './intervals.ts'
import { precisionOf, SLICE_SD_ELO } from './map-slices.ts'
import { ELO_PER_LOGIT } from './numbers.ts'
import { scoresOf } from './outcomes.ts'
import type { Slice } from './rated-slice.ts'
import { selectRows } from './slice-counts.ts'
import { MEAN_RATING, nobodyRated, numbersWithin, type Solution } from './solution.ts'
import { fitStyle, styleDifferences, type StyleRows } from './style.ts'

/**
 * The same board with length and layout held constant (`style.ts`): whom it rates and what each
 * dimension weighs is taken over from the board without. A feature that never differs has the coefficient 0;
 * where one side has always won, the fit is without the left coefficient.
 */
export function withStyle(slice: Slice, plain: Solution): Solution {
  const { rated } = plain
  if (rated.length === 0) return plain
  const failed = () => nobodyRated(slice, plain.status, plain.converged)
  const rows = styleRows(slice, plain)
  const known = slice.options.prior?.theta
  const prior = known && {
    centre: Float64Array.from(rated, (model) => known.get(slice.models[model]!) ?? 0),
    precision: precisionOf(SLICE_SD_ELO),
  }
  const start = plain.theta ?? undefined
  const fit = fitStyle(rows, prior, start) ?? fitStyle(rows, prior, start, false)
  if (fit === undefined) return failed()
  const m = rated.length
  const base = {
    ...plain,
    theta: fit.theta,
    ratings: fit.theta.map((x) => MEAN_RATING + x * ELO_PER_LOGIT),
  }
  const coefficients = Float64Array.of(fit.left ?? Number.NaN, ...fit.coefficients)
  if (slice.intervals === 'none') {
    return { ...base, style: { coefficients, errors: null, halfWidths: null } }
  }
  // A slice that leans on a board has the posterior's errors, as it has without style.
  const covariance = prior === undefined ? fit.covariance : fit.inverse
  const active = prior === undefined ? fit.active : []
  const { halfWidths, spread } = spreadOf(fit.inverse, covariance, fit.size, active)
  const strengths = (matrix: Float64Array) => block(matrix, fit.size, m)
  return {
    ...base,
    covariance: strengths(covariance),
    inverseHessian: strengths(fit.inverse),
    halfWidths: halfWidths.subarray(0, m),
    spread: spread && { covariance: strengths(spread.covariance), df: strengths(spread.df) },
    voters: fit.voters,
    style: {
      coefficients,
      errors: standardErrors(covariance, fit.size).subarray(m),
      halfWidths: halfWidths.subarray(m),
    },
  }
}

/** The verdicts of the board's dimensions between rated models, one a row. */
function styleRows(slice: Slice, plain: Solution): StyleRows {
  const { table, parts, options, ties } = slice
  const { indexOf } = numbersWithin(slice, plain.rated)
  const scores = scoresOf(ties)
  const chosen = selectRows(table, options.filter ?? {}, 0, table.length)
  const wanted = (row: number, outcomes: Uint8Array) =>
    (chosen === null || chosen[row] === 1) &&
    !Number.isNaN(scores[outcomes[row]!]!) &&
    indexOf[table.left[row]!]! >= 0 &&
    indexOf[table.right[row]!]! >= 0
  const used = parts.filter(({ dimension }) => plain.factors[dimension]! > 0)
  let length = 0
  for (const { dimension } of used) {
    const outcomes = table.outcomes[dimension]!
    for (let row = 0; row < table.length; row += 1) if (wanted(row, outcomes)) length += 1
  }
  const several = used.length > 1
  const weighted = table.weight !== null || several
  const rows = {
    models: plain.rated.length,
    length,
    left: new Int32Array(length),
    right: new Int32Array(length),
    score: new Float64Array(length),
    weight: weighted ? new Float64Array(length) : null,
    voter: table.voter === null && !several ? null : new Int32Array(length),
    source: new Int32Array(length),
    features: styleDifferences(table.style, table.length),
  }
  let at = 0
  for (const { dimension } of used) {
    const outcomes = table.outcomes[dimension]!
    const factor = plain.factors[dimension]!
    for (let row = 0; row < table.length; row += 1) {
      if (!wanted(row, outcomes)) continue
      rows.left[at] = indexOf[table.left[row]!]!
      rows.right[at] = indexOf[table.right[row]!]!
      rows.score[at] = scores[outcomes[row]!]!
      rows.source[at] = row
      if (rows.weight !== null) rows.weight[at] = factor * (table.weight?.[row] ?? 1)
      if (rows.voter !== null) {
        const voter = table.voter?.[row] ?? -1
        // The verdicts of one vote belong together, even if nobody knows whose it was.
        rows.voter[at] = voter < 0 && several ? table.voters.size + row : voter
      }
      at += 1
    }
  }
  return rows
}

/** The part of a matrix that belongs to the strengths. */
function block(matrix: Float64Array, size: number, m: number): Float64Array {
  const result = new Float64Array(m * m)
  for (let i = 0; i < m; i += 1) result.set(matrix.subarray(i * size, i * size + m), i * m)
  return result
}
