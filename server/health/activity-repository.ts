import type { Database } from '../database/database.ts'
import { transactUnsynced } from '../database/unsynced.ts'
import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema.ts'

export type ActivityRow = Selectable<Schema['model_activity']>

/** What a model took over all its time. */
export type ActivityTotal = { readonly slug: string; readonly cost: number }

/** Where the hours of models are kept. */
export type ActivityRepository = {
  /** Writes hours as they are now. What goes with the power is the last second of statistics. */
  save(rows: readonly ActivityRow[]): Promise<void>
  /** The hours from a moment on. */
  load(since: number): Promise<ActivityRow[]>
  totals(): Promise<ActivityTotal[]>
}

/** Rows of one statement. */
const ROWS_AT_ONCE = 100

export function createActivityRepository(db: Database): ActivityRepository {
  const { kysely } = db
  return {
    save: (rows) =>
      transactUnsynced(db, async (trx) => {
        for (const some of chunks(rows)) {
          await trx
            .insertInto('model_activity')
            .values(some)
            .onConflict((conflict) =>
              conflict.columns(['slug', 'hour']).doUpdateSet((eb) => ({
                answers: eb.ref('excluded.answers'),
                failures: eb.ref('excluded.failures'),
                input_tokens: eb.ref('excluded.input_tokens'),
                output_tokens: eb.ref('excluded.output_tokens'),
                cost: eb.ref('excluded.cost'),
                first_token: eb.ref('excluded.first_token'),
                speed: eb.ref('excluded.speed'),
              })),
            )
            .execute()
        }
      }),

    load: (since) =>
      kysely.selectFrom('model_activity').selectAll().where('hour', '>=', since).execute(),

    totals: () =>
      kysely
        .selectFrom('model_activity')
        .select((eb) => ['slug', eb.fn.sum<number>('cost').as('cost')])
        .groupBy('slug')
        .execute(),
  }
}

function chunks<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE)
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  )
}
