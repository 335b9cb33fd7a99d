import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import { sliceSchema, type Board, type BoardRow } from '../../shared/schemas/leaderboard.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import type { Boards } from './boards.ts'

const SLICES = BOARD_DIMENSIONS.map((dimension) => sliceSchema.parse({ dimension }))

/** What the boards say of each model in every dimension; null where it has no vote yet. */
export function createCardRatings(boards: Pick<Boards, 'board'>) {
  // One index per board and version: every list of cards asks for the same four boards.
  const indices = new WeakMap<Board, Map<string, BoardRow>>()

  function indexOf(board: Board): Map<string, BoardRow> {
    const index = indices.get(board) ?? new Map(board.rows.map((row) => [row.model.slug, row]))
    indices.set(board, index)
    return index
  }

  return async (): Promise<(slug: string) => ModelCard['ratings']> => {
    const loaded = await Promise.all(SLICES.map((slice) => boards.board(slice)))
    const rowOf = (slug: string, dimension: BoardDimension): BoardRow | null => {
      const board = loaded[BOARD_DIMENSIONS.indexOf(dimension)]
      return board === undefined ? null : (indexOf(board).get(slug) ?? null)
    }
    return (slug) => ({
      overall: rowOf(slug, 'overall'),
      accuracy: rowOf(slug, 'accuracy'),
      helpfulness: rowOf(slug, 'helpfulness'),
      language: rowOf(slug, 'language'),
    })
  }
}
