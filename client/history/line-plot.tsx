import { useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { boardTexts } from '../texts/en-board.ts'
import { formatMoment, formatWhole } from '../texts/format.ts'
import {
  momentTicks,
  pathsOf,
  plotOf,
  projection,
  spreadLabels,
  type Line,
  type LinePoint,
} from './lines.ts'
import '../leaderboard/parts.css'
import './history.css'

const { history } = boardTexts

const HEIGHT = 340
const MARGIN = { left: 48, top: 14, bottom: 28 }
/** Names at the ends of lines need room; on a phone they stand in the legend alone. */
const LABELS = 150
const NARROW = 560
const LABEL_GAP = 16

type Props = {
  lines: readonly Line<LinePoint>[]
  /** Whether names stand under a narrow plot too, where nothing beside it tells them. */
  named?: boolean
}

/** Ratings over time with their bands: lines told apart by colour, by dashes and by name. */
export function LinePlot({ lines, named = false }: Props) {
  const place = useRef<HTMLElement>(null)
  const width = useWidth(place)
  const plot = plotOf(lines)
  if (plot === null) return <p className="board-empty">{history.empty}</p>
  const narrow = width < NARROW
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(80, width - MARGIN.left - (narrow ? 12 : LABELS)),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  }
  const on = projection(plot, box)
  const span = plot.time.to - plot.time.from
  const right = box.left + box.width
  const bottom = box.top + box.height
  const ends = plot.lines.map(({ points }) => on.y(points.at(-1)?.rating ?? 0))
  const labels = spreadLabels(ends, LABEL_GAP, box.top, bottom)
  const names = plot.lines.map(({ line }) => line.name)
  const [from, to] = [plot.time.from, plot.time.to].map((at) => new Date(at).toISOString())
  return (
    <figure className="line-plot" ref={place}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={history.plot(names, from ?? '', to ?? '')}
      >
        {plot.scale.ticks.map((tick) => (
          <g key={tick} className="plot-grid">
            <line x1={box.left} x2={right} y1={on.y(tick)} y2={on.y(tick)} />
            <text x={box.left - 8} y={on.y(tick)} dy="0.35em" textAnchor="end">
              {formatWhole(tick)}
            </text>
          </g>
        ))}
        {momentTicks(plot, narrow ? 3 : 6).map((at) => (
          <text key={at} className="plot-time" x={on.x(at)} y={HEIGHT - 8} textAnchor="middle">
            {formatMoment(at, span)}
          </text>
        ))}
        {plot.lines.map(({ line, points }) => {
          const paths = pathsOf(points, on)
          return (
            <g key={line.key} className="plot-line" {...lookOf(line, lines)}>
              <path className="plot-band" d={paths.band} />
              <path className="plot-path" d={paths.line} />
              {points.length === 1 && points[0] !== undefined && (
                <circle cx={on.x(points[0].at)} cy={on.y(points[0].rating)} r={4} />
              )}
            </g>
          )
        })}
        {!narrow &&
          plot.lines.map(({ line, points }, index) => (
            <g key={line.key} className="plot-label" {...lookOf(line, lines)}>
              <line x1={right + 2} x2={right + 10} y1={ends[index]} y2={labels[index]} />
              <text x={right + 14} y={labels[index]} dy="0.35em">
                {shorten(line.name)}{' '}
                <tspan className="plot-value">{formatWhole(points.at(-1)?.rating ?? 0)}</tspan>
              </text>
            </g>
          ))}
      </svg>
      {narrow && (named || plot.lines.some(({ line }) => line.dimension !== null)) && (
        <ul className="plot-legend">
          {plot.lines.map(({ line, points }) => (
            <li key={line.key} className="plot-label" {...lookOf(line, lines)}>
              <svg width="28" height="8" aria-hidden="true">
                <line x1="0" x2="28" y1="4" y2="4" className="plot-path" />
              </svg>
              {line.name}{' '}
              <span className="plot-value">{formatWhole(points.at(-1)?.rating ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

const shorten = (name: string) => (name.length > 16 ? `${name.slice(0, 15)}…` : name)

/** The marks by which the style sheet tells lines apart. */
function lookOf(line: Line<LinePoint>, lines: readonly Line<LinePoint>[]) {
  return line.dimension === null
    ? { 'data-series': lines.findIndex(({ key }) => key === line.key) }
    : { 'data-dimension': line.dimension }
}

/** How wide an element is, kept up to date: text in a plot is never scaled. */
function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(720)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return width
}
