import express, { type Express, type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import type { Logger } from 'pino'
import { failure } from '../../shared/errors.ts'
import { docsRoutes } from './docs.ts'
import { FailureError } from './failure.ts'
import { createOpenApiDocument } from './openapi.ts'
import type { Limits } from './limits.ts'
import { onlyReads, type Origins } from './origins.ts'
import { notFound, problems } from './problems.ts'
import type { Visitors } from './visitors.ts'

/** Bodies are small: most of all a registration with a long system prompt. */
const MAX_BODY_BYTES = 256 * 1024
/** A file of models as a JSON string: 200,000 characters of several bytes, some of them escaped. */
const MAX_IMPORT_BYTES = 1024 * 1024

type AppDeps = {
  readonly origins: Origins
  readonly visitors: Visitors
  readonly limits: Limits
  readonly log: Logger
  readonly health: Router
  readonly models: Router
  readonly battles: Router
  readonly exports: Router
  readonly admin: Router
  readonly metrics: Router
  readonly pages: Router
}

/** The HTTP side of the arena; boards are answered before it. */
export function createApp(deps: AppDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  // Express would hash every body for it and send it all the same.
  app.set('etag', false)
  app.use(securityHeaders(deps.origins.secure))
  app.use(refuseForeignOrigins(deps.origins))

  app.use('/health', deps.health)
  const openApi = JSON.stringify(createOpenApiDocument())
  app.get('/api/v1/openapi.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('json').send(openApi)
  })
  app.use('/api/v1', limitCalls(deps))
  app.use('/api/v1/exports', deps.exports)
  // What does not exist there is answered here: boards, pairs and exports make nobody known.
  app.use(['/api/v1/exports', '/api/v1/leaderboard', '/api/v1/pairs'], notFound)

  app.use('/api/v1/admin/models/import', express.json({ limit: MAX_IMPORT_BYTES }))
  app.use('/api/v1', express.json({ limit: MAX_BODY_BYTES }), knowVisitor(deps.visitors))
  app.use('/api/v1/models', deps.models)
  app.use('/api/v1/battles', deps.battles)
  app.use('/api/v1/admin', deps.admin)
  app.use('/api', notFound)
  app.use('/metrics', deps.metrics)
  app.use('/docs', docsRoutes())
  app.use(deps.pages)
  app.use(notFound)
  app.use(problems(deps.log))
  return app
}

/** Everything comes from here: what a model writes can load nothing, run nothing, style nothing. */
function securityHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** Whatever changes something must come from our own page, or not from a browser at all. */
function refuseForeignOrigins(origins: Origins): RequestHandler {
  return (request, _response, next) => {
    if (!onlyReads(request.method) && !origins.allows(request.headers.origin)) {
      throw new FailureError(failure('forbidden', 'Calls from other sites are refused.'))
    }
    next()
  }
}

/** Keeps one caller from reading the arena away from everybody else. */
function limitCalls({ limits, visitors }: Pick<AppDeps, 'limits' | 'visitors'>): RequestHandler {
  return async (request, _response, next) => {
    const address = request.socket.remoteAddress ?? ''
    const limited = await limits.take('read', visitors.of(request).hash, address)
    if (!limited.ok) throw new FailureError(limited.error)
    next()
  }
}

/** Makes whoever calls known from now on; such answers belong to one visitor alone. */
function knowVisitor(visitors: Visitors): RequestHandler {
  return (request, response, next) => {
    const { setCookie } = visitors.of(request)
    if (setCookie !== undefined) response.append('Set-Cookie', setCookie)
    response.set('Cache-Control', 'no-store')
    next()
  }
}
