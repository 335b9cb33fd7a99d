import type { Request, RequestHandler } from 'express'
import { failure } from '../../shared/errors.ts'
import type { TokenScope } from '../../shared/schemas/system.ts'
import { FailureError } from '../http/failure.ts'
import type { Bearer, Tokens } from './tokens.ts'

/** Which scopes each scope includes: a ladder, and judges beside it. */
const INCLUDES: Readonly<Record<TokenScope, readonly TokenScope[]>> = {
  admin: ['admin', 'operator', 'read'],
  operator: ['operator', 'read'],
  read: ['read'],
  judge: ['judge'],
}

/** Whether a token may do what needs a scope. */
export function mayDo(bearer: Bearer, needed: TokenScope): boolean {
  return INCLUDES[bearer.scope].includes(needed)
}

/** Asks calls for their tokens. */
export type Auth = {
  /** Lets calls pass whose token has the scope; else 401 or 403. */
  requireScope(needed: TokenScope): RequestHandler
  /** Who makes a call without being asked to: for calls that tell some more. */
  bearerOf(request: Request): Promise<Bearer | undefined>
}

export function createAuth(tokens: Pick<Tokens, 'authenticate'>): Auth {
  const bearerOf = async (request: Request) => {
    const [, token] = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '') ?? []
    return token === undefined ? undefined : tokens.authenticate(token)
  }
  return {
    bearerOf,
    requireScope: (needed) => async (request, response, next) => {
      const bearer = await bearerOf(request)
      if (bearer === undefined) throw new FailureError(failure('unauthorized'))
      if (!mayDo(bearer, needed)) {
        const message = `This needs a token of scope ${needed}; yours has ${bearer.scope}.`
        throw new FailureError(failure('forbidden', message))
      }
      response.locals['bearer'] = bearer
      next()
    },
  }
}

/** Who passed `requireScope`, as the audit log names them. */
export function actorOf(locals: Record<string, unknown>): string {
  const bearer = locals['bearer'] as Bearer
  return `${bearer.name} (${bearer.id})`
}
