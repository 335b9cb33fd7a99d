import { parseArgs } from 'node:util'
import { createAuditLog } from '../server/admin/audit-repository.ts'
import { createTokenRepository } from '../server/admin/token-repository.ts'
import { createTokens, type Tokens } from '../server/admin/tokens.ts'
import { readConfig } from '../server/config.ts'
import { openDatabase } from '../server/database/database.ts'
import { TOKEN_SCOPES, type TokenScope } from '../shared/schemas/system.ts'

const USAGE = `usage: npm run admin -- token create [--scope ${TOKEN_SCOPES.join('|')}] [--name N]
       npm run admin -- token list
       npm run admin -- token revoke ID`

const ACTOR = 'command line'
const MAX_NAME_CHARACTERS = 80

/** What was typed cannot be understood. */
class UsageError extends Error {}

type Command = (tokens: Tokens) => Promise<void>

/** Turns the arguments into what is to be done, before any file is touched. */
function readCommand(argv: readonly string[]): Command {
  const [topic, verb, ...rest] = argv
  if (topic !== 'token') throw new UsageError(`unknown command "${topic ?? ''}"`)
  if (verb === 'create') return create(rest)
  if (verb === 'list' && rest.length === 0) return list
  if (verb === 'revoke' && rest.length === 1 && rest[0] !== undefined) return revoke(rest[0])
  throw new UsageError(`cannot read "token ${argv.slice(1).join(' ')}"`)
}

function create(args: string[]): Command {
  const { scope, name } = readOptions(args)
  if (!isScope(scope)) throw new UsageError(`--scope must be one of ${TOKEN_SCOPES.join(', ')}`)
  if (name.trim() === '' || name.length > MAX_NAME_CHARACTERS || /\p{Cc}/u.test(name)) {
    throw new UsageError(`--name must be one line of 1 to ${MAX_NAME_CHARACTERS} characters`)
  }
  return async (tokens) => {
    const { id, token } = await tokens.create({ scope, name }, ACTOR)
    console.error(`Token ${id} (${scope}, ${name}) is shown this once:`)
    console.log(token)
  }
}

function readOptions(args: string[]): { scope: string; name: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        scope: { type: 'string', default: 'admin' },
        name: { type: 'string', default: 'unnamed' },
      },
    })
    return values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}

function isScope(text: string): text is TokenScope {
  return (TOKEN_SCOPES as readonly string[]).includes(text)
}

const list: Command = async (tokens) => {
  for (const { id, scope, name, createdAt, revokedAt } of await tokens.list()) {
    const revoked = revokedAt === null ? '' : `\trevoked ${new Date(revokedAt).toISOString()}`
    console.log(`${id}\t${scope}\t${name}\t${new Date(createdAt).toISOString()}${revoked}`)
  }
}

function revoke(id: string): Command {
  return async (tokens) => {
    if ((await tokens.revoke(id, ACTOR)) === 'unknown') throw new Error(`there is no token ${id}`)
    console.error(`Token ${id} is revoked.`)
  }
}

/** @returns the exit code */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = readCommand(argv)
    const config = readConfig(process.env)
    if (!config.ok) throw new UsageError(config.error)
    const { kysely } = await openDatabase(config.value.database)
    try {
      const repository = createTokenRepository(kysely, createAuditLog(kysely))
      await command(createTokens({ repository, clock: Date.now }))
    } finally {
      await kysely.destroy()
    }
    return 0
  } catch (cause) {
    console.error(`admin: ${cause instanceof Error ? cause.message : String(cause)}`)
    if (!(cause instanceof UsageError)) return 1
    console.error(USAGE)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
