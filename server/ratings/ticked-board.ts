import { ELO_PER_LOGIT } from '../../shared/ratings/numbers.ts'
import { OUTCOME_SKIP, scoresOf } from '../../shared/ratings/outcomes.ts'
import { ranksOf } from '../../shared/ratings/ranks.ts'
import type { RatedBoard, RatedModel } from '../../shared/ratings/rate.ts'
import { matches, type VoteFilter } from '../../shared/ratings/slice-counts.ts'
import { MEAN_RATING } from '../../shared/ratings/solution.ts'
import { Ticker } from '../../shared/ratings/ticker.ts'
import type { VoteTable } from '../../shared/ratings/vote-table.ts'

const SCORES = scoresOf('half')

/**
 * A board that moves vote by vote between two exact solves, for boards of so many models that solving
 * takes longer than readers wait. Only ratings and ranks move; what is counted waits for the solve.
 */
export class TickedBoard {
  readonly #solved: RatedBoard
  readonly #filter: VoteFilter
  readonly #ticker: Ticker
  readonly #places: ReadonlyMap<string, number>
  #end: number

  /**
   * @param solved with intervals
   * @param rows of the table that are in it
   * @returns undefined for a board that cannot be moved so
   */
  static of(solved: RatedBoard, filter: VoteFilter, rows: number): TickedBoard | undefined {
    const { inverseHessian, method, style, rated } = solved
    if (inverseHessian === undefined || method !== 'bradley-terry') return undefined
    if (style !== null || rated.length === 0) return undefined
    return new TickedBoard(solved, inverseHessian, filter, rows)
  }

  private constructor(solved: RatedBoard, inverse: Float64Array, filter: VoteFilter, rows: number) {
    const theta = Float64Array.from(solved.rated, (model) => solved.theta.get(model) ?? 0)
    this.#solved = solved
    this.#filter = filter
    this.#ticker = new Ticker(theta, inverse)
    this.#places = new Map(solved.rated.map((model, place) => [model, place]))
    this.#end = rows
  }

  /** The board after all votes of the table, ratings and ranks only: without intervals. */
  at(table: VoteTable): RatedBoard {
    const places = Int32Array.from(
      { length: table.models.size },
      (_, id) => this.#places.get(table.models.nameOf(id)) ?? -1,
    )
    for (; this.#end < table.length; this.#end += 1) this.#step(table, this.#end, places)
    const { theta } = this.#ticker
    const ranks = ranksOf(theta)
    const { covariance: _, models, ...rest } = this.#solved
    const moved = models.map((row): RatedModel => {
      const place = this.#places.get(row.model)
      if (place === undefined) return row
      const rating = MEAN_RATING + (theta[place] ?? 0) * ELO_PER_LOGIT
      return { ...row, rating, rank: ranks[place] ?? null }
    })
    return {
      ...rest,
      theta: new Map(rest.rated.map((model, place) => [model, theta[place] ?? 0])),
      models: moved.sort(
        (a, b) =>
          (b.rating ?? Number.NEGATIVE_INFINITY) - (a.rating ?? Number.NEGATIVE_INFINITY) || 0,
      ),
    }
  }

  #step(table: VoteTable, row: number, places: Int32Array): void {
    if (!matches(table, this.#filter, row)) return
    const left = places[table.left[row] ?? -1] ?? -1
    const right = places[table.right[row] ?? -1] ?? -1
    for (const [dimension, factor] of this.#solved.factors.entries()) {
      const outcome = table.outcomes[dimension]?.[row] ?? OUTCOME_SKIP
      const score = SCORES[outcome] ?? Number.NaN
      if (factor > 0 && !Number.isNaN(score)) this.#ticker.step(left, right, score, factor)
    }
  }
}
