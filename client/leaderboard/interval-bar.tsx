import type { CSSProperties } from 'react'
import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatWhole } from '../texts/format.ts'
import { placeOn, type Scale } from './scale.ts'

const percent = (share: number) => `${(share * 100).toFixed(2)}%`

/** Where the grid lines of an axis lie, for the style sheet. */
export function gridOf(scale: Scale): CSSProperties {
  const [first = scale.min, second = scale.max] = scale.ticks
  const span = scale.max - scale.min
  return {
    '--first': percent((first - scale.min) / span),
    '--step': percent((second - first) / span),
  } as CSSProperties
}

/** A rating and its interval on an axis. What lies beyond its ends is cut off and marked. */
export function IntervalBar({ row, scale }: { row: BoardRow; scale: Scale }) {
  if (row.rating === null) {
    return <span className="interval-none">{boardTexts.status[row.status]}</span>
  }
  const low = row.ciLow ?? row.rating
  const high = row.ciHigh ?? row.rating
  const style = {
    ...gridOf(scale),
    '--low': percent(placeOn(scale, low)),
    '--high': percent(placeOn(scale, high)),
    '--at': percent(placeOn(scale, row.rating)),
  } as CSSProperties
  return (
    <span
      className="interval"
      aria-hidden="true"
      style={style}
      data-bare={row.ciLow === null || undefined}
      data-cut-low={low < scale.min || undefined}
      data-cut-high={high > scale.max || undefined}
      data-provisional={row.provisional || undefined}
    >
      <span />
    </span>
  )
}

type TicksProps = {
  scale: Scale
  /** Where there is little room: numbers at every second grid line only. */
  sparse?: boolean
}

/** The round numbers of an axis, where the bars below have their grid lines. */
export function AxisTicks({ scale, sparse = false }: TicksProps) {
  return (
    <span className="axis-ticks" aria-hidden="true">
      {(sparse ? everySecond(scale.ticks) : scale.ticks).map((tick) => (
        <span key={tick} style={{ '--at': percent(placeOn(scale, tick)) } as CSSProperties}>
          {formatWhole(tick)}
        </span>
      ))}
    </span>
  )
}

/** Every second tick: those at the rounder numbers, if there are enough to leave some out. */
function everySecond(ticks: readonly number[]): readonly number[] {
  const [first = 0, second = 1] = ticks
  const step = second - first
  return ticks.length < 4 ? ticks : ticks.filter((tick) => Math.round(tick / step) % 2 === 0)
}

/** A rating in figures; its interval beside it for whoever cannot see the bar. */
export function RatingFigure({ row }: { row: BoardRow }) {
  if (row.rating === null) return null
  return (
    <span className="rating-figure" title={titleOf(row)}>
      {formatWhole(row.rating)}
      {row.ciLow !== null && row.ciHigh !== null && (
        <span className="visually-hidden"> ({boardTexts.interval(row.ciLow, row.ciHigh)})</span>
      )}
    </span>
  )
}

function titleOf({ ciLow, ciHigh }: BoardRow): string | undefined {
  return ciLow === null || ciHigh === null ? undefined : boardTexts.interval(ciLow, ciHigh)
}
