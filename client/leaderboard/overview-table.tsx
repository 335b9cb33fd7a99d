import type { CSSProperties } from 'react'
import { Link } from 'react-router'
import { DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { formatOrdinal, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { ColumnHead } from './column-head.tsx'
import { compareBoards, eloRange, type Boards, type Comparison } from './compare.ts'
import { useMotion } from './use-motion.ts'
import { sortRows, type Order } from './view.ts'

const COLUMNS: readonly BoardDimension[] = ['overall', ...DIMENSIONS]
export const OVERVIEW_COLUMNS: readonly string[] = ['model', ...COLUMNS, 'spread']

type Props = {
  boards: Boards
  order: Order
  onSort: (by: string, best: Order['direction']) => void
}

/** The boards side by side: each model's place in each, on one axis. */
export function OverviewTable({ boards, order, onSort }: Props) {
  const body = useMotion()
  const range = eloRange(boards)
  const rows = sortRows(compareBoards(boards), valueOf(order.by), order.direction)
  const { columns } = texts.board
  const sorting = { order, onSort }
  return (
    <div className="board-scroll" role="region" aria-label={texts.board.overview} tabIndex={0}>
      <table className="board-table overview figures">
        <thead>
          <tr>
            <ColumnHead {...sorting} by="model" best="ascending">
              {columns.model}
            </ColumnHead>
            {COLUMNS.map((dimension) => (
              <ColumnHead key={dimension} {...sorting} by={dimension} best="ascending">
                <DimensionName dimension={dimension} />
              </ColumnHead>
            ))}
            <ColumnHead
              {...sorting}
              by="spread"
              best="descending"
              title={texts.board.spreadHint}
              numeric
            >
              {columns.spread}
            </ColumnHead>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map(({ model, rows: places, spread }) => (
            <tr
              key={model.slug}
              data-testid="board-row"
              data-slug={model.slug}
              data-elo={places.overall?.elo}
              data-stamp={stampOf(boards, places)}
            >
              <th scope="row" className="board-model">
                <Link to={`/models/${model.slug}`}>{model.name}</Link>
                <span className="board-maker">
                  {model.organization}
                  {places.overall?.provisional === true && (
                    <span className="board-provisional" title={texts.board.provisionalHint}>
                      {texts.board.provisional}
                    </span>
                  )}
                </span>
              </th>
              {COLUMNS.map((dimension) => (
                <td key={dimension} data-dimension={dimension}>
                  <Place row={places[dimension]} range={range} />
                </td>
              ))}
              <td data-numeric>{spread === null ? '–' : texts.board.spreadPlaces(spread)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What marks a row as changed; none while a board is still to come. */
function stampOf(boards: Boards, rows: Comparison['rows']): string | undefined {
  if (COLUMNS.some((name) => boards[name] === null)) return undefined
  return COLUMNS.map((name) => `${rows[name]?.elo}:${rows[name]?.votes}`).join()
}

/** One model in one dimension: its rank, its Elo, and where that lies among all. */
function Place({ row, range }: { row: BoardRow | null; range: { min: number; max: number } }) {
  if (row === null) return <span className="place-none">–</span>
  const at = (row.elo - range.min) / (range.max - range.min)
  return (
    <span className="place" data-provisional={row.provisional || undefined}>
      <span className="place-rank">{row.rank === null ? '–' : formatOrdinal(row.rank)}</span>
      <span className="place-elo">{formatWhole(row.elo)}</span>
      <span
        className="place-axis"
        style={{ '--at': `${at * 100}%` } as CSSProperties}
        aria-hidden
      />
    </span>
  )
}

function valueOf(by: string): (row: Comparison) => number | string | null {
  if (by === 'model') return (row) => row.model.name
  if (by === 'spread') return (row) => row.spread
  const dimension = COLUMNS.find((name) => name === by) ?? 'overall'
  return (row) => row.rows[dimension]?.rank ?? null
}
