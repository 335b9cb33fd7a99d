import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite from 'better-sqlite3'

/** Holds a database for one arena; closing it, or the end of the process, lets go. */
export type InstanceLock = { release(): void }

/**
 * Makes sure that one arena at a time works on an SQLite file: two would end each other's running
 * answers. The operating system drops the lock with the process, however it ends. Commands that
 * run beside the arena don't take it.
 *
 * @throws Error in one line if another arena holds it, or the folder cannot be used
 */
export function lockInstance(databasePath: string): InstanceLock {
  let lock: BetterSqlite.Database | undefined
  try {
    mkdirSync(dirname(databasePath), { recursive: true })
    lock = new BetterSqlite(`${databasePath}.lock`, { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    const { code, message } = cause as { code?: string; message: string }
    throw new Error(
      code === 'SQLITE_BUSY'
        ? `the database ${databasePath} is in use by another arena: stop that one, or set DATABASE_URL to another file`
        : `the database ${databasePath} cannot be opened: ${message}`,
      { cause },
    )
  }
  const held = lock
  return { release: () => void held.close() }
}
