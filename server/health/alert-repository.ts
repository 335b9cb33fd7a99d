import type { Kysely, Selectable } from 'kysely'
import type { AuditLog } from '../admin/audit.ts'
import type { Schema } from '../database/schema.ts'

export type AlertRow = Selectable<Schema['alerts']>
export type NewAlert = Pick<AlertRow, 'at' | 'kind' | 'slug' | 'message'>

/** Where alerts are kept. */
export type AlertRepository = {
  /** @returns its number */
  insert(alert: NewAlert): Promise<number>
  resolve(id: number, at: number): Promise<void>
  /** The newest first. */
  list(filter: { limit: number; before?: number | undefined; active: boolean }): Promise<AlertRow[]>
  /** All that hold. */
  active(): Promise<AlertRow[]>
  /** The first to acknowledge it stays the one who did. @returns the alert as it is then */
  acknowledge(id: number, at: number, actor: string): Promise<AlertRow | undefined>
  /** Lets go of those that were over before a moment. */
  prune(before: number): Promise<void>
}

export function createAlertRepository(kysely: Kysely<Schema>, audit: AuditLog): AlertRepository {
  return {
    async insert(alert) {
      const { id } = await kysely
        .insertInto('alerts')
        .values({ ...alert, resolved_at: null, acknowledged_at: null, acknowledged_by: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    async resolve(id, at) {
      await kysely.updateTable('alerts').set({ resolved_at: at }).where('id', '=', id).execute()
    },

    list: ({ limit, before, active }) =>
      kysely
        .selectFrom('alerts')
        .selectAll()
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
        .$if(active, (query) => query.where('resolved_at', 'is', null))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    active: () =>
      kysely
        .selectFrom('alerts')
        .selectAll()
        .where('resolved_at', 'is', null)
        .orderBy('id')
        .execute(),

    acknowledge: (id, at, actor) =>
      kysely.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('alerts')
          .set({ acknowledged_at: at, acknowledged_by: actor })
          .where('id', '=', id)
          .where('acknowledged_at', 'is', null)
          .executeTakeFirstOrThrow()
        const row = await trx
          .selectFrom('alerts')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst()
        if (row !== undefined && numUpdatedRows === 1n) {
          const details = { kind: row.kind, model: row.slug }
          const act = { at, actor, action: 'alert.acknowledge', subject: `alert ${id}`, details }
          await audit.record(act, trx)
        }
        return row
      }),

    async prune(before) {
      await kysely.deleteFrom('alerts').where('resolved_at', '<', before).execute()
    },
  }
}
