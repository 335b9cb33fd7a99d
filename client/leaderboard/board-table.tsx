import type { Board, BoardRow } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatFineShare, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { ColumnHead, type Sorting } from './column-head.tsx'
import { AxisTicks, IntervalBar, RatingFigure } from './interval-bar.tsx'
import { ModelCell } from './model-cell.tsx'
import { RankText } from './rank-text.tsx'
import { ratingScale, type Scale } from './scale.ts'
import { SortSelect } from './sort-select.tsx'
import { useMotion } from './use-motion.ts'
import { sortRows, type SortColumn } from './view.ts'

const { columns, hints } = boardTexts

type Column = SortColumn<BoardRow> & { readonly title?: string; readonly className?: string }

/** The columns of numbers, after rank, model and rating. */
const NUMBERS: readonly Column[] = [
  { by: 'votes', name: columns.votes, best: 'descending', value: (row) => row.votes },
  { by: 'wins', name: columns.wins, best: 'descending', value: (row) => row.wins },
  { by: 'losses', name: columns.losses, best: 'ascending', value: (row) => row.losses },
  { by: 'ties', name: columns.ties, best: 'descending', value: (row) => row.ties },
  {
    by: 'bothBad',
    name: columns.bothBad,
    best: 'ascending',
    value: (row) => row.bothBadRate,
    title: hints.bothBad,
  },
  {
    by: 'elo',
    name: columns.elo,
    best: 'descending',
    value: (row) => row.elo,
    title: hints.elo,
  },
]

export const BOARD_COLUMNS: readonly Column[] = [
  {
    by: 'rank',
    name: columns.rank,
    best: 'ascending',
    value: (row) => row.rank,
    title: hints.rank,
  },
  { by: 'model', name: columns.model, best: 'ascending', value: (row) => row.model.name },
  {
    by: 'rating',
    name: columns.rating,
    best: 'descending',
    value: (row) => row.rating,
    title: hints.rating,
  },
  ...NUMBERS,
]

type Props = Sorting & { board: Board }

/** One board as a table, live. */
export function BoardTable({ board, order, onSort }: Props) {
  const body = useMotion()
  const scale = ratingScale(board.rows)
  const column = BOARD_COLUMNS.find((each) => each.by === order.by)
  const rows = sortRows(board.rows, column?.value ?? ((row) => row.rank), order.direction)
  const sorting = { order, onSort }
  const { dimension } = board.slice
  return (
    <>
      <SortSelect columns={BOARD_COLUMNS} {...sorting} />
      <div
        className="board-scroll"
        role="region"
        aria-label={texts.dimensions[dimension]}
        tabIndex={0}
      >
        <table
          role="table"
          className="board-table single figures"
          data-dimension={dimension}
          data-sort={order.by}
        >
          <thead role="rowgroup">
            <tr role="row">
              <ColumnHead
                {...sorting}
                by="rank"
                best="ascending"
                title={hints.rank}
                className="single-rank"
              >
                {columns.rank}
              </ColumnHead>
              <ColumnHead {...sorting} by="model" best="ascending" className="single-model">
                {columns.model}
              </ColumnHead>
              <ColumnHead
                {...sorting}
                by="rating"
                best="descending"
                title={hints.rating}
                className="single-rating"
                below={<AxisTicks scale={scale} />}
              >
                {columns.rating}
              </ColumnHead>
              {NUMBERS.map(({ by, name, best, title }) => (
                <ColumnHead key={by} {...sorting} by={by} best={best} title={title} numeric>
                  {name}
                </ColumnHead>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" ref={body}>
            {rows.map((row) => (
              <BoardLine key={row.model.slug} row={row} scale={scale} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function BoardLine({ row, scale }: { row: BoardRow; scale: Scale }) {
  const { model, bothBadRate, bothBadLow, bothBadHigh } = row
  const bothBadTitle =
    bothBadLow === null || bothBadHigh === null
      ? undefined
      : boardTexts.bothBadInterval(bothBadLow, bothBadHigh)
  return (
    <tr
      role="row"
      data-testid="board-row"
      data-slug={model.slug}
      data-elo={row.elo}
      data-votes={row.votes}
      data-stamp={`${row.rating}:${row.votes}`}
    >
      <td role="cell" className="single-rank">
        <RankText row={row} />
      </td>
      <ModelCell model={model} provisional={row.provisional} />
      <td role="cell" className="single-rating">
        <span className="place">
          <IntervalBar row={row} scale={scale} />
          <RatingFigure row={row} />
        </span>
      </td>
      {NUMBERS.map(({ by, name, value }) => (
        <td
          role="cell"
          key={by}
          data-numeric
          data-column={by}
          title={by === 'bothBad' ? bothBadTitle : undefined}
        >
          <span className="narrow-label">{name} </span>
          {by === 'bothBad'
            ? bothBadRate === null
              ? '–'
              : formatFineShare(bothBadRate)
            : formatWhole(Number(value(row)))}
        </td>
      ))}
    </tr>
  )
}
