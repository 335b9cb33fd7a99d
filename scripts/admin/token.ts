import type { Tokens } from '../../server/admin/tokens.ts'
import { TOKEN_SCOPES, type TokenScope } from '../../shared/schemas/system.ts'
import { ACTOR, readOptions, UsageError } from './usage.ts'

const MAX_NAME_CHARACTERS = 80

type TokenCommand = (tokens: Tokens) => Promise<void>

/** `token create`, `token list`, `token revoke ID`. */
export function readTokenCommand(verb: string | undefined, rest: string[]): TokenCommand {
  if (verb === 'create') return create(rest)
  if (verb === 'list' && rest.length === 0) return list
  if (verb === 'revoke' && rest.length === 1 && rest[0] !== undefined) return revoke(rest[0])
  throw new UsageError(`cannot read "token ${[verb, ...rest].join(' ')}"`)
}

function create(args: string[]): TokenCommand {
  const { scope, name } = readOptions(args, {
    scope: { type: 'string', default: 'admin' },
    name: { type: 'string', default: 'unnamed' },
  })
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

function isScope(text: string): text is TokenScope {
  return (TOKEN_SCOPES as readonly string[]).includes(text)
}

const list: TokenCommand = async (tokens) => {
  for (const { id, scope, name, createdAt, revokedAt } of await tokens.list()) {
    const revoked = revokedAt === null ? '' : `\trevoked ${new Date(revokedAt).toISOString()}`
    console.log(`${id}\t${scope}\t${name}\t${new Date(createdAt).toISOString()}${revoked}`)
  }
}

function revoke(id: string): TokenCommand {
  return async (tokens) => {
    if ((await tokens.revoke(id, ACTOR)) === 'unknown') throw new Error(`there is no token ${id}`)
    console.error(`Token ${id} is revoked.`)
  }
}
