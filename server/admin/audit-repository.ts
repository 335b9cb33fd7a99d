import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { AuditLog } from './audit.ts'

/** Acts that only ask models for an answer. */
const TRIES = ['model.try', 'model.check', 'model.check-all']

/** Keeps the audit log in the database. */
export function createAuditLog(kysely: Kysely<Schema>): AuditLog {
  return {
    async record({ at, actor, action, subject, details }, executor = kysely) {
      const written =
        details === undefined || Object.keys(details).length === 0 ? null : JSON.stringify(details)
      // The number is given inside the statement, so that two processes cannot give it twice.
      await executor
        .insertInto('audit_log')
        .columns(['id', 'at', 'actor', 'action', 'subject', 'details'])
        .expression((eb) =>
          eb
            .selectFrom('audit_log')
            .select((e) => [
              e(e.fn.coalesce(e.fn.max('id'), e.lit(0)), '+', e.lit(1)).as('id'),
              e.cast<number>(e.val(at), 'bigint').as('at'),
              e.cast<string>(e.val(actor), 'text').as('actor'),
              e.cast<string>(e.val(action), 'text').as('action'),
              e.cast<string>(e.val(subject), 'text').as('subject'),
              e.cast<string | null>(e.val(written), 'text').as('details'),
            ]),
        )
        .execute()
    },

    async list({ limit, cursor, action, subject, tries }) {
      const rows = await kysely
        .selectFrom('audit_log')
        .selectAll()
        .$if(cursor !== undefined, (query) => query.where('id', '<', Number(cursor)))
        .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
        .$if(subject !== undefined, (query) =>
          query.where('subject', 'in', subjectsOf(subject ?? '')),
        )
        .$if(tries === '0', (query) => query.where('action', 'not in', TRIES))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const items = rows.slice(0, limit).map(({ at, details, ...row }) => ({
        ...row,
        at: new Date(at).toISOString(),
        details: details === null ? null : (JSON.parse(details) as Record<string, unknown>),
      }))
      return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null }
    },
  }
}

/** How a subject may be written in the log, if it was asked for by its name alone. */
function subjectsOf(name: string): string[] {
  return [name, `model ${name}`, `token ${name}`]
}
