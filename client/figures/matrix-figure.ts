import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Show } from '../leaderboard/address.ts'
import { FEW, HEAT_STEPS, heatOf, type Matrix } from '../leaderboard/matrix.ts'
import { FIGURE_COLOURS, element, figure, text, type Figure } from './svg.ts'

const CELL = 28
const NAMES = 190
const TOP = 176
/** The page's diverging scale by day, from "loses" to "wins". */
const HEAT = [
  '#4b2a83',
  '#6f51a1',
  '#9580bd',
  '#bcaed6',
  '#dfd8ea',
  '#f4f1ea',
  '#fbe0bd',
  '#f5bd7a',
  '#e19340',
  '#a85c10',
  '#8c4706',
]

/** The heat map of win shares, the models in the order of the board. */
export function matrixFigure(
  matrix: Matrix,
  models: readonly ModelRef[],
  show: Show,
  words: { title: string; source: string },
): Figure {
  const size = models.length * CELL
  const short = ({ name }: ModelRef) => (name.length > 24 ? `${name.slice(0, 23)}…` : name)
  const heads = models.flatMap((model, index) => {
    const at = index * CELL + CELL / 2
    const x = NAMES + at + 4
    return [
      text(NAMES - 10, TOP + at + 4, short(model), { 'text-anchor': 'end' }),
      text(x, TOP - 8, short(model), { transform: `rotate(-60 ${x} ${TOP - 8})` }),
    ]
  })
  const cells = models.flatMap((row, i) =>
    models.flatMap((column, j) => {
      const meeting = i === j ? null : matrix.of(row.slug, column.slug)
      const share = show === 'observed' ? meeting?.observed : meeting?.expected
      if (typeof share !== 'number') return []
      const few = show === 'observed' && (meeting?.verdicts ?? 0) < FEW
      const heat = heatOf(share)
      const colour = HEAT[heat + HEAT_STEPS] ?? FIGURE_COLOURS.paper
      const dark = Math.abs(heat) >= 4 && !few
      return [
        element('rect', {
          x: NAMES + j * CELL + 1,
          y: TOP + i * CELL + 1,
          width: CELL - 2,
          height: CELL - 2,
          fill: few ? FIGURE_COLOURS.paper : colour,
          stroke: colour,
          'stroke-width': few ? 2 : 0,
        }),
        text(
          NAMES + j * CELL + CELL / 2,
          TOP + i * CELL + CELL / 2 + 4,
          `${Math.round(share * 100)}`,
          {
            'text-anchor': 'middle',
            'font-size': 11,
            fill: dark ? '#ffffff' : FIGURE_COLOURS.ink,
          },
        ),
      ]
    }),
  )
  return figure({ width: NAMES + size + 120, height: TOP + size + 44 }, words, ...heads, ...cells)
}
