import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { AuditLog, AuditRecord } from './audit.ts'
import type { Bearer } from './tokens.ts'

/** A session as it is kept: by the hash of what the cookie holds. */
export type SessionRow = {
  readonly idHash: string
  readonly tokenId: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** Where sessions of the console are kept. */
export type SessionRepository = {
  insert(session: SessionRow, entry: AuditRecord): Promise<void>
  /** Whose session it is, while it lasts and its token is not revoked. */
  find(idHash: string, now: number): Promise<{ bearer: Bearer; expiresAt: number } | undefined>
  remove(idHash: string, entry: AuditRecord): Promise<void>
  /** Forgets sessions that are over, or whose token is. */
  prune(now: number): Promise<void>
}

export function createSessionRepository(
  kysely: Kysely<Schema>,
  audit: Pick<AuditLog, 'record'>,
): SessionRepository {
  return {
    insert({ idHash, tokenId, createdAt, expiresAt }, entry) {
      return kysely.transaction().execute(async (trx) => {
        const row = {
          id_hash: idHash,
          token_id: tokenId,
          created_at: createdAt,
          expires_at: expiresAt,
        }
        await trx.insertInto('admin_sessions').values(row).execute()
        await audit.record(entry, trx)
      })
    },

    async find(idHash, now) {
      const row = await kysely
        .selectFrom('admin_sessions')
        .innerJoin('tokens', 'tokens.id', 'admin_sessions.token_id')
        .select(['tokens.id', 'tokens.name', 'tokens.scope', 'admin_sessions.expires_at'])
        .where('id_hash', '=', idHash)
        .where('expires_at', '>', now)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { expires_at: expiresAt, ...bearer } = row
      return { bearer, expiresAt }
    },

    remove(idHash, entry) {
      return kysely.transaction().execute(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('admin_sessions')
          .where('id_hash', '=', idHash)
          .executeTakeFirstOrThrow()
        if (numDeletedRows > 0n) await audit.record(entry, trx)
      })
    },

    async prune(now) {
      await kysely
        .deleteFrom('admin_sessions')
        .where((eb) =>
          eb.or([
            eb('expires_at', '<=', now),
            eb(
              'token_id',
              'in',
              eb.selectFrom('tokens').select('id').where('revoked_at', 'is not', null),
            ),
          ]),
        )
        .execute()
    },
  }
}
