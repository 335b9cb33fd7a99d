import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createAuditLog } from '../server/admin/audit-repository.ts'
import { createTokenRepository } from '../server/admin/token-repository.ts'
import { createTokens } from '../server/admin/tokens.ts'
import { readConfig, type Config } from '../server/config.ts'
import { openDatabase, type Database } from '../server/database/database.ts'
import { createSealedKeyRepository } from '../server/models/sealed-key-repository.ts'
import { createKeyCare, ROTATED_PURPOSES } from '../server/secrets/key-care.ts'
import { readSecretFile } from '../server/secrets/secret-file.ts'
import { TOKEN_SCOPES } from '../shared/schemas/system.ts'
import { readKeysCommand } from './admin/keys.ts'
import { readTokenCommand } from './admin/token.ts'
import { UsageError } from './admin/usage.ts'

const USAGE = `usage: npm run admin -- token create [--scope ${TOKEN_SCOPES.join('|')}] [--name N]
       npm run admin -- token list
       npm run admin -- token revoke ID
       npm run admin -- keys list
       npm run admin -- keys rotate [--purpose ${ROTATED_PURPOSES.join('|')}]
       npm run admin -- keys prune [--force]`

type Command = (config: Config) => Promise<void>

/** Turns the arguments into what is to be done, before any file is touched. */
function readCommand([topic, verb, ...rest]: readonly string[]): Command {
  if (topic === 'token') {
    const command = readTokenCommand(verb, rest)
    return (config) =>
      withDatabase(config, ({ kysely }) => {
        const repository = createTokenRepository(kysely, createAuditLog(kysely))
        return command(createTokens({ repository, clock: Date.now }))
      })
  }
  if (topic === 'keys') {
    const command = readKeysCommand(verb, rest)
    return (config) => {
      const path = config.secretFile
      // Said before a database is made where there is none.
      const file = readSecretFile(path)
      if (!file.ok) throw new Error(file.error)
      return withDatabase(config, ({ kysely }) => {
        const repository = createSealedKeyRepository(kysely, createAuditLog(kysely))
        return command(createKeyCare({ path, repository, now: Date.now }))
      })
    }
  }
  throw new UsageError(`unknown command "${topic ?? ''}"`)
}

async function withDatabase(
  { database }: Config,
  act: (db: Database) => Promise<void>,
): Promise<void> {
  const isNew = !existsSync(database.path)
  const db = await openDatabase(database)
  const path = resolve(database.path)
  console.error(
    isNew
      ? `admin: a new database was made at ${path}: is DATABASE_URL the arena's?`
      : `admin: works on the database ${path}`,
  )
  try {
    await act(db)
  } finally {
    await db.kysely.destroy()
  }
}

/** @returns the exit code */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = readCommand(argv)
    const config = readConfig(process.env)
    if (!config.ok) throw new UsageError(config.error)
    await command(config.value)
    return 0
  } catch (cause) {
    console.error(`admin: ${cause instanceof Error ? cause.message : String(cause)}`)
    if (!(cause instanceof UsageError)) return 1
    console.error(USAGE)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
