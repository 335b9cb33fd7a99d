import type { BoardDimension } from '../../shared/dimensions.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import type { Connection } from '../arena/connection.ts'
import { mergeUpdate, sameSlice } from './merge.ts'

/** One live board, subscribed to for as long as somebody looks at it. */
export type BoardStore = {
  readonly snapshot: () => Board | null
  readonly subscribe: (listener: () => void) => () => void
}

/** A page change may need the same board again: leave only when nobody has come back. */
const LINGER_MS = 2000

/** Makes the live board of a dimension. */
export function createBoardStore(
  connection: Pick<Connection, 'request' | 'on' | 'onOnline' | 'status'>,
  dimension: BoardDimension,
): BoardStore {
  let board: Board | null = null
  let asking = false
  let stop: (() => void) | null = null
  const listeners = new Set<() => void>()
  const slice = { dimension }
  const set = (next: Board) => {
    board = next
    for (const listener of listeners) listener()
  }

  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    const outcome = await connection.request('leaderboard:subscribe', { slice })
    asking = false
    // A board is never replaced by an older one: updates may have overtaken the answer.
    if (outcome.ok && (board === null || outcome.board.version >= board.version)) set(outcome.board)
  }

  function start(): () => void {
    const unsubscribes = [
      connection.onOnline(() => void ask()),
      connection.on('leaderboard:update', (update) => {
        if (board === null || !sameSlice(board, update)) return
        const merge = mergeUpdate(board, update)
        if (merge.kind === 'merged') set(merge.board)
        else if (merge.kind === 'gap') void ask()
      }),
    ]
    if (connection.status() === 'online') void ask()
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe()
      if (connection.status() === 'online') {
        void connection.request('leaderboard:unsubscribe', { slice })
      }
    }
  }

  return {
    snapshot: () => board,
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start()
      return () => {
        listeners.delete(listener)
        setTimeout(() => {
          if (listeners.size > 0 || stop === null) return
          stop()
          stop = null
        }, LINGER_MS)
      }
    },
  }
}
