import type { Kysely } from 'kysely'
import type { TokenScope } from '../../shared/schemas/system.ts'
import type { Schema } from '../database/schema.ts'
import type { AuditLog } from './audit.ts'

export type TokenRow = {
  readonly id: string
  readonly name: string
  readonly scope: TokenScope
  readonly createdAt: number
  readonly revokedAt: number | null
}

/** Where tokens are kept: as hashes. */
export type TokenRepository = {
  /** @returns whether it was added; it was not if there is one of the same hash */
  insert(token: TokenRow & { hash: string }, actor: string): Promise<boolean>
  findByHash(hash: string): Promise<TokenRow | undefined>
  list(): Promise<TokenRow[]>
  /** @returns whether there is such a token; one revoked before keeps its time */
  revoke(id: string, at: number, actor: string): Promise<boolean>
}

const TOKEN_COLUMNS = [
  'id',
  'name',
  'scope',
  'created_at as createdAt',
  'revoked_at as revokedAt',
] as const

export function createTokenRepository(kysely: Kysely<Schema>, audit: AuditLog): TokenRepository {
  return {
    insert(token, actor) {
      return kysely.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('tokens')
          .values({
            id: token.id,
            name: token.name,
            scope: token.scope,
            hash: token.hash,
            created_at: token.createdAt,
            revoked_at: null,
          })
          .onConflict((conflict) => conflict.column('hash').doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) return false
        const entry = {
          at: token.createdAt,
          actor,
          action: 'token.create',
          subject: `token ${token.id}`,
          details: { name: token.name, scope: token.scope },
        }
        await audit.record(entry, trx)
        return true
      })
    },

    findByHash: (hash) =>
      kysely.selectFrom('tokens').select(TOKEN_COLUMNS).where('hash', '=', hash).executeTakeFirst(),

    list: () =>
      kysely
        .selectFrom('tokens')
        .select(TOKEN_COLUMNS)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    revoke(id, at, actor) {
      return kysely.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('tokens')
          .set({ revoked_at: at })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 1n) {
          await audit.record({ at, actor, action: 'token.revoke', subject: `token ${id}` }, trx)
          return true
        }
        const found = await trx
          .selectFrom('tokens')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst()
        return found !== undefined
      })
    },
  }
}
