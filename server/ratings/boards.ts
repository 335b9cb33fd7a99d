import type { BoardFormat } from '../../shared/boards.ts'
import type { Board, BoardRow, BoardUpdate, Slice } from '../../shared/schemas/leaderboard.ts'
import { FailureError } from '../http/failure.ts'
import { isUsual } from './slices.ts'
import type { RatingWorker, Urgency } from './worker-client.ts'
import type { RatedVersions } from './version-fits.ts'
import type { Stamp, Wish } from './worker-messages.ts'

/** Answers kept at once: weights are free text, so that slices have no natural bound. */
const MAX_KEPT = 64

/** An answer's bytes, made once per version. */
export type BoardBytes = { readonly body: Buffer; readonly etag: string; readonly type: string }

/** Gives board versions: integers that only grow, over restarts too. */
export type BoardVersions = { next(): number; readonly current: number }

type BoardsDeps = {
  readonly ask: RatingWorker['ask']
  /** The last log position that is counted. */
  readonly position: () => number
  readonly versions: BoardVersions
  readonly now: () => number
}

type Kept = BoardBytes & { readonly version: number; board?: Board }

/** How a question was put to the worker; without a stamp it still waits for that. */
type Putting = { stamp?: Stamp }

type Answering = { readonly putting: Putting; readonly answer: Promise<Kept> }

/** What is known under one wish, and who is finding out. */
type Entry = { kept?: Kept; running?: Answering; next?: Promise<Kept> | undefined }

/** Boards by slice, each computed by the worker at most once per version. */
export type Boards = ReturnType<typeof createBoards>

export function createBoards({ ask, position, versions, now }: BoardsDeps) {
  let stale = false
  /** How often the history has got a moment: it grows without a vote too, while it is made up for. */
  let moments = 0
  const entries = new Map<string, Entry>()

  function currentVersion(): number {
    if (stale) {
      stale = false
      versions.next()
    }
    return versions.current
  }

  function entryOf(wish: Wish): Entry {
    const key = wish.what === 'history' ? JSON.stringify([wish, moments]) : JSON.stringify(wish)
    const entry = entries.get(key) ?? {}
    entries.delete(key)
    entries.set(key, entry)
    for (const [oldest, { running }] of entries) {
      if (entries.size <= MAX_KEPT) break
      if (running === undefined && oldest !== key) entries.delete(oldest)
    }
    return entry
  }

  function put(entry: Entry, wish: Wish): Promise<Kept> {
    const putting: Putting = {}
    const asked = ask(() => {
      const stamp = { version: currentVersion(), generatedAt: new Date(now()).toISOString() }
      putting.stamp = stamp
      return { question: { wish, stamp }, position: position() }
    }, urgencyOf(wish))
    const answer = asked.then(
      ({ body, etag }) => {
        const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
        entry.kept = { body: bytes, etag, type: typeOf(wish), version: putting.stamp?.version ?? 0 }
        return entry.kept
      },
      (cause: unknown) => {
        // Better what was true a moment ago than nothing, while the worker starts anew.
        const busy = cause instanceof FailureError && cause.failure.code === 'unavailable'
        if (busy && entry.kept !== undefined) return entry.kept
        throw cause
      },
    )
    const answering: Answering = { putting, answer }
    entry.running = answering
    const settle = () => {
      if (entry.running === answering) delete entry.running
    }
    answer.then(settle, settle)
    return answer
  }

  /** The answer of the present version: at once if it is kept. */
  function find(wish: Wish): Kept | Promise<Kept> {
    const entry = entryOf(wish)
    const version = currentVersion()
    if (entry.kept?.version === version) return entry.kept
    const { running } = entry
    if (running === undefined) return put(entry, wish)
    const under = running.putting.stamp?.version
    if (under === undefined || under === version) return running.answer
    // What runs does not count the last votes: everybody from now on shares the next answer.
    const again = () => {
      entry.next = undefined
      return put(entry, wish)
    }
    entry.next ??= running.answer.then(again, again)
    return entry.next
  }

  async function board(slice: Slice): Promise<Board> {
    const kept = await find({ what: 'board', slice, format: 'json' })
    kept.board ??= JSON.parse(kept.body.toString()) as Board
    return kept.board
  }

  return {
    /** Votes were counted, or a model is shown under another name. */
    invalidate(): void {
      stale = true
    },

    /** The history has got another moment; boards are what they were. */
    momentPassed(): void {
      moments += 1
    },

    /** The version that the next reader gets. */
    version: currentVersion,

    /** A board that counts every vote counted before. Rejects with a `FailureError`. */
    board,

    /** How the versions of a model fare that have votes; they wait for everybody's boards. */
    async versions(slug: string): Promise<RatedVersions> {
      const wish: Wish = { what: 'versions', slug }
      const { body } = await find(wish)
      const rated = JSON.parse(body.toString()) as RatedVersions
      // More of them is known soon, without a vote.
      if (!rated.complete) delete entryOf(wish).kept
      return rated
    },

    /** An answer as bytes, counting every vote counted before; at once if it is at hand. */
    bytes: (wish: Wish): BoardBytes | Promise<BoardBytes> => find(wish),
  }
}

function urgencyOf(wish: Wish): Urgency {
  if (wish.what === 'versions') return 'spare'
  return wish.what === 'board' && isUsual(wish.slice) ? 'urgent' : 'patient'
}

function typeOf(wish: Wish): string {
  const format: BoardFormat = 'format' in wish ? wish.format : 'json'
  return format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8'
}

/** The update that takes a reader from one board to a later one of the same slice. */
export function boardChanges(before: Board, after: Board): BoardUpdate {
  const known = new Map(before.rows.map((row) => [row.model.slug, row]))
  return {
    ...after,
    since: before.version,
    rows: after.rows.filter((row) => {
      const old = known.get(row.model.slug)
      return old === undefined || !sameRow(old, row)
    }),
  }
}

function sameRow(left: BoardRow, right: BoardRow): boolean {
  const { model: modelLeft, ...numbersLeft } = left
  const { model: modelRight, ...numbersRight } = right
  return sameFields(modelLeft, modelRight) && sameFields(numbersLeft, numbersRight)
}

function sameFields<T extends object>(left: T, right: T): boolean {
  return (Object.keys(left) as (keyof T)[]).every((name) => left[name] === right[name])
}
