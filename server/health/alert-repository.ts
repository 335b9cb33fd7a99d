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
  /**
   * Ends all that hold of some kinds, and adds to their words why; the audit log knows nothing of it.
   *
   * @returns how many there were
   */
  close(kinds: readonly string[], at: number, why: string): Promise<number>
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
  /** What the arena itself takes out of the draw, or back, stands beside what people do to it. */
  async function recordDraw(
    trx: Kysely<Schema>,
    { kind, slug, message }: NewAlert,
    at: number,
    action: 'model.failing' | 'model.back',
  ): Promise<void> {
    if (kind !== 'failing' || slug === null) return
    const details = action === 'model.failing' ? { message } : undefined
    await audit.record({ at, actor: 'arena', action, subject: `model ${slug}`, details }, trx)
  }

  return {
    insert: (alert) =>
      kysely.transaction().execute(async (trx) => {
        const { id } = await trx
          .insertInto('alerts')
          .values({ ...alert, resolved_at: null, acknowledged_at: null, acknowledged_by: null })
          .returning('id')
          .executeTakeFirstOrThrow()
        await recordDraw(trx, alert, alert.at, 'model.failing')
        return id
      }),

    resolve: (id, at) =>
      kysely.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('alerts')
          .set({ resolved_at: at })
          .where('id', '=', id)
          .where('resolved_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (row !== undefined) await recordDraw(trx, row, at, 'model.back')
      }),

    async close(kinds, at, why) {
      const { numUpdatedRows } = await kysely
        .updateTable('alerts')
        .set((eb) => ({ resolved_at: at, message: eb('message', '||', why) }))
        .where('kind', 'in', kinds)
        .where('resolved_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
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
