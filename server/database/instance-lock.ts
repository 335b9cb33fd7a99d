import BetterSqlite from 'better-sqlite3'

/** Holds a database for one arena; closing it, or the end of the process, lets go. */
export type InstanceLock = { release(): void }

/**
 * Makes sure that one arena at a time works on an SQLite file: two would end each other's running
 * answers. The operating system drops the lock with the process, however it ends. Commands that
 * run beside the arena don't take it.
 *
 * @throws Error in one line if another arena holds it
 */
export function lockInstance(databasePath: string): InstanceLock {
  const lock = new BetterSqlite(`${databasePath}.lock`, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause
    throw new Error(
      `the database ${databasePath} is in use by another arena: stop that one, or set DATABASE_URL to another file`,
      { cause },
    )
  }
  return { release: () => void lock.close() }
}
