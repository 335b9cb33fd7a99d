import { useRef, type KeyboardEvent, type MouseEvent } from 'react'
import { useNavigate } from 'react-router'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'
import type { Show } from './address.ts'
import { FEW, battlesOf, heatOf, type Matrix, type Meeting } from './matrix.ts'

const { matrix: words } = boardTexts

/** A cell: whose row, whose column. */
export type CellPlace = { readonly row: ModelRef; readonly column: ModelRef }

type Props = {
  matrix: Matrix
  models: readonly ModelRef[]
  show: Show
  place: CellPlace | null
  onPlace: (place: CellPlace) => void
}

/** So many columns fit beside the names on a screen where nothing has to scroll. */
const MOST_THAT_FIT = 30

/** Steps of the arrow keys and their like: in rows, in columns. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/**
 * The heat map, a grid that is walked with the arrow keys. One cell at a time is in the order of the
 * Tab key; Enter and a press open the battles of the two. Where there is no pointer that hovers, a
 * first touch shows the counts and a second one opens.
 */
export function MatrixGrid({ matrix, models, show, place, onPlace }: Props) {
  const table = useRef<HTMLTableElement>(null)
  const navigate = useNavigate()
  const current = {
    row: models.findIndex((model) => model.slug === place?.row.slug),
    column: models.findIndex((model) => model.slug === place?.column.slug),
  }
  const tabStop = current.row < 0 ? { row: 0, column: 1 } : current

  const onKeyDown = (event: KeyboardEvent, row: number, column: number) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(row, column)
      return
    }
    const to = target(event, row, column, models.length)
    if (to === null) return
    event.preventDefault()
    table.current?.querySelector<HTMLElement>(`[data-at="${to[0]}:${to[1]}"]`)?.focus()
  }
  const open = (row: number, column: number) => {
    const [first, second] = [models[row], models[column]]
    if (first !== undefined && second !== undefined && first !== second) {
      void navigate(battlesOf(first, second))
    }
  }
  const choose = (row: number, column: number) => {
    const [first, second] = [models[row], models[column]]
    if (first !== undefined && second !== undefined && first !== second) {
      onPlace({ row: first, column: second })
    }
  }
  const onClick = (event: MouseEvent, row: number, column: number) => {
    const hovers = matchMedia('(hover: hover)').matches
    if (hovers || event.currentTarget.getAttribute('aria-selected') === 'true') open(row, column)
    else choose(row, column)
  }

  return (
    <div
      className="matrix-scroll"
      role="region"
      aria-label={words.region}
      tabIndex={0}
      data-fits={models.length <= MOST_THAT_FIT || undefined}
    >
      <table ref={table} role="grid" className="matrix-table figures" aria-label={words.grid}>
        <thead>
          <tr>
            <td />
            {models.map((model, column) => (
              <th key={model.slug} scope="col" data-on={column === current.column || undefined}>
                <span>{model.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((model, row) => (
            <tr key={model.slug}>
              <th scope="row" data-on={row === current.row || undefined}>
                <span>{model.name}</span>
              </th>
              {models.map((other, column) => {
                const own = row === column
                const meeting = own ? null : matrix.of(model.slug, other.slug)
                return (
                  <td
                    key={other.slug}
                    role="gridcell"
                    data-at={`${row}:${column}`}
                    data-own={own || undefined}
                    {...look(meeting, show)}
                    tabIndex={row === tabStop.row && column === tabStop.column ? 0 : -1}
                    aria-selected={row === current.row && column === current.column}
                    aria-label={own ? model.name : labelOf(model, other, meeting)}
                    onMouseEnter={() => choose(row, column)}
                    onFocus={() => choose(row, column)}
                    onKeyDown={(event) => onKeyDown(event, row, column)}
                    onClick={(event) => onClick(event, row, column)}
                  >
                    {own ? '' : figureOf(meeting, show)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function target(
  { key, ctrlKey }: KeyboardEvent,
  row: number,
  column: number,
  size: number,
): [number, number] | null {
  const last = size - 1
  if (key === 'Home') return [ctrlKey ? 0 : row, 0]
  if (key === 'End') return [ctrlKey ? last : row, last]
  const step = STEPS[key]
  if (step === undefined) return null
  const clamp = (at: number) => Math.min(last, Math.max(0, at))
  return [clamp(row + step[0]), clamp(column + step[1])]
}

const shareOf = (meeting: Meeting | null, show: Show) =>
  (show === 'observed' ? meeting?.observed : meeting?.expected) ?? null

function figureOf(meeting: Meeting | null, show: Show): string {
  const share = shareOf(meeting, show)
  return share === null ? '·' : `${Math.round(share * 100)}`
}

function look(meeting: Meeting | null, show: Show) {
  const share = shareOf(meeting, show)
  const few = show === 'observed' && (meeting?.verdicts ?? 0) < FEW
  return {
    'data-heat': share === null ? undefined : heatOf(share),
    'data-few': (share !== null && few) || undefined,
  }
}

function labelOf(row: ModelRef, column: ModelRef, meeting: Meeting | null): string {
  const said =
    meeting === null || meeting.observed === null
      ? words.noBattles
      : words.observed(meeting.observed, meeting.verdicts)
  return `${words.cell(row.name, column.name)}: ${said}`
}
