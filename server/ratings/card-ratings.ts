import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import { sliceSchema, type Board, type BoardRow } from '../../shared/schemas/leaderboard.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import type { Boards } from './boards.ts'

const SLICES = BOARD_DIMENSIONS.map((dimension) => sliceSchema.parse({ dimension }))

/** What the boards say of a model in every dimension; null where it has no vote yet. */
export function createRatingsOf(boards: Pick<Boards, 'board'>) {
  // One index per board and version: a list of cards asks for the same four boards each time.
  const indices = new WeakMap<Board, Map<string, BoardRow>>()

  function rowOf(slug: string, dimension: BoardDimension): BoardRow | null {
    const slice = SLICES[BOARD_DIMENSIONS.indexOf(dimension)]
    if (slice === undefined) return null
    const board = boards.board(slice)
    const index = indices.get(board) ?? new Map(board.rows.map((row) => [row.model.slug, row]))
    indices.set(board, index)
    return index.get(slug) ?? null
  }

  return (slug: string): ModelCard['ratings'] => ({
    overall: rowOf(slug, 'overall'),
    accuracy: rowOf(slug, 'accuracy'),
    helpfulness: rowOf(slug, 'helpfulness'),
    language: rowOf(slug, 'language'),
  })
}
