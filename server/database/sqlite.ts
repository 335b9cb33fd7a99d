import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { SqliteDialect } from 'kysely'

/** How long a command's write waits for the arena's, in milliseconds. */
const BUSY_TIMEOUT_MS = 5000

export type OpenOptions = {
  readonly?: boolean
  /** How long a write waits for another process; the wait holds up the whole thread. */
  busyTimeoutMs?: number
}

/** `PRAGMA synchronous` in SQLite's numbers. */
const SYNCHRONOUS_FULL = 2

/**
 * Opens an SQLite file such that a committed transaction survives a power cut.
 *
 * In WAL mode `synchronous=NORMAL` loses committed transactions with the power, and
 * better-sqlite3 falls back to it when it opens an existing WAL database. So FULL is set on every
 * open and read back.
 *
 * @throws Error if the file cannot be used, with the path and the reason
 */
export function openSqlite(path: string, options: OpenOptions = {}): SqliteDialect {
  const { readonly = false, busyTimeoutMs = BUSY_TIMEOUT_MS } = options
  try {
    if (!readonly) mkdirSync(dirname(path), { recursive: true })
    const database = new BetterSqlite(path, { readonly, fileMustExist: readonly })
    database.pragma(`busy_timeout = ${busyTimeoutMs}`)
    if (!readonly) {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      const synchronous = database.pragma('synchronous', { simple: true })
      if (synchronous !== SYNCHRONOUS_FULL) {
        throw new Error(`synchronous is ${String(synchronous)} instead of FULL`)
      }
    }
    database.pragma('foreign_keys = ON')
    return new SqliteDialect({ database })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the database ${path} cannot be opened: ${reason}`, { cause })
  }
}
