import {
  momentTicks,
  pathsOf,
  plotOf,
  projection,
  spreadLabels,
  type Line,
} from '../history/lines.ts'
import { formatMoment, formatWhole } from '../texts/format.ts'
import { FIGURE_COLOURS, element, figure, text, type Figure } from './svg.ts'

const SIZE = { width: 960, height: 480 }
const BOX = { left: 64, top: 56, width: 680, height: 340 }
/** Told apart by those who see no colours by their dashes. */
const SERIES = [
  ['#24508a', ''],
  ['#bd6a17', '7 4'],
  ['#2a8d73', '2 4'],
  ['#8a2f6f', '10 3 2 3'],
  ['#5d5546', '4 2'],
  ['#b3382a', '14 4'],
] as const

/** Ratings over time with their bands; null where there is nothing to draw. */
export function historyFigure(
  lines: readonly Line[],
  words: { title: string; source: string },
): Figure | null {
  const plot = plotOf(lines)
  if (plot === null) return null
  const on = projection(plot, BOX)
  const right = BOX.left + BOX.width
  const span = plot.time.to - plot.time.from
  const grid = plot.scale.ticks.flatMap((tick) => [
    element('line', {
      x1: BOX.left,
      x2: right,
      y1: on.y(tick),
      y2: on.y(tick),
      stroke: FIGURE_COLOURS.rule,
    }),
    text(BOX.left - 8, on.y(tick) + 4, formatWhole(tick), { 'text-anchor': 'end' }),
  ])
  const moments = momentTicks(plot, 6).map((at) =>
    text(on.x(at), BOX.top + BOX.height + 22, formatMoment(at, span), { 'text-anchor': 'middle' }),
  )
  const ends = plot.lines.map(({ points }) => on.y(points.at(-1)?.rating ?? 0))
  const labels = spreadLabels(ends, 16, BOX.top, BOX.top + BOX.height)
  const drawn = plot.lines.flatMap(({ line, points }, index) => {
    const [colour, dashes] =
      line.dimension === null
        ? (SERIES[index % SERIES.length] ?? SERIES[0])
        : [FIGURE_COLOURS[line.dimension], '']
    const paths = pathsOf(points, on)
    const last = formatWhole(points.at(-1)?.rating ?? 0)
    return [
      element('path', { d: paths.band, fill: colour, 'fill-opacity': 0.14 }),
      element('path', {
        d: paths.line,
        fill: 'none',
        stroke: colour,
        'stroke-width': 2.2,
        'stroke-dasharray': dashes === '' ? 'none' : dashes,
      }),
      text(right + 12, (labels[index] ?? 0) + 4, `${line.name} ${last}`, { fill: colour }),
    ]
  })
  return figure(SIZE, words, ...grid, ...moments, ...drawn)
}
