import type { Board, BoardRow, BoardUpdate } from '../../shared/schemas/leaderboard.ts'

/** What an update did: a newer board, nothing new, or a gap that a new subscription has to close. */
export type Merge = { kind: 'merged'; board: Board } | { kind: 'known' } | { kind: 'gap' }

/** Applies the rows that changed to the board that is held. */
export function mergeUpdate(board: Board, update: BoardUpdate): Merge {
  if (update.version <= board.version) return { kind: 'known' }
  if (update.since > board.version) return { kind: 'gap' }
  const { since: _, rows: changes, ...facts } = update
  const changed = new Map(changes.map((row) => [row.model.slug, row]))
  const rows = board.rows.map((row) => {
    const next = changed.get(row.model.slug)
    changed.delete(row.model.slug)
    return next ?? row
  })
  return {
    kind: 'merged',
    board: {
      ...board,
      ...facts,
      rows: [...rows, ...changed.values()].sort(byRank),
    },
  }
}

/** Whether an update is about this board. */
export function sameSlice(board: Board, update: BoardUpdate): boolean {
  const mine: Record<string, unknown> = board.slice
  const theirs: Record<string, unknown> = update.slice
  return Object.keys({ ...mine, ...theirs }).every((key) => mine[key] === theirs[key])
}

/** The order of a board: by rank, those without one last, equals by points and then by slug. */
export function byRank(left: BoardRow, right: BoardRow): number {
  return (
    (left.rank ?? Number.MAX_SAFE_INTEGER) - (right.rank ?? Number.MAX_SAFE_INTEGER) ||
    (right.rating ?? 0) - (left.rating ?? 0) ||
    (left.model.slug < right.model.slug ? -1 : 1)
  )
}
