import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** What a commit does beside being made, statement by statement. */
const SETTINGS: Record<Database['dialect'], Record<'synced' | 'unsynced', readonly string[]>> = {
  sqlite: {
    synced: ['pragma synchronous = full', 'pragma wal_autocheckpoint = 1000'],
    // NORMAL leaves the file whole whatever happens, but the last commits may go with the power.
    // What the log of writes holds (in pages) is moved into the file where no voter waits for it,
    // and by so little that the thread is not held up: 1000 pages at once take 10 ms and more.
    unsynced: ['pragma synchronous = normal', 'pragma wal_autocheckpoint = 128'],
  },
}

/**
 * A transaction whose commit does not wait for the disk: for what can be made again from what is
 * durable, and for nothing else. A later commit of anything durable takes it to the disk as well.
 *
 * The connection is held for as long as this takes, so that no other commit runs under the same
 * setting; where it cannot be set back, this rejects.
 */
export function transactUnsynced<T>(
  { kysely, dialect }: Database,
  work: (trx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return kysely.connection().execute(async (connection) => {
    const set = async (how: 'synced' | 'unsynced') => {
      for (const statement of SETTINGS[dialect][how]) await run(connection, statement)
    }
    try {
      await set('unsynced')
      return await connection.transaction().execute(work)
    } finally {
      await set('synced')
    }
  })
}

async function run(connection: Kysely<Schema>, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement))
}
