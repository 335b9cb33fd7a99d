import { Suspense, lazy, useState } from 'react'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import type { Line } from '../history/lines.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import { countFilters, isFromCounts, isOwnBoard, withoutFilters } from './address.ts'
import { BoardKey } from './board-key.tsx'
import { BoardNotes } from './board-notes.tsx'
import { BoardStatus } from './board-status.tsx'
import { BOARD_COLUMNS, BoardTable } from './board-table.tsx'
import { DisagreeView } from './disagree-view.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { Matrix } from './matrix.ts'
import { OVERVIEW_COLUMNS, OverviewTable } from './overview-table.tsx'
import { filesOf, titleOf } from './files.ts'
import { useAddress } from './use-address.ts'
import { usePaused, useShownBoards } from './use-boards.ts'
import { ChoiceTabs, ViewTabs } from './view-tabs.tsx'
import { nextOrder, orderOf, withOrder, type Order, type SortColumn } from './view.ts'
import './parts.css'
import './leaderboard.css'

const MatrixView = lazy(async () => ({ default: (await import('./matrix-view.tsx')).MatrixView }))
const HistoryView = lazy(async () => ({
  default: (await import('../history/history-view.tsx')).HistoryView,
}))

/** The boards, from every side. What is chosen stands in the address. */
export function LeaderboardPage() {
  const { address: chosen, change, query, setQuery } = useAddress()
  // A history is kept of the whole boards only.
  const address = chosen.view === 'history' ? { ...chosen, ...withoutFilters() } : chosen
  const [open, setOpen] = useState(false)
  const [matrix, setMatrix] = useState<{ matrix: Matrix; models: readonly ModelRef[] } | null>(null)
  const [lines, setLines] = useState<readonly Line[] | null>(null)
  const { shown, paused, waiting, togglePause } = usePaused(address, useShownBoards(address, open))
  const { boards, from, fault } = shown
  usePageTitle(`${boardTexts.title}, ${titleOf(address)}`)

  const overview = address.view === 'ratings' && address.choice === 'overview'
  const dimension = address.choice === 'overview' ? 'overall' : address.choice
  const board = boards[dimension]
  const models = modelsOf(boards.overall ?? board)
  const sorting = <T,>(columns: readonly SortColumn<T>[]) => {
    const order = orderOf(query, columns)
    const onSort = (by: string, best: Order['direction']) =>
      setQuery(withOrder(query, nextOrder(order, by, best)))
    return { order, onSort }
  }

  return (
    <div className="page leaderboard" data-view={address.view}>
      <h1 className="page-title">{boardTexts.title}</h1>
      <p className="page-lead">{boardTexts.lead}</p>
      <ViewTabs address={address} query={query} />
      {address.view !== 'disagree' && <ChoiceTabs address={address} query={query} />}
      {address.view !== 'history' && (
        <FilterBar address={address} change={change} models={models} open={open} onOpen={setOpen} />
      )}
      {fault !== null && <Notice title={fault.message} />}
      {board === null ? (
        fault === null && <p className="board-empty">{boardTexts.loading}</p>
      ) : (
        <>
          <BoardStatus
            board={board}
            boards={
              overview || address.view === 'disagree'
                ? DIMENSIONS.flatMap((name) => boards[name] ?? [])
                : [board]
            }
            from={from}
            published={!(isOwnBoard(address) && isFromCounts(address))}
            ties={isFromCounts(address) ? address.ties : 'half'}
            paused={paused}
            waiting={waiting}
            onToggle={togglePause}
          />
          <div className="board-view" aria-busy={from === 'before'}>
            {board.rows.length === 0 && address.view !== 'history' ? (
              <p className="board-empty">
                {countFilters(address) === 0 ? boardTexts.empty : boardTexts.emptySlice}
              </p>
            ) : (
              <Suspense fallback={<p className="board-empty">{boardTexts.loading}</p>}>
                {address.view === 'ratings' && (
                  <BoardKey board={overview ? (boards.accuracy ?? board) : board} />
                )}
                {overview && <OverviewTable boards={boards} {...sorting(OVERVIEW_COLUMNS)} />}
                {address.view === 'ratings' && !overview && (
                  <BoardTable key={dimension} board={board} {...sorting(BOARD_COLUMNS)} />
                )}
                {address.view === 'disagree' && (
                  <DisagreeView boards={boards} unit={address.spread} change={change} />
                )}
                {address.view === 'matrix' && (
                  <MatrixView
                    address={address}
                    board={board}
                    change={change}
                    onMatrix={setMatrix}
                  />
                )}
                {address.view === 'history' && (
                  <HistoryView
                    address={address}
                    change={change}
                    models={models}
                    onLines={setLines}
                  />
                )}
              </Suspense>
            )}
          </div>
          <BoardNotes
            address={address}
            board={board}
            {...filesOf({ address, boards, board, from, matrix, lines, query })}
          />
        </>
      )}
    </div>
  )
}

const modelsOf = (board: Board | null): readonly ModelRef[] =>
  board?.rows.map((row) => row.model) ?? []
