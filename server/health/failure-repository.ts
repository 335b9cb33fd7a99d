import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { transactUnsynced } from '../database/unsynced.ts'

export type NewFailure = Insertable<Schema['model_failures']>
export type FailureRow = Selectable<Schema['model_failures']>

export type FailureFilter = {
  readonly limit: number
  /** Only those before this number. */
  readonly before?: number | undefined
  readonly model?: string | undefined
  readonly kind?: string | undefined
  readonly battleId?: string | undefined
}

/** Where failures of models are kept. */
export type FailureRepository = {
  insert(rows: readonly NewFailure[]): Promise<void>
  /** The newest first. */
  list(filter: FailureFilter): Promise<FailureRow[]>
  get(id: number): Promise<FailureRow | undefined>
  /** Lets go of those before a moment, and of all but so many of the others. */
  prune(before: number, keep: number): Promise<void>
}

/** Rows of one statement. */
const ROWS_AT_ONCE = 100

export function createFailureRepository(db: Database): FailureRepository {
  const { kysely } = db
  return {
    insert: (rows) =>
      transactUnsynced(db, async (trx) => {
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
          const some = rows.slice(from, from + ROWS_AT_ONCE)
          await trx.insertInto('model_failures').values(some).execute()
        }
      }),

    list: ({ limit, before, model, kind, battleId }) =>
      kysely
        .selectFrom('model_failures')
        .selectAll()
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
        .$if(model !== undefined, (query) => query.where('slug', '=', model ?? ''))
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
        .$if(battleId !== undefined, (query) => query.where('battle_id', '=', battleId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    get: (id) =>
      kysely.selectFrom('model_failures').selectAll().where('id', '=', id).executeTakeFirst(),

    async prune(before, keep) {
      await kysely.deleteFrom('model_failures').where('at', '<', before).execute()
      const oldest = await kysely
        .selectFrom('model_failures')
        .select('id')
        .orderBy('id', 'desc')
        .offset(keep)
        .limit(1)
        .executeTakeFirst()
      if (oldest === undefined) return
      await kysely.deleteFrom('model_failures').where('id', '<=', oldest.id).execute()
    },
  }
}
