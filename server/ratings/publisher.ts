import type { Logger } from 'pino'
import type { Board, BoardUpdate, Slice } from '../../shared/schemas/leaderboard.ts'
import { boardChanges, type Boards } from './boards.ts'
import { isUsual, sliceKey } from './slices.ts'

/** Boards are pushed at most this often, whatever the rate of votes. */
const PUBLISH_INTERVAL_MS = 200

/** Boards of a reader's own choice that are followed at once; the usual ones always can be. */
const MAX_FOLLOWED = 64

type PublisherDeps = {
  readonly boards: Pick<Boards, 'board'>
  /** Sends an update to everybody who follows its slice. */
  readonly send: (room: string, update: BoardUpdate) => void
  /** Whether anybody follows. */
  readonly hasFollowers: (room: string) => boolean
  readonly log: Logger
}

type Followed = {
  readonly slice: Slice
  /** What everybody in the room holds; none until the first one has it. */
  pushed?: Board
}

/** Pushes what changed on the boards that somebody follows. */
export type Publisher = ReturnType<typeof createPublisher>

export function createPublisher({ boards, send, hasFollowers, log }: PublisherDeps) {
  const followed = new Map<string, Followed>()
  let timer: NodeJS.Timeout | undefined
  let publishing = false
  let stopped = false

  function schedule(): void {
    if (!stopped) timer ??= setTimeout(() => void publish(), PUBLISH_INTERVAL_MS)
  }

  /** One round over all followed boards; a slow one delays the next round, not the others' rows. */
  async function publish(): Promise<void> {
    timer = undefined
    if (publishing) return schedule()
    publishing = true
    forgetDeserted()
    const rounds = [...followed].map(async ([room, entry]) => {
      const board = await boards.board(entry.slice)
      push(room, entry, board)
    })
    for (const outcome of await Promise.allSettled(rounds)) {
      if (outcome.status === 'rejected' && !stopped) {
        log.warn({ err: outcome.reason }, 'a board could not be pushed; trying again')
        schedule()
      }
    }
    publishing = false
  }

  function push(room: string, entry: Followed, board: Board): void {
    const before = entry.pushed
    if (stopped || (before !== undefined && before.version >= board.version)) return
    entry.pushed = board
    if (before !== undefined) send(room, boardChanges(before, board))
  }

  function forgetDeserted(): void {
    for (const room of followed.keys()) if (!hasFollowers(room)) followed.delete(room)
  }

  return {
    /**
     * The board of a slice, for somebody who has just joined its room: every push from now on
     * applies to it. Undefined if too many are followed already; rejects as `boards.board` does.
     */
    async follow(slice: Slice): Promise<Board | undefined> {
      const room = roomOf(slice)
      let entry = followed.get(room)
      if (entry === undefined) {
        forgetDeserted()
        if (followed.size >= MAX_FOLLOWED && !isUsual(slice)) return undefined
        entry = { slice }
        followed.set(room, entry)
      }
      const board = await boards.board(slice)
      // Others may have been pushed a later one while this one waited.
      if (entry.pushed === undefined || entry.pushed.version < board.version) {
        push(room, entry, board)
      }
      return entry.pushed ?? board
    },

    boardOf: (slice: Slice): Promise<Board> => boards.board(slice),

    roomOf,

    /** The boards have changed. */
    changed(): void {
      schedule()
    },

    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function roomOf(slice: Slice): string {
  return `board:${sliceKey(slice)}`
}
