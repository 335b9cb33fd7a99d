import { Router, type Router as ExpressRouter } from 'express'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import type { Origins } from '../http/origins.ts'
import type { Visitors } from '../http/visitors.ts'
import type { AuditLog } from './audit.ts'
import { createAuth, type Auth } from './auth.ts'
import { createAuditRoutes } from './audit-routes.ts'
import { createRefusalRecord } from './guessing.ts'
import { createSessionRepository } from './session-repository.ts'
import { createSessionRoutes } from './session-routes.ts'
import { createSessions } from './sessions.ts'
import { createSignInLimit } from './sign-in-limit.ts'
import { createTokenGuard } from './token-guard.ts'
import { createTokenRoutes } from './token-routes.ts'
import type { Tokens } from './tokens.ts'

type AccessDeps = {
  readonly db: Pick<Database, 'kysely'>
  readonly config: Pick<Config, 'adminSessionMs' | 'allowedOrigins' | 'rateLimits'>
  readonly tokens: Tokens
  readonly audit: AuditLog
  readonly visitors: Visitors
  readonly origins: Pick<Origins, 'secure'>
  readonly now: () => number
}

/** Who may administer, composed: sessions, tokens and the audit log. */
export type Access = {
  readonly auth: Auth
  /** To be mounted under `/api/v1/admin`. */
  readonly routes: ExpressRouter
}

export function createAccess(deps: AccessDeps): Access {
  const { db, config, tokens, audit, visitors, origins, now } = deps
  const sessions = createSessions({
    repository: createSessionRepository(db.kysely, audit),
    lifetimeMs: config.adminSessionMs,
    now,
  })
  const enabled = config.rateLimits
  const behindProxy = config.allowedOrigins.length > 0
  const record = createRefusalRecord({ audit, limited: enabled, now })
  const guard = createTokenGuard({ enabled, behindProxy, visitors, record })
  const auth = createAuth(tokens, sessions, guard)
  const limit = createSignInLimit(enabled, behindProxy)
  const { secure } = origins
  const routes = Router()
  routes.use(
    createSessionRoutes({ tokens, sessions, auth, limit, visitors, record, secure, now }),
    createTokenRoutes(tokens, auth),
    createAuditRoutes(audit, auth),
  )
  return { auth, routes }
}
