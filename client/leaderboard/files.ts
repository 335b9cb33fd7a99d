import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { historyCsv, matrixCsv, overviewCsv } from '../figures/csv.ts'
import { historyFigure } from '../figures/history-figure.ts'
import { intervalFigure } from '../figures/interval-figure.ts'
import { matrixFigure } from '../figures/matrix-figure.ts'
import type { Figure } from '../figures/svg.ts'
import type { Line } from '../history/lines.ts'
import { boardTexts } from '../texts/en-board.ts'
import { texts } from '../texts/en.ts'
import { queryOfSlice, sliceOf, type Address } from './address.ts'
import { compareBoards, type Boards, type Comparison } from './compare.ts'
import type { DataFile } from './downloads.tsx'
import type { Matrix } from './matrix.ts'
import { summaryOf } from './summary.ts'
import { OVERVIEW_COLUMNS } from './overview-table.tsx'
import { BOARD_COLUMNS } from './board-table.tsx'
import type { Shown } from './use-boards.ts'
import { orderOf, sortRows } from './view.ts'

type What = {
  readonly address: Address
  readonly boards: Boards
  readonly board: Board
  readonly from: Shown['from']
  readonly matrix: { readonly matrix: Matrix; readonly models: readonly ModelRef[] } | null
  readonly lines: readonly Line[] | null
  readonly query: URLSearchParams
}

type Files = {
  title: string
  name: string
  csv: DataFile | null
  json: DataFile | null
  figure: (() => Figure | null) | null
}

/** What is shown, in a few words. */
export function titleOf({ view, choice }: Address): string {
  if (view === 'disagree') return boardTexts.disagree.title
  const board = choice === 'overview' ? null : texts.dimensions[choice]
  if (view === 'ratings') return board ?? boardTexts.overview
  const name = view === 'matrix' ? boardTexts.matrix.title : boardTexts.history.title
  return `${name}: ${board ?? (view === 'matrix' ? texts.dimensions.overall : boardTexts.allThree)}`
}

/** The files of what is shown: the arena's where it has them, made here of the rest. */
export function filesOf(what: What): Files {
  const { address, board } = what
  const title = titleOf(address)
  const made = boardTexts.figure.source(summaryOf(address), board.version, board.generatedAt)
  const words = {
    title: boardTexts.figure.title(title),
    source: `${made} · ${readingOf(what)}`,
  }
  const name = `trivium-${address.view}-${address.choice}-v${board.version}`
  switch (address.view) {
    case 'ratings':
      return { title, name, ...ratingFiles(what, words) }
    case 'disagree':
      return { title, name, ...overviewFiles(what, words) }
    case 'matrix':
      return { title, name, ...matrixFiles(what, words) }
    case 'history':
      return { title, name, ...historyFiles(what, words) }
  }
}

/** How to read a figure that stands alone. */
function readingOf({ address, from }: What): string {
  const { figure } = boardTexts
  if (address.view === 'matrix') return figure[address.show]
  if (address.view === 'history') return figure.history
  if (from === 'here') return figure.here
  return address.method === 'elo' ? figure.elo : figure.ratings
}

type Words = { title: string; source: string }
type Data = Pick<Files, 'csv' | 'json' | 'figure'>

const asJson = (value: unknown) => ({ text: () => `${JSON.stringify(value, null, 2)}\n` })

function ratingFiles(what: What, words: Words): Data {
  const { address, board, from, query } = what
  if (address.choice === 'overview') return overviewFiles(what, words)
  const { dimension } = board.slice
  const order = orderOf(query, BOARD_COLUMNS)
  const column = BOARD_COLUMNS.find(({ by }) => by === order.by)
  const rows = sortRows(board.rows, column?.value ?? ((row) => row.rank), order.direction)
  const compared = rows.map((row): Comparison => ({
    model: row.model,
    rows: { overall: null, accuracy: null, helpfulness: null, language: null, [dimension]: row },
  }))
  const arena = `/api/v1/leaderboard?${queryOfSlice(sliceOf(address, dimension))}`
  return {
    csv: from === 'here' ? { text: () => overviewCsv(compared) } : { href: `${arena}&format=csv` },
    json: from === 'here' ? asJson(board) : { href: arena },
    figure: () => intervalFigure(compared, [dimension], words),
  }
}

function overviewFiles({ boards, query }: What, words: Words): Data {
  const order = orderOf(query, OVERVIEW_COLUMNS)
  const column = OVERVIEW_COLUMNS.find(({ by }) => by === order.by)
  const rows = sortRows(compareBoards(boards), column?.value ?? (() => null), order.direction)
  return {
    csv: { text: () => overviewCsv(rows) },
    json: asJson(boards),
    figure: () => intervalFigure(rows, DIMENSIONS, words),
  }
}

function matrixFiles({ address, board, matrix }: What, words: Words): Data {
  const query = queryOfSlice(sliceOf(address, board.slice.dimension))
  return {
    csv: matrix === null ? null : { text: () => matrixCsv(matrix.matrix, matrix.models) },
    json: { href: `/api/v1/pairs?${query}` },
    figure:
      matrix === null
        ? null
        : () => matrixFigure(matrix.matrix, matrix.models, address.show, words),
  }
}

function historyFiles({ lines, board }: What, words: Words): Data {
  if (lines === null) return { csv: null, json: null, figure: null }
  const slugs = new Set(lines.flatMap(({ points }) => points[0]?.model ?? []))
  const models = board.rows.filter((row) => slugs.has(row.model.slug))
  const names = models.map((row) => row.model.name).join(', ')
  return {
    csv: { text: () => historyCsv(lines) },
    json: asJson(lines),
    figure: () => historyFigure(lines, { ...words, title: `${words.title}, ${names}` }),
  }
}
