import { Link } from 'react-router'
import type { Board, BoardRow } from '../../shared/schemas/leaderboard.ts'
import { formatShare, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { ColumnHead } from './column-head.tsx'
import { useMotion } from './use-motion.ts'
import { sortRows, type Order } from './view.ts'

type Column = {
  readonly by: string
  readonly name: string
  readonly best: Order['direction']
  readonly value: (row: BoardRow) => number | string | null
  readonly title?: string
}

const { columns } = texts.board

/** Decided battles and ties; those that count for nobody are not among them. */
const bothBadShare = (row: BoardRow) => (row.votes === 0 ? null : row.bothBad / row.votes)

export const BOARD_COLUMNS: readonly Column[] = [
  { by: 'rank', name: columns.rank, best: 'ascending', value: (row) => row.rank },
  { by: 'model', name: columns.model, best: 'ascending', value: (row) => row.model.name },
  { by: 'elo', name: columns.elo, best: 'descending', value: (row) => row.elo },
  { by: 'votes', name: columns.votes, best: 'descending', value: (row) => row.votes },
  { by: 'wins', name: columns.wins, best: 'descending', value: (row) => row.wins },
  { by: 'losses', name: columns.losses, best: 'ascending', value: (row) => row.losses },
  { by: 'ties', name: columns.ties, best: 'descending', value: (row) => row.ties },
  {
    by: 'bothBad',
    name: columns.bothBad,
    best: 'ascending',
    value: bothBadShare,
    title: texts.board.bothBadHint,
  },
]

type Props = { board: Board; order: Order; onSort: (by: string, best: Order['direction']) => void }

/** One board as a table, live. */
export function BoardTable({ board, order, onSort }: Props) {
  const body = useMotion()
  const column = BOARD_COLUMNS.find((each) => each.by === order.by)
  const rows = sortRows(board.rows, column?.value ?? ((row) => row.rank), order.direction)
  return (
    <div className="board-scroll" role="region" aria-label={texts.board.tabs} tabIndex={0}>
      <table className="board-table figures" data-dimension={board.slice.dimension}>
        <thead>
          <tr>
            {BOARD_COLUMNS.map(({ by, name, best, title }) => (
              <ColumnHead
                key={by}
                order={order}
                by={by}
                best={best}
                onSort={onSort}
                numeric={by !== 'model'}
                {...(title === undefined ? {} : { title })}
              >
                {name}
              </ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <BoardLine key={row.model.slug} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function BoardLine({ row }: { row: BoardRow }) {
  const { model } = row
  const share = bothBadShare(row)
  return (
    <tr
      data-testid="board-row"
      data-slug={model.slug}
      data-elo={row.elo}
      data-stamp={`${row.elo}:${row.votes}`}
      data-provisional={row.provisional || undefined}
    >
      <td className="board-rank" data-numeric>
        {row.rank ?? '–'}
      </td>
      <th scope="row" className="board-model">
        <Link to={`/models/${model.slug}`}>{model.name}</Link>
        <span className="board-maker">
          {model.organization}
          {row.provisional && (
            <span className="board-provisional" title={texts.board.provisionalHint}>
              {texts.board.provisional}
            </span>
          )}
        </span>
      </th>
      <td className="board-elo" data-numeric>
        {formatWhole(row.elo)}
      </td>
      <td data-numeric>{formatWhole(row.votes)}</td>
      <td data-numeric>{formatWhole(row.wins)}</td>
      <td data-numeric>{formatWhole(row.losses)}</td>
      <td data-numeric>{formatWhole(row.ties)}</td>
      <td data-numeric>{share === null ? '–' : formatShare(share)}</td>
    </tr>
  )
}
