import type { BoardDimension } from '../../shared/dimensions.ts'
import type { HistoryPoint } from '../../shared/schemas/leaderboard.ts'
import { makeScale, placeOn, type Scale } from '../leaderboard/scale.ts'

/** What a line needs to know of a moment. */
export type LinePoint = Pick<HistoryPoint, 'at' | 'rating' | 'ciLow' | 'ciHigh'>

/** One rating over time. */
export type Line<Point extends LinePoint = HistoryPoint> = {
  /** Tells lines apart: a dimension or a slug. */
  readonly key: string
  readonly name: string
  /** Whose colour it has; null where lines are models and told apart by place in the list. */
  readonly dimension: BoardDimension | null
  readonly points: readonly Point[]
}

/** A point of a line that has a rating. */
type Rated = { at: number; rating: number; low: number; high: number }

/** What a plot of lines needs to know: both axes and the rated points of each line. */
export type Plot = {
  readonly time: { readonly from: number; readonly to: number }
  readonly scale: Scale
  readonly lines: readonly { readonly line: Line<LinePoint>; readonly points: readonly Rated[] }[]
}

/** Lays lines out on common axes; null where no line has a rating. */
export function plotOf(lines: readonly Line<LinePoint>[]): Plot | null {
  const rated = lines.map((line) => ({ line, points: line.points.flatMap(ratedPoint) }))
  const all = rated.flatMap(({ points }) => points)
  if (all.length === 0) return null
  const times = all.map(({ at }) => at)
  return {
    time: { from: Math.min(...times), to: Math.max(...times) },
    scale: makeScale(extentOf(all), 40, 5),
    lines: rated.filter(({ points }) => points.length > 0),
  }
}

function ratedPoint({ at, rating, ciLow, ciHigh }: LinePoint): Rated[] {
  return rating === null
    ? []
    : [{ at: Date.parse(at), rating, low: ciLow ?? rating, high: ciHigh ?? rating }]
}

/** The first days of an arena have intervals that dwarf all that follows: they are cut off. */
function extentOf(points: readonly Rated[]): number[] {
  const ratings = points.map(({ rating }) => rating)
  const widths = points.map(({ low, high }) => high - low).sort((a, b) => a - b)
  const usual = widths[Math.floor(widths.length * 0.8)] ?? 0
  return points
    .flatMap(({ rating, low, high }) =>
      high - low <= usual * 2 ? [low, high] : [rating - usual, rating + usual],
    )
    .concat(ratings)
}

/** A box in pixels that a plot is drawn into. */
export type Box = {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where a moment and a rating lie in a box. */
export function projection({ time, scale }: Plot, box: Box) {
  const span = time.to - time.from
  return {
    x: (at: number) => box.left + (span === 0 ? 0.5 : (at - time.from) / span) * box.width,
    y: (rating: number) => box.top + (1 - placeOn(scale, rating)) * box.height,
  }
}

const round = (value: number) => value.toFixed(1)

/** The path of a line and of the band of its interval. */
export function pathsOf(
  points: Plot['lines'][number]['points'],
  { x, y }: ReturnType<typeof projection>,
): { line: string; band: string } {
  const to = (at: number, rating: number) => `${round(x(at))},${round(y(rating))}`
  const upper = points.map(({ at, high }) => to(at, high))
  const lower = points.map(({ at, low }) => to(at, low)).toReversed()
  return {
    line: `M${points.map(({ at, rating }) => to(at, rating)).join('L')}`,
    band: `M${[...upper, ...lower].join('L')}Z`,
  }
}

/** Labels at the ends of lines, pushed apart so that none lies on another. */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y)
  let last = top - gap
  for (const label of order) {
    label.y = Math.max(label.y, last + gap)
    last = label.y
  }
  let next = bottom + gap
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, next - gap)
    next = label.y
  }
  const placed = [...wanted]
  for (const { y, index } of order) placed[index] = y
  return placed
}

/** Moments on the axis of time: a few, evenly spread. */
export function momentTicks({ time }: Plot, wanted: number): number[] {
  const span = time.to - time.from
  if (span === 0) return [time.from]
  return Array.from({ length: wanted }, (_, index) => time.from + (span * (index + 0.5)) / wanted)
}
