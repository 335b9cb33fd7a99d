import {
  pairwiseCriticalValue,
  rankIntervals,
  rankUpperBounds,
} from '../../shared/ratings/ranks.ts'
import type { RatedBoard, RatedModel } from '../../shared/ratings/rate.ts'

/**
 * A board whose intervals are those of an earlier one, moved to its ratings: standard errors change
 * slowly, ratings with every vote.
 *
 * @param board without intervals
 * @param earlier with intervals
 * @param leaning whether it is a slice that leans on the board of all votes
 * @returns undefined if they do not rate the same models: then there is nothing to take over
 */
export function withIntervalsOf(
  board: RatedBoard,
  earlier: RatedBoard,
  leaning: boolean,
): RatedBoard | undefined {
  const { covariance } = earlier
  if (covariance === undefined || board.rated.join(' ') !== earlier.rated.join(' ')) {
    return undefined
  }
  const before = new Map(earlier.models.map((row) => [row.model, row]))
  const ratings = new Map(board.models.map(({ model, rating }) => [model, rating]))
  const bounds = board.rated.map((model) => {
    const rating = ratings.get(model) ?? Number.NaN
    const { ciLow, ciHigh } = before.get(model) ?? { ciLow: null, ciHigh: null }
    // Where there is no interval, it is as wide as can be.
    const half = ciLow === null || ciHigh === null ? Infinity : (ciHigh - ciLow) / 2
    return { low: rating - half, high: rating + half }
  })
  const theta = Float64Array.from(board.rated, (model) => board.theta.get(model) ?? Number.NaN)
  const ranks = rankIntervals(
    theta,
    earlier.spread?.covariance ?? covariance,
    pairwiseCriticalValue(theta.length),
    earlier.spread?.df,
  )
  const upper = rankUpperBounds(
    Float64Array.from(bounds, ({ low }) => low),
    Float64Array.from(bounds, ({ high }) => high),
  )
  const places = new Map(board.rated.map((model, place) => [model, place]))
  const models = board.models.map((row): RatedModel => {
    const place = places.get(row.model)
    if (place === undefined) return row
    return {
      ...row,
      se: before.get(row.model)?.se ?? null,
      ciLow: finite(bounds[place]?.low),
      ciHigh: finite(bounds[place]?.high),
      rankUb: upper[place] ?? null,
      rankLow: ranks.low[place] ?? null,
      rankHigh: ranks.high[place] ?? null,
      // What the votes alone do not tell: standard errors of slices, numbers of voters.
      provisional: leaning
        ? (before.get(row.model)?.provisional ?? true)
        : row.provisional || (before.get(row.model)?.provisional ?? false),
    }
  })
  const { voters, spread, position, style } = earlier
  return { ...board, models, covariance, spread, voters, position, style }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
