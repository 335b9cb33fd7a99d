import { stringifySetCookie } from 'cookie'
import { Router, type Request, type Router as ExpressRouter } from 'express'
import { failure } from '../../shared/errors.ts'
import { ADMIN_COOKIE } from '../../shared/protocol.ts'
import { signInSchema } from '../../shared/schemas/admin.ts'
import { FailureError } from '../http/failure.ts'
import type { Visitors } from '../http/visitors.ts'
import type { AuditLog } from './audit.ts'
import { sessionIdOf, type Auth } from './auth.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { Origin, SignInLimit } from './sign-in-limit.ts'
import type { Tokens } from './tokens.ts'

type SessionRoutesDeps = {
  readonly tokens: Pick<Tokens, 'authenticate'>
  readonly sessions: Sessions
  readonly auth: Pick<Auth, 'requireSession'>
  readonly limit: SignInLimit
  readonly visitors: Visitors
  readonly audit: Pick<AuditLog, 'record'>
  /** Whether the arena is reached over TLS alone. */
  readonly secure: boolean
  readonly now: () => number
}

/** `/api/v1/admin/session`: signing in and out. Mounted under `/api/v1/admin`. */
export function createSessionRoutes(deps: SessionRoutesDeps): ExpressRouter {
  const { tokens, sessions, auth, limit, visitors, audit, secure, now } = deps
  const cookie = (value: string, maxAge: number) =>
    stringifySetCookie(ADMIN_COOKIE, value, {
      path: '/api/v1/admin',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      maxAge,
    })

  const recordRefusal = ({ address }: Origin) =>
    audit.record({
      at: now(),
      actor: 'nobody',
      action: 'session.refuse',
      subject: 'session',
      details: { address },
    })

  const router = Router()
  router.post('/session', async (request, response) => {
    const { token } = signInSchema.parse(request.body)
    const from = originOf(request, visitors)
    await limit.take(from)
    const bearer = await tokens.authenticate(token)
    if (bearer === undefined) {
      if (await limit.isToBeRecorded()) await recordRefusal(from)
      throw new FailureError(failure('unauthorized', 'This token is wrong, or has been revoked.'))
    }
    await limit.forgive(from)
    if (bearer.scope === 'judge') {
      const message = 'A token of scope judge gives votes; there is nothing here for it.'
      throw new FailureError(failure('forbidden', message))
    }
    const before = sessionIdOf(request)
    const stale = before === undefined ? undefined : await sessions.find(before)
    if (before !== undefined && stale !== undefined) await sessions.close(before, stale.bearer)
    const { id, view } = await sessions.open(bearer)
    const lifetimeS = Math.floor((Date.parse(view.expiresAt) - now()) / 1000)
    response.append('Set-Cookie', cookie(id, lifetimeS)).json(view)
  })
  router.get('/session', auth.requireSession, (_request, response) => {
    response.json((response.locals['session'] as SignedIn).view)
  })
  router.delete('/session', auth.requireSession, async (request, response) => {
    const { bearer } = response.locals['session'] as SignedIn
    await sessions.close(sessionIdOf(request) ?? '', bearer)
    response.append('Set-Cookie', cookie('', 0)).status(204).end()
  })
  return router
}

function originOf(request: Request, visitors: Visitors): Origin {
  const { hash, setCookie } = visitors.of(request)
  // A visitor who is only now being made known can be somebody new at every call.
  return {
    address: request.socket.remoteAddress ?? '',
    visitor: setCookie === undefined ? hash : undefined,
  }
}
