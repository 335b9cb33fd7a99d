import { parseCookie } from 'cookie'
import type { Request, RequestHandler } from 'express'
import { failure } from '../../shared/errors.ts'
import { ADMIN_COOKIE, CSRF_HEADER } from '../../shared/protocol.ts'
import type { TokenScope } from '../../shared/schemas/system.ts'
import { FailureError } from '../http/failure.ts'
import { onlyReads } from '../http/origins.ts'
import { provesOrigin, type Sessions, type SignedIn } from './sessions.ts'
import type { TokenGuard } from './token-guard.ts'
import { nameOf, type Bearer, type Tokens } from './tokens.ts'

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

/** Asks calls who makes them: programs show a token, browsers the cookie of a session. */
export type Auth = {
  /** Lets calls pass whose token or session has the scope; else 401 or 403, or 429 for guessing. */
  requireScope(needed: TokenScope): RequestHandler
  /** Lets calls of signed-in browsers pass, whatever their scope; else 401 or 403. */
  requireSession: RequestHandler
  /** Who makes a call without being asked to: for calls that tell some more. */
  bearerOf(request: Request): Promise<Bearer | undefined>
}

/** @param guard keeps callers from trying tokens out */
export function createAuth(
  tokens: Pick<Tokens, 'authenticate'>,
  sessions?: Pick<Sessions, 'find'>,
  guard?: TokenGuard,
): Auth {
  const bearerOf = async (request: Request) => {
    const [, token] = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined) return undefined
    const find = () => tokens.authenticate(token)
    return guard === undefined ? find() : guard.watch(request, find)
  }

  async function sessionOf(request: Request): Promise<SignedIn | undefined> {
    const id = sessionIdOf(request)
    const session = id === undefined ? undefined : await sessions?.find(id)
    if (session === undefined || onlyReads(request.method)) return session
    if (provesOrigin(session, request.get(CSRF_HEADER))) return session
    const message = `This call needs the header ${CSRF_HEADER} with the token of the session.`
    throw new FailureError(failure('forbidden', message))
  }

  /** Whoever shows a token is who it says: a wrong one is not made good by a cookie. */
  async function callerOf(request: Request): Promise<Bearer | undefined> {
    if (/^Bearer\b/i.test(request.headers.authorization ?? '')) return bearerOf(request)
    return (await sessionOf(request))?.bearer
  }

  return {
    bearerOf,

    requireScope: (needed) => async (request, response, next) => {
      const bearer = await callerOf(request)
      if (bearer === undefined) throw new FailureError(failure('unauthorized'))
      if (!mayDo(bearer, needed)) {
        const message = `This needs a token of scope ${needed}; yours has ${bearer.scope}.`
        throw new FailureError(failure('forbidden', message))
      }
      response.locals['bearer'] = bearer
      next()
    },

    requireSession: async (request, response, next) => {
      const session = await sessionOf(request)
      if (session === undefined) {
        throw new FailureError(failure('unauthorized', 'Nobody is signed in here.'))
      }
      response.locals['session'] = session
      next()
    },
  }
}

/** What the cookie of a session holds, if there is one. */
export function sessionIdOf(request: Pick<Request, 'headers'>): string | undefined {
  const header = request.headers.cookie
  return header === undefined ? undefined : parseCookie(header)[ADMIN_COOKIE]
}

/** Who passed `requireScope`, as the audit log names them. */
export function actorOf(locals: Record<string, unknown>): string {
  return nameOf(locals['bearer'] as Bearer)
}
