import { failure, type Failure } from '../errors.ts'
import type { ModelStatus } from './components.ts'
import { err, ok, type Result } from '../result.ts'
import type { Ties } from './outcomes.ts'
import type { RatedBoard } from './rated-board.ts'
import type { VoteFilter } from './slice-counts.ts'
import type { VoteTable } from './vote-table.ts'

/** The name of the composite of all dimensions. */
export const OVERALL = 'overall'

export const RATING_METHODS = ['bradley-terry', 'davidson', 'elo', 'elo-permuted'] as const
export type RatingMethod = (typeof RATING_METHODS)[number]

export const INTERVALS = ['sandwich', 'clustered', 'fisher', 'bootstrap', 'none'] as const
export type Intervals = (typeof INTERVALS)[number]

export type RateOptions = {
  /** `overall` or one of the table's dimensions. */
  readonly dimension: string
  readonly method: RatingMethod
  /** For `overall`: by dimension of the table, not negative; equal by default. */
  readonly weights?: readonly number[]
  /** `half` by default. */
  readonly ties?: Ties
  /** `clustered` by default. Davidson's are always those of the inverse information, or none. */
  readonly intervals?: Intervals
  /** Shifts ratings and bounds so that this model has this rating; standard errors stay. */
  readonly anchor?: { readonly model: string; readonly rating: number }
  /** K-factor of the Elo methods: 4 for `elo`, 32 for `elo-permuted` by default. */
  readonly k?: number
  /** Of `elo-permuted` (1 by default) and of the bootstrap. */
  readonly seed?: number
  /** Of `elo-permuted`: 100 by default. */
  readonly orders?: number
  /** The filter that the counts were made with. */
  readonly filter?: VoteFilter
  /**
   * For slices: log-strengths by model of the unsliced board, towards which ratings are drawn, and why
   * the others have none there.
   */
  readonly prior?: {
    readonly theta: ReadonlyMap<string, number>
    readonly status?: ReadonlyMap<string, ModelStatus>
  }
  /** Fits the effects of length and layout with the strengths. */
  readonly style?: boolean
  /** Tells how many votes hold the leader in place, which takes longer than the rest of a board. */
  readonly leader?: boolean
}

/**
 * Checks what a person asked for, before {@link rateVotes}.
 *
 * @returns `invalid_input` with a sentence that says what is wrong: an unknown dimension or anchor,
 *   weights that are not one number above or equal to 0 for each dimension with a positive sum,
 *   Davidson for `overall`, a K, seed or number of orders out of range
 */
export function checkRateOptions(
  table: VoteTable,
  options: RateOptions,
): Result<RateOptions, Failure> {
  const wrong = (message: string) => err(failure('invalid_input', message))
  const { dimension, method, weights, anchor, k, orders, seed } = options
  if (dimension !== OVERALL && table.dimensionOf(dimension) < 0) {
    return wrong(
      `There is no dimension “${dimension}”. There are: ${[OVERALL, ...table.dimensions].join(', ')}.`,
    )
  }
  if (dimension === OVERALL && method === 'davidson') {
    return wrong(
      'Davidson’s model has one tie parameter per dimension, so that it rates a dimension and not overall.',
    )
  }
  if (weights !== undefined) {
    const usable = weights.every((weight) => weight >= 0 && Number.isFinite(weight))
    if (
      weights.length !== table.dimensions.length ||
      !usable ||
      weights.every((weight) => weight === 0)
    ) {
      return wrong(
        `Weights need one number for each of ${table.dimensions.join(', ')}: none below 0, and not all 0.`,
      )
    }
  }
  if (anchor !== undefined) {
    if (!Number.isFinite(anchor.rating))
      return wrong('The rating of the anchor has to be a number.')
    if (table.models.find(anchor.model) === undefined) {
      return wrong(`The anchor “${anchor.model}” has no votes.`)
    }
  }
  if (k !== undefined && !(k > 0 && Number.isFinite(k))) return wrong('K has to be above 0.')
  if (orders !== undefined && !(Number.isInteger(orders) && orders > 0)) {
    return wrong('The number of orders has to be a whole number above 0.')
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    return wrong('The seed has to be a whole number.')
  }
  return ok(options)
}

/**
 * Checks after {@link rateVotes} that the anchor has a rating on the board: otherwise the board has
 * its mean at 1000 as if there were none.
 *
 * @returns `invalid_input` saying why the anchor could not be used
 */
export function checkAnchor(
  board: RatedBoard,
  anchor: { readonly model: string },
): Result<RatedBoard, Failure> {
  const row = board.models.find(({ model }) => model === anchor.model)
  if (row === undefined) {
    return err(failure('invalid_input', `The anchor “${anchor.model}” has no votes on this board.`))
  }
  if (row.rating === null) {
    return err(
      failure('invalid_input', `The anchor “${anchor.model}” has no rating: it is ${row.status}.`),
    )
  }
  return ok(board)
}
