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

/** What became of a token that was to be revoked; `last`: it is the only admin token that is left. */
export type Revocation = 'revoked' | 'unknown' | 'last'

/** Where tokens are kept: as hashes. */
export type TokenRepository = {
  /** @returns whether it was added; it was not if there is one of the same hash */
  insert(token: TokenRow & { hash: string }, actor: string): Promise<boolean>
  findByHash(hash: string): Promise<TokenRow | undefined>
  list(): Promise<TokenRow[]>
  /**
   * One revoked before keeps its time.
   *
   * @param spareLast leaves the only admin token that is left alone
   */
  revoke(id: string, at: number, actor: string, spareLast: boolean): Promise<Revocation>
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

    revoke(id, at, actor, spareLast) {
      return kysely.transaction().execute(async (trx): Promise<Revocation> => {
        const token = await trx
          .selectFrom('tokens')
          .select(TOKEN_COLUMNS)
          .where('id', '=', id)
          .executeTakeFirst()
        if (token === undefined) return 'unknown'
        if (token.revokedAt !== null) return 'revoked'
        if (spareLast && token.scope === 'admin' && !(await hasOtherAdmin(trx, id))) return 'last'
        await trx.updateTable('tokens').set({ revoked_at: at }).where('id', '=', id).execute()
        const entry = {
          at,
          actor,
          action: 'token.revoke',
          subject: `token ${id}`,
          details: { name: token.name, scope: token.scope },
        }
        await audit.record(entry, trx)
        return 'revoked'
      })
    },
  }
}

async function hasOtherAdmin(trx: Kysely<Schema>, id: string): Promise<boolean> {
  const other = await trx
    .selectFrom('tokens')
    .select('id')
    .where('scope', '=', 'admin')
    .where('revoked_at', 'is', null)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}
