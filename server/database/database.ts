import { Kysely, Migrator } from 'kysely'
import type { Config } from '../config.ts'
import { migrations } from './migrations/index.ts'
import type { Schema } from './schema.ts'
import { openSqlite, type OpenOptions } from './sqlite.ts'

/** A connection to the arena's database, with the SQL dialect that it speaks. */
export type Database = { readonly kysely: Kysely<Schema>; readonly dialect: 'sqlite' }

/** Opens the database that the settings name and brings its schema up to date. */
export async function openDatabase(
  settings: Config['database'],
  options: OpenOptions = {},
): Promise<Database> {
  const kysely = new Kysely<Schema>({ dialect: openSqlite(settings.path, options) })
  if (options.readonly !== true) {
    try {
      await migrate(kysely)
    } catch (cause) {
      await kysely.destroy()
      throw cause
    }
  }
  return { kysely, dialect: settings.dialect }
}

async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : JSON.stringify(error)
    throw new Error(`the database's schema cannot be brought up to date: ${reason}`, {
      cause: error,
    })
  }
}
