import type { BoardRow } from '../../shared/schemas/leaderboard.ts'

/** An axis: its ends, and the round numbers on it. */
export type Scale = {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** A narrower axis would make noise look like a difference. */
const NARROWEST = 40

/** The numbers that a row puts on an axis. */
type Drawn = Pick<BoardRow, 'rating' | 'ciLow' | 'ciHigh' | 'provisional'>

/**
 * One axis for all these rows: every rating and the intervals that say something. The interval of a
 * provisional rating may be wider than everything else together: it is cut off at the ends.
 */
export function ratingScale(rows: readonly Drawn[]): Scale {
  const values = rows.flatMap(({ rating, ciLow, ciHigh, provisional }) => [
    ...(rating === null ? [] : [rating]),
    ...(provisional || ciLow === null || ciHigh === null ? [] : [ciLow, ciHigh]),
  ])
  if (values.length === 0) return { min: 980, max: 1020, ticks: [] }
  return makeScale(values, NARROWEST)
}

/** An axis that holds these values, with about `wanted` round numbers on it. */
export function makeScale(values: readonly number[], narrowest: number, wanted = 5): Scale {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const pad = Math.max((high - low) * 0.04, (narrowest - (high - low)) / 2)
  const min = low - pad
  const max = high + pad
  return { min, max, ticks: roundTicks(min, max, wanted) }
}

/** Where a value lies on an axis, from 0 to 1; beyond its ends at its ends. */
export function placeOn({ min, max }: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - min) / (max - min)))
}

/** Round numbers (1, 2 or 5 times a power of ten) between two ends. */
export function roundTicks(min: number, max: number, wanted: number): number[] {
  if (!(max > min)) return []
  const rough = (max - min) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power
  const first = Math.ceil(min / step)
  const last = Math.floor(max / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}
