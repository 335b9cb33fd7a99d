import { DIMENSIONS, type BoardDimension, type Dimension } from '../../shared/dimensions.ts'
import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatFineShare, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { ColumnHead, type Sorting } from './column-head.tsx'
import { compareBoards, spreadOf, type Boards, type Comparison } from './compare.ts'
import { AxisTicks, IntervalBar, RatingFigure } from './interval-bar.tsx'
import { ModelCell } from './model-cell.tsx'
import { RankText } from './rank-text.tsx'
import { ratingScale, type Scale } from './scale.ts'
import { SortSelect } from './sort-select.tsx'
import { useMotion } from './use-motion.ts'
import { sortRows, type SortColumn } from './view.ts'

const { columns, hints } = boardTexts
const rankIn = (name: BoardDimension) => (row: Comparison) => row.rows[name]?.rank ?? null

export const OVERVIEW_COLUMNS: readonly SortColumn<Comparison>[] = [
  ...(['overall', ...DIMENSIONS] as const).map((name) => ({
    by: name,
    name: texts.dimensions[name],
    best: 'ascending' as const,
    value: rankIn(name),
  })),
  { by: 'model', name: columns.model, best: 'ascending', value: (row) => row.model.name },
  {
    by: 'votes',
    name: columns.votes,
    best: 'descending',
    value: (row) => row.rows.overall?.votes ?? null,
  },
  {
    by: 'bothBad',
    name: columns.bothBad,
    best: 'ascending',
    value: (row) => row.rows.overall?.bothBadRate ?? null,
  },
  { by: 'spread', name: columns.spread, best: 'descending', value: spreadOf },
]

type Props = Sorting & { boards: Boards }

/** The three dimensions side by side: each model's rating and interval in each, on one axis. */
export function OverviewTable({ boards, order, onSort }: Props) {
  const body = useMotion()
  const scale = ratingScale(DIMENSIONS.flatMap((name) => boards[name]?.rows ?? []))
  const column = OVERVIEW_COLUMNS.find(({ by }) => by === order.by)
  const rows = sortRows(compareBoards(boards), column?.value ?? rankIn('overall'), order.direction)
  const sorting = { order, onSort }
  return (
    <>
      <SortSelect columns={OVERVIEW_COLUMNS} {...sorting} />
      <div className="board-scroll" role="region" aria-label={boardTexts.overview} tabIndex={0}>
        <table role="table" className="board-table overview figures">
          <thead role="rowgroup">
            <tr role="row">
              <ColumnHead
                {...sorting}
                by="overall"
                best="ascending"
                title={hints.rank}
                className="overview-overall"
              >
                <DimensionName dimension="overall" />
              </ColumnHead>
              <ColumnHead {...sorting} by="model" best="ascending" className="overview-model">
                {columns.model}
              </ColumnHead>
              {DIMENSIONS.map((dimension) => (
                <ColumnHead
                  key={dimension}
                  {...sorting}
                  by={dimension}
                  best="ascending"
                  className="overview-dimension"
                  below={<AxisTicks scale={scale} sparse />}
                >
                  <DimensionName dimension={dimension} />
                </ColumnHead>
              ))}
              <ColumnHead
                {...sorting}
                by="votes"
                best="descending"
                numeric
                className="overview-number"
              >
                {columns.votes}
              </ColumnHead>
              <ColumnHead
                {...sorting}
                by="bothBad"
                best="ascending"
                title={hints.bothBad}
                numeric
                className="overview-number"
              >
                {columns.bothBad}
              </ColumnHead>
            </tr>
          </thead>
          <tbody role="rowgroup" ref={body}>
            {rows.map((row) => (
              <OverviewLine key={row.model.slug} row={row} boards={boards} scale={scale} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function OverviewLine({ row, boards, scale }: { row: Comparison; boards: Boards; scale: Scale }) {
  const { model, rows } = row
  const { overall } = rows
  return (
    <tr
      role="row"
      data-testid="board-row"
      data-slug={model.slug}
      data-elo={overall?.elo}
      data-votes={overall?.votes}
      data-stamp={stampOf(boards, rows)}
    >
      <td role="cell" className="overview-overall">
        <span className="narrow-label">{texts.dimensions.overall} </span>
        <RankText row={overall} />
      </td>
      <ModelCell model={model} provisional={overall?.provisional === true} />
      {DIMENSIONS.map((dimension) => (
        <td role="cell" key={dimension} className="overview-dimension" data-dimension={dimension}>
          <Place row={rows[dimension]} dimension={dimension} scale={scale} />
        </td>
      ))}
      <td role="cell" className="overview-number" data-numeric>
        {formatWhole(overall?.votes ?? 0)}
        <span className="narrow-label"> {columns.votes.toLowerCase()}</span>
      </td>
      <td role="cell" className="overview-number" data-numeric>
        {typeof overall?.bothBadRate === 'number' ? formatFineShare(overall.bothBadRate) : '–'}
        <span className="narrow-label"> {columns.bothBad.toLowerCase()}</span>
      </td>
    </tr>
  )
}

type PlaceProps = { row: BoardRow | null; dimension: Dimension; scale: Scale }

/** One model in one dimension: the ranks left open, its interval on the axis, its rating. */
function Place({ row, dimension, scale }: PlaceProps) {
  return (
    <span className="place">
      <span className="narrow-label">
        <DimensionName dimension={dimension} />
      </span>
      <RankText row={row} />
      {row === null ? (
        <span className="interval-none">{boardTexts.unjudged}</span>
      ) : (
        <>
          <IntervalBar row={row} scale={scale} />
          <RatingFigure row={row} />
        </>
      )}
    </span>
  )
}

const COMPARED: readonly BoardDimension[] = ['overall', ...DIMENSIONS]

/** What marks a row as changed; none while a board is still to come. */
function stampOf(boards: Boards, rows: Comparison['rows']): string | undefined {
  if (COMPARED.some((name) => boards[name] === null)) return undefined
  return COMPARED.map((name) => `${rows[name]?.rating}:${rows[name]?.votes}`).join()
}
