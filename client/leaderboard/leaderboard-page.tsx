import { Link, useSearchParams } from 'react-router'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import { BoardNotes } from './board-notes.tsx'
import { BoardStatus } from './board-status.tsx'
import { BOARD_COLUMNS, BoardTable } from './board-table.tsx'
import { Disagreements } from './disagreements.tsx'
import { OVERVIEW_COLUMNS, OverviewTable } from './overview-table.tsx'
import { useBoards } from './use-boards.ts'
import { VIEWS, isBoard, nextOrder, orderOf, queryOfView, viewOf, type Order } from './view.ts'
import './leaderboard.css'

/** The boards: side by side, or one of them in full. What is chosen stands in the address. */
export function LeaderboardPage() {
  const [query, setQuery] = useSearchParams()
  const view = viewOf(query)
  const { boards, paused, waiting, togglePause } = useBoards()
  const order = isBoard(view)
    ? orderOf(
        query,
        BOARD_COLUMNS.map((column) => column.by),
        'rank',
      )
    : orderOf(query, OVERVIEW_COLUMNS, 'overall')
  usePageTitle(
    isBoard(view) ? `${texts.board.title}, ${texts.dimensions[view]}` : texts.board.title,
  )
  const sort = (by: string, best: Order['direction']) => {
    const next = nextOrder(order, by, best)
    const changed = new URLSearchParams(query)
    changed.set('sort', next.by)
    changed.set('dir', next.direction === 'ascending' ? 'asc' : 'desc')
    setQuery(changed, { replace: true, preventScrollReset: true })
  }
  const board = boards[isBoard(view) ? view : 'overall']
  return (
    <div className="page leaderboard">
      <h1 className="page-title">{texts.board.title}</h1>
      <p className="page-lead">{texts.board.lead}</p>
      <nav className="board-tabs" aria-label={texts.board.tabs}>
        {VIEWS.map((each) => (
          <Link
            key={each}
            to={{ search: queryOfView(each) }}
            aria-current={each === view ? 'page' : undefined}
            data-dimension={isBoard(each) ? each : undefined}
          >
            {isBoard(each) ? <DimensionName dimension={each} /> : texts.board.overview}
          </Link>
        ))}
      </nav>
      {board === null ? (
        <p className="board-empty">{texts.board.loading}</p>
      ) : (
        <>
          <BoardStatus board={board} paused={paused} waiting={waiting} onToggle={togglePause} />
          {board.rows.length === 0 && <p className="board-empty">{texts.board.empty}</p>}
          {board.rows.length > 0 &&
            (isBoard(view) ? (
              <BoardTable key={view} board={board} order={order} onSort={sort} />
            ) : (
              <>
                <OverviewTable boards={boards} order={order} onSort={sort} />
                <Disagreements boards={boards} />
              </>
            ))}
          <BoardNotes board={board} />
        </>
      )}
    </div>
  )
}
