import type { ModelStatus } from './components.ts'
import type { Spread } from './dominant-voters.ts'
import type { Slice } from './rated-slice.ts'

/** The mean of the published ratings, in Elo points. */
export const MEAN_RATING = 1000

/** Coefficients in logits: of the left side, then of one standard deviation of each feature. */
export type StyleSolution = {
  /** NaN for the left side where the fit was without it. */
  readonly coefficients: Float64Array
  /** Null without intervals. */
  readonly errors: Float64Array | null
  readonly halfWidths: Float64Array | null
}

/** What a method finds out. Vectors and matrices are over `rated`. */
export type Solution = {
  /** Numbers of the rated models in ascending order. */
  readonly rated: Int32Array
  readonly status: readonly ModelStatus[]
  /** Log-strengths with mean 0; null for Elo. */
  readonly theta: Float64Array | null
  /** Elo points, before an anchor. */
  readonly ratings: Float64Array
  readonly covariance: Float64Array | null
  readonly inverseHessian: Float64Array | null
  /** Of 95 % intervals, in logits. Null without intervals. */
  readonly halfWidths: Float64Array | null
  /** What bounds and ranks go by where a voter dominates; null: the covariance. */
  readonly spread: Spread | null
  readonly factors: readonly number[]
  /** Where intervals are clustered by them; null: not counted yet. */
  readonly voters: number | null
  /** How many of them have judged each rated model. */
  readonly votersOf?: Int32Array
  readonly nu: number | null
  /** What is fitted with the strengths if style is controlled for. */
  readonly style: StyleSolution | null
  readonly converged: boolean
}

/** Where nobody can be rated. */
export function nobodyRated(
  slice: Slice,
  status: readonly ModelStatus[],
  converged: boolean,
): Solution {
  return {
    rated: new Int32Array(0),
    status: status.map((each) => (each === 'rated' ? 'disconnected' : each)),
    theta: new Float64Array(0),
    ratings: new Float64Array(0),
    covariance: null,
    inverseHessian: null,
    halfWidths: null,
    spread: null,
    factors: slice.table.dimensions.map(() => 0),
    voters: null,
    nu: null,
    style: null,
    converged,
  }
}

/** Numbers of the rated models among each other: by number in the slice and by model id. */
export function numbersWithin(
  { models, ids, indexOf }: Slice,
  rated: Int32Array,
): { within: Int32Array; indexOf: Int32Array } {
  const within = new Int32Array(models.length).fill(-1)
  const byId = new Int32Array(indexOf.length).fill(-1)
  for (const [index, model] of rated.entries()) {
    within[model] = index
    const id = ids[model]!
    if (id >= 0) byId[id] = index
  }
  return { within, indexOf: byId }
}

/** Factors of the parts by dimension of the table. */
export function byDimension({ table, parts }: Slice, factors: readonly number[]): number[] {
  const result = table.dimensions.map(() => 0)
  for (const [part, { dimension }] of parts.entries()) result[dimension] = factors[part]!
  return result
}
