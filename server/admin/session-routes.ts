import { stringifySetCookie } from 'cookie'
import { Router, type Router as ExpressRouter } from 'express'
import { failure } from '../../shared/errors.ts'
import { ADMIN_COOKIE } from '../../shared/protocol.ts'
import { signInSchema } from '../../shared/schemas/admin.ts'
import { FailureError } from '../http/failure.ts'
import type { Visitors } from '../http/visitors.ts'
import { sessionIdOf, type Auth } from './auth.ts'
import { originOf, type Origin } from './guessing.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { SignInLimit } from './sign-in-limit.ts'
import type { Tokens } from './tokens.ts'

type SessionRoutesDeps = {
  readonly tokens: Pick<Tokens, 'authenticate'>
  readonly sessions: Sessions
  readonly auth: Pick<Auth, 'requireSession'>
  readonly limit: SignInLimit
  readonly visitors: Visitors
  /** Keeps a refusal in the audit log. */
  readonly record: (kind: 'session', from: Origin) => Promise<void>
  /** Whether the arena is reached over TLS alone. */
  readonly secure: boolean
  readonly now: () => number
}

/** `/api/v1/admin/session`: signing in and out. Mounted under `/api/v1/admin`. */
export function createSessionRoutes(deps: SessionRoutesDeps): ExpressRouter {
  const { tokens, sessions, auth, limit, visitors, record, secure, now } = deps
  const cookie = (value: string, maxAge: number) =>
    stringifySetCookie(ADMIN_COOKIE, value, {
      path: '/api/v1/admin',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      maxAge,
    })

  const router = Router()
  router.post('/session', async (request, response) => {
    const { token } = signInSchema.parse(request.body)
    const from = originOf(request, visitors)
    await limit.take(from)
    const bearer = await tokens.authenticate(token)
    if (bearer === undefined) {
      await record('session', from)
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
