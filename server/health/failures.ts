import type { Logger } from 'pino'
import type { ModelFailure } from '../../shared/schemas/admin.ts'
import type { Page } from '../../shared/schemas/common.ts'
import type { Side } from '../../shared/verdicts.ts'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import type { FailureRepository, FailureRow, NewFailure } from './failure-repository.ts'
import { createWriteBehind } from './write-behind.ts'

const KEPT_MS = 30 * 86_400_000
const KEPT_ROWS = 20_000
/** After so many more it is looked whether some have to go. */
const PRUNE_EVERY = 500
/** So many wait for a database that cannot be written; older ones are let go of. */
const MAX_WAITING = 2000
const MAX_MESSAGE_CHARACTERS = 1000

/** An answer that could not be had. */
export type FailureEntry = {
  readonly slug: string
  readonly version: number
  readonly battleId: string | null
  readonly turn: number | null
  readonly side: Side | null
  readonly kind: string
  /** The HTTP status, where there was one. */
  readonly status: number | null
  readonly message: string
  readonly durationMs: number
}

export type FailureQuery = {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly model?: string | undefined
  readonly kind?: string | undefined
  readonly battleId?: string | undefined
}

/** Why answers could not be had: kept 30 days, and 20,000 of them at most. */
export type FailureLog = {
  record(entry: FailureEntry): void
  /** The newest first. */
  list(query: FailureQuery): Promise<Page<ModelFailure>>
  get(id: number): Promise<ModelFailure | undefined>
  /** Calls back when something has failed. */
  onFailure(callback: (entry: FailureEntry) => void): void
  /** Lets go of what is too old. */
  load(): Promise<void>
  flush(): Promise<void>
  stop(): Promise<void>
}

export function createFailureLog(deps: {
  readonly repository: FailureRepository
  readonly now: () => number
  readonly log: Logger
  readonly schedule?: Schedule
}): FailureLog {
  const { repository, now, log, schedule = scheduleByTimer } = deps
  const callbacks: ((entry: FailureEntry) => void)[] = []
  let waiting: NewFailure[] = []
  let sincePrune = 0

  const writer = createWriteBehind({
    schedule,
    log,
    what: 'the failures of models',
    async write() {
      const taken = waiting
      waiting = []
      try {
        await repository.insert(taken)
      } catch (cause) {
        waiting = [...taken, ...waiting].slice(-MAX_WAITING)
        throw cause
      }
      sincePrune += taken.length
      if (sincePrune >= PRUNE_EVERY) await prune()
    },
  })
  async function prune(): Promise<void> {
    sincePrune = 0
    await repository.prune(now() - KEPT_MS, KEPT_ROWS)
  }

  return {
    record(entry) {
      const { slug, version, turn, side, kind, status } = entry
      waiting.push({
        at: now(),
        slug,
        version,
        battle_id: entry.battleId,
        turn,
        side,
        kind,
        status,
        message: entry.message.slice(0, MAX_MESSAGE_CHARACTERS),
        duration_ms: Math.round(entry.durationMs),
      })
      if (waiting.length > MAX_WAITING) waiting.shift()
      writer.mark()
      for (const callback of callbacks) callback(entry)
    },

    async list({ limit, cursor, ...filter }) {
      await writer.flush()
      const before = cursor === undefined ? undefined : Number(cursor)
      const rows = await repository.list({ ...filter, before, limit: limit + 1 })
      const items = rows.slice(0, limit).map(toFailure)
      return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null }
    },

    async get(id) {
      await writer.flush()
      const row = await repository.get(id)
      return row === undefined ? undefined : toFailure(row)
    },

    onFailure: (callback) => void callbacks.push(callback),
    load: prune,
    flush: () => writer.flush(),
    stop: () => writer.stop(),
  }
}

function toFailure(row: FailureRow): ModelFailure {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    slug: row.slug,
    version: row.version,
    battleId: row.battle_id,
    turn: row.turn,
    side: row.side,
    kind: row.kind,
    status: row.status,
    message: row.message,
    durationMs: row.duration_ms,
  }
}
