import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../server/database/database.ts'

/** A migrated SQLite database in a folder of its own. */
export type TemporaryDatabase = {
  readonly db: Database
  readonly path: string
  /** Opens the same file once more, as another process would. */
  reopen(options?: { readonly?: boolean }): Promise<Database>
  remove(): Promise<void>
}

export async function openTemporaryDatabase(): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'trivium-db-'))
  const path = join(folder, 'arena.db')
  const opened: Database[] = []
  const reopen = async (options: { readonly?: boolean } = {}) => {
    const db = await openDatabase({ dialect: 'sqlite', path }, options)
    opened.push(db)
    return db
  }
  return {
    db: await reopen(),
    path,
    reopen,
    async remove() {
      for (const { kysely } of opened) await kysely.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
