import { EQUAL_WEIGHTS } from '../../shared/boards.ts'
import type { Board, BoardUpdate, Slice } from '../../shared/schemas/leaderboard.ts'
import { boardChanges, sliceKey, type Boards } from './boards.ts'

/** Boards are pushed at most this often, whatever the rate of votes. */
const PUBLISH_INTERVAL_MS = 300

/** Boards with weights of a reader's own that are followed at once; the usual ones always can be. */
const MAX_FOLLOWED = 64

type PublisherDeps = {
  readonly boards: Boards
  /** Sends an update to everybody who follows its slice. */
  readonly send: (room: string, update: BoardUpdate) => void
  /** Whether anybody follows. */
  readonly hasFollowers: (room: string) => boolean
}

/** Pushes what changed on the boards that somebody follows. */
export type Publisher = ReturnType<typeof createPublisher>

export function createPublisher({ boards, send, hasFollowers }: PublisherDeps) {
  const followed = new Map<string, { slice: Slice; pushed: Board }>()
  let timer: NodeJS.Timeout | undefined

  function publish(): void {
    timer = undefined
    for (const [room, entry] of followed) {
      if (!hasFollowers(room)) {
        followed.delete(room)
        continue
      }
      const board = boards.board(entry.slice)
      if (board.version === entry.pushed.version) continue
      const update = boardChanges(entry.pushed, board)
      entry.pushed = board
      send(room, update)
    }
  }

  return {
    /** The room of a slice, followed from now on; undefined if too many are followed already. */
    follow(slice: Slice): { room: string; board: Board } | undefined {
      const room = roomOf(slice)
      const board = boards.board(slice)
      if (!followed.has(room)) {
        for (const known of followed.keys()) if (!hasFollowers(known)) followed.delete(known)
        if (followed.size >= MAX_FOLLOWED && !isUsual(slice)) return undefined
        followed.set(room, { slice, pushed: board })
      }
      return { room, board }
    },

    boardOf: (slice: Slice): Board => boards.board(slice),

    roomOf,

    /** The boards have changed. */
    changed(): void {
      timer ??= setTimeout(publish, PUBLISH_INTERVAL_MS)
    },

    stop(): void {
      clearTimeout(timer)
    },
  }
}

function roomOf(slice: Slice): string {
  return `board:${sliceKey(slice)}`
}

/** Whether a slice is one of the few that everybody sees. */
function isUsual({ weights }: Slice): boolean {
  return weights === null || weights === EQUAL_WEIGHTS
}
