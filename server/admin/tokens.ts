import { createHash, randomBytes } from 'node:crypto'
import type { TokenScope } from '../../shared/schemas/system.ts'
import type { Revocation, TokenRepository, TokenRow } from './token-repository.ts'

const TOKEN_PREFIX = 'trv_'
const TOKEN_BYTES = 32
const ID_BYTES = 6
/** Nobody sends more; hashing has to stay cheap. */
const MAX_TOKEN_CHARACTERS = 1024

/** The name that the token of the setting `ADMIN_TOKEN` goes by. */
export const BOOTSTRAP_NAME = 'ADMIN_TOKEN'

/** Who makes a call, by which token. */
export type Bearer = { readonly id: string; readonly name: string; readonly scope: TokenScope }

/** Who bears a token, as the audit log names them. */
export function nameOf({ name, id }: Bearer): string {
  return `${name} (${id})`
}

/** Tokens of administrators, operators, judges and readers. Only their hashes are kept. */
export type Tokens = {
  /** @returns the token itself, which is shown this once */
  create(
    input: { name: string; scope: TokenScope },
    actor: string,
  ): Promise<TokenRow & { token: string }>
  /** Who bears this token; asked of the database each time, so that a revocation holds at once. */
  authenticate(token: string): Promise<Bearer | undefined>
  list(): Promise<TokenRow[]>
  /** @param options.spareLast refuses to revoke the only admin token that is left */
  revoke(id: string, actor: string, options?: { spareLast: boolean }): Promise<Revocation>
  /** Lets the token of the settings in, once: it stays out if it was revoked since. */
  bootstrap(token: string): Promise<'added' | 'known' | 'revoked'>
}

export function createTokens(deps: { repository: TokenRepository; clock: () => number }): Tokens {
  const { repository, clock } = deps
  const insert = async (token: string, name: string, scope: TokenScope, actor: string) => {
    const id = randomBytes(ID_BYTES).toString('hex')
    const row: TokenRow = { id, name, scope, createdAt: clock(), revokedAt: null }
    return { row, added: await repository.insert({ ...row, hash: hashOf(token) }, actor) }
  }

  return {
    async create({ name, scope }, actor) {
      const token = `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
      const { row } = await insert(token, name, scope, actor)
      return { ...row, token }
    },

    async authenticate(token) {
      if (token.length > MAX_TOKEN_CHARACTERS) return undefined
      // Found by its hash: how long that takes says nothing of the token.
      const row = await repository.findByHash(hashOf(token))
      if (row === undefined || row.revokedAt !== null) return undefined
      return { id: row.id, name: row.name, scope: row.scope }
    },

    list: () => repository.list(),
    revoke: (id, actor, { spareLast } = { spareLast: false }) =>
      repository.revoke(id, clock(), actor, spareLast),

    async bootstrap(token) {
      const { added } = await insert(token, BOOTSTRAP_NAME, 'admin', 'settings')
      if (added) return 'added'
      const row = await repository.findByHash(hashOf(token))
      return row?.revokedAt === null ? 'known' : 'revoked'
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
