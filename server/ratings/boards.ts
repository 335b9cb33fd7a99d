import { createHash } from 'node:crypto'
import type { Standings } from '../../shared/ratings/standings.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { BoardFormat } from '../../shared/boards.ts'
import type { Board, BoardRow, BoardUpdate, Slice } from '../../shared/schemas/leaderboard.ts'
import { boardToCsv } from './board-csv.ts'
import { makeBoard } from './board.ts'

/** Boards kept at once: weights are free text, so that slices have no natural bound. */
const MAX_BOARDS = 64

/** A board's bytes, made once per version. */
export type BoardBytes = { readonly body: Buffer; readonly etag: string; readonly type: string }

/** Equal slices have equal keys: parsed slices hold every field in one order. */
export function sliceKey(slice: Slice): string {
  return JSON.stringify(slice)
}

type BoardsDeps = {
  readonly standings: () => Standings
  readonly refOf: (slug: string) => ModelRef
  readonly versions: BoardVersions
  readonly now: () => number
}

/** Gives board versions: integers that only grow, over restarts too. */
export type BoardVersions = { next(): number; readonly current: number }

type Kept = { board: Board; bytes: Map<BoardFormat, BoardBytes> }

/** Boards by slice, each made and serialised at most once per version. */
export type Boards = ReturnType<typeof createBoards>

export function createBoards({ standings, refOf, versions, now }: BoardsDeps) {
  let stale = false
  const kept = new Map<string, Kept>()

  function refresh(): void {
    if (!stale) return
    stale = false
    versions.next()
  }

  function get(slice: Slice): Kept {
    refresh()
    const key = sliceKey(slice)
    const present = kept.get(key)
    if (present !== undefined && present.board.version === versions.current) return present
    const generatedAt = new Date(now()).toISOString()
    const board = makeBoard(standings(), slice, refOf, { version: versions.current, generatedAt })
    const made: Kept = { board, bytes: new Map() }
    kept.delete(key)
    kept.set(key, made)
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_BOARDS) break
      kept.delete(oldest)
    }
    return made
  }

  return {
    /** Votes were counted, or a model is shown under another name. */
    invalidate(): void {
      stale = true
    },

    /** The version that the next reader gets. */
    version(): number {
      refresh()
      return versions.current
    },

    board: (slice: Slice): Board => get(slice).board,

    bytes(slice: Slice, format: BoardFormat): BoardBytes {
      const { board, bytes } = get(slice)
      const present = bytes.get(format)
      if (present !== undefined) return present
      const body = Buffer.from(format === 'csv' ? boardToCsv(board) : JSON.stringify(board))
      const made = {
        body,
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      }
      bytes.set(format, made)
      return made
    },
  }
}

/** The update that takes a reader from one board to a later one of the same slice. */
export function boardChanges(before: Board, after: Board): BoardUpdate {
  const known = new Map<string, string>(
    before.rows.map((row: BoardRow) => [row.model.slug, JSON.stringify(row)]),
  )
  return {
    ...after,
    since: before.version,
    rows: after.rows.filter((row) => known.get(row.model.slug) !== JSON.stringify(row)),
  }
}
