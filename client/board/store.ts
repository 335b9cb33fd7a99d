import type { Board, SliceInput } from '../../shared/schemas/leaderboard.ts'
import type { Connection, RequestError } from '../arena/connection.ts'
import { mergeUpdate, sameSlice } from './merge.ts'

/** One live board, subscribed to for as long as somebody looks at it. */
export type BoardStore = {
  readonly snapshot: () => Board | null
  /** Why there is none, where the arena has refused to make one. */
  readonly fault: () => RequestError | null
  readonly subscribe: (listener: () => void) => () => void
}

/** A page change may need the same board again: leave only when nobody has come back. */
const LINGER_MS = 2000

/**
 * Makes the live board of a slice.
 *
 * @param onIdle called once nobody looks at it any more
 */
export function createBoardStore(
  connection: Pick<Connection, 'request' | 'on' | 'onOnline' | 'status'>,
  slice: SliceInput,
  onIdle: () => void = () => undefined,
): BoardStore {
  let board: Board | null = null
  let fault: RequestError | null = null
  let asking = false
  let stop: (() => void) | null = null
  const listeners = new Set<() => void>()
  const set = (next: Board | null, why: RequestError | null = null) => {
    board = next
    fault = why
    for (const listener of listeners) listener()
  }

  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    const outcome = await connection.request('leaderboard:subscribe', { slice })
    asking = false
    if (!outcome.ok) {
      // A connection that is gone comes back; a board that is held stays good meanwhile.
      if (board === null && outcome.error.code !== 'connection_lost') set(null, outcome.error)
      return
    }
    // A board is never replaced by an older one: updates may have overtaken the answer.
    if (board === null || outcome.board.version >= board.version) set(outcome.board)
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
    fault: () => fault,
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start()
      return () => {
        listeners.delete(listener)
        setTimeout(() => {
          if (listeners.size > 0 || stop === null) return
          stop()
          stop = null
          onIdle()
        }, LINGER_MS)
      }
    },
  }
}
