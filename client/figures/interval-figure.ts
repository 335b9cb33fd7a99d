import type { BoardDimension } from '../../shared/dimensions.ts'
import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import type { Comparison } from '../leaderboard/compare.ts'
import { placeOn, ratingScale, type Scale } from '../leaderboard/scale.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { FIGURE_COLOURS, element, figure, text, type Figure } from './svg.ts'

const ROW = 22
const TOP = 86
const BOTTOM = 40
const NAMES = 190
const RANKS = 44
const PANEL = 250
const GAP = 24

type Words = { title: string; source: string }

/**
 * Ratings with their intervals as the table shows them: one panel a dimension, the same axis in all.
 *
 * @param rows in the order of the table
 */
export function intervalFigure(
  rows: readonly Comparison[],
  dimensions: readonly BoardDimension[],
  words: Words,
): Figure {
  const scale = ratingScale(
    rows.flatMap((row) => dimensions.flatMap((name) => row.rows[name] ?? [])),
  )
  const panel = dimensions.length === 1 ? PANEL * 2 : PANEL
  const width = NAMES + dimensions.length * (RANKS + panel + GAP) + 16
  const height = TOP + rows.length * ROW + BOTTOM
  const names = rows.map(({ model }, index) =>
    text(
      16,
      TOP + index * ROW + 15,
      model.name.length > 26 ? `${model.name.slice(0, 25)}…` : model.name,
    ),
  )
  const panels = dimensions.map((dimension, index) => {
    const left = NAMES + index * (RANKS + panel + GAP) + RANKS
    return [
      text(left, 54, texts.dimensions[dimension], {
        'font-weight': 600,
        fill: FIGURE_COLOURS[dimension],
      }),
      ...axis(scale, left, panel, rows.length),
      ...rows.map((row, at) =>
        line(row.rows[dimension], dimension, scale, left, panel, TOP + at * ROW + 11),
      ),
    ].join('')
  })
  return figure({ width, height }, words, ...names, ...panels)
}

function axis(scale: Scale, left: number, width: number, rows: number): string[] {
  return scale.ticks.flatMap((tick) => {
    const x = left + placeOn(scale, tick) * width
    return [
      element('line', {
        x1: x,
        x2: x,
        y1: TOP - 6,
        y2: TOP + rows * ROW,
        stroke: FIGURE_COLOURS.rule,
      }),
      text(x, TOP - 12, formatWhole(tick), {
        'text-anchor': 'middle',
        'font-size': 10,
        fill: FIGURE_COLOURS.soft,
      }),
    ]
  })
}

function line(
  row: BoardRow | null,
  dimension: BoardDimension,
  scale: Scale,
  left: number,
  width: number,
  y: number,
): string {
  const soft = { 'font-size': 10, fill: FIGURE_COLOURS.soft }
  if (row === null) return text(left, y + 4, boardTexts.unjudged, soft)
  if (row.rating === null) return text(left, y + 4, boardTexts.statusShort[row.status], soft)
  const x = (value: number) => left + placeOn(scale, value) * width
  const colour = FIGURE_COLOURS[dimension]
  const ranks = boardTexts.ranks(row.rankLow, row.rankHigh, row.rank)
  return [
    text(left - 8, y + 4, ranks, { 'text-anchor': 'end' }),
    element('line', {
      x1: x(row.ciLow ?? row.rating),
      x2: x(row.ciHigh ?? row.rating),
      y1: y,
      y2: y,
      stroke: colour,
      'stroke-width': 5,
      'stroke-linecap': 'round',
      'stroke-opacity': 0.55,
    }),
    element('circle', {
      cx: x(row.rating),
      cy: y,
      r: 3.5,
      fill: row.provisional ? FIGURE_COLOURS.paper : colour,
      stroke: colour,
      'stroke-width': 2,
    }),
  ].join('')
}
