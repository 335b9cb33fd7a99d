import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import express from 'express'
import { pino } from 'pino'
import { createAuth } from '../../../server/admin/auth.ts'
import { createAuditLog } from '../../../server/admin/audit-repository.ts'
import { createTokenRepository } from '../../../server/admin/token-repository.ts'
import { createAuditRoutes } from '../../../server/admin/audit-routes.ts'
import { createTokens, type Tokens } from '../../../server/admin/tokens.ts'
import { readConfig } from '../../../server/config.ts'
import { openDatabase } from '../../../server/database/database.ts'
import { problems } from '../../../server/http/problems.ts'
import { createCheckRoutes } from '../../../server/models/check-routes.ts'
import { createExchangeRoutes } from '../../../server/models/exchange/routes.ts'
import { createModels, type Models } from '../../../server/models/models.ts'
import { createAdminModelRoutes, createModelRoutes } from '../../../server/models/routes.ts'
import { parseAllowedHosts } from '../../../server/providers/allowed-hosts.ts'
import type { Resolve } from '../../../server/providers/endpoint-guard.ts'
import { loadSecrets } from '../../../server/secrets/secrets.ts'
import type { TokenScope } from '../../../shared/schemas/system.ts'
import { ManualSchedule } from './manual-schedule.ts'

/** The models and the administration of an arena, on a real database and behind real HTTP. */
export type TestArena = {
  readonly models: Models
  readonly tokens: Tokens
  readonly schedule: ManualSchedule
  readonly folder: string
  readonly url: string
  /** Everything that was logged. */
  log(): string
  /** Calls as somebody of a scope, or as nobody. */
  call(
    method: string,
    path: string,
    options?: { scope?: TokenScope | undefined; body?: unknown; token?: string },
  ): Promise<{ status: number; body: Record<string, unknown>; text: string }>
  /** Ends it and starts another on the same files. */
  restart(): Promise<TestArena>
  close(): Promise<void>
}

export type TestArenaOptions = {
  env?: Record<string, string>
  resolve?: Resolve
  folder?: string
}

const NO_RATINGS = { overall: null, accuracy: null, helpfulness: null, language: null }

export async function startTestArena(options: TestArenaOptions = {}): Promise<TestArena> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'trivium-models-')))
  const config = unwrap(
    readConfig({
      DATABASE_URL: `file:${join(folder, 'arena.db')}`,
      INFERENCE: 'off',
      SEED_MODELS: 'off',
      PROVIDER_ALLOWED_HOSTS: '127.0.0.1',
      FIRST_TOKEN_TIMEOUT_MS: '2000',
      ...options.env,
    }),
  )
  let logged = ''
  const sink = new Writable({
    write(bytes: Buffer, _encoding, done) {
      logged += bytes.toString()
      done()
    },
  })
  const log = pino({ level: 'trace' }, sink)
  const clock = () => Date.now()
  const db = await openDatabase(config.database)
  const secrets = unwrap(await loadSecrets(config.secretFile, clock()))
  const audit = createAuditLog(db.kysely)
  const tokens = createTokens({ repository: createTokenRepository(db.kysely, audit), clock })
  const auth = createAuth(tokens)
  const schedule = new ManualSchedule()
  const models = createModels({
    db,
    config,
    allowedHosts: unwrap(parseAllowedHosts(config.providerAllowedHosts)),
    sealer: secrets.sealer,
    audit,
    log,
    clock,
    schedule: schedule.schedule,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  })
  await models.start()

  const app = express()
  app.use(express.json())
  app.use(
    '/api/v1/models',
    createModelRoutes(
      models.service,
      () => Promise.resolve(() => NO_RATINGS),
      () => Promise.resolve({ complete: true, versions: [] }),
    ),
  )
  app.use('/api/v1/admin', createCheckRoutes(models, auth))
  app.use('/api/v1/admin/models', createExchangeRoutes(models.exchange, auth, audit, clock))
  app.use('/api/v1/admin/models', createAdminModelRoutes(models.service, auth))
  app.use('/api/v1/admin', createAuditRoutes(audit, auth))
  app.use(problems(log))
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const known = new Map<TokenScope, string>()

  const end = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await models.stop()
    await db.kysely.destroy()
  }

  return {
    models,
    tokens,
    schedule,
    folder,
    url,
    log: () => logged,

    async call(method, path, { scope, body, token } = {}) {
      if (scope !== undefined && !known.has(scope)) {
        known.set(scope, (await tokens.create({ name: `a ${scope}`, scope }, 'test')).token)
      }
      const bearer = token ?? (scope === undefined ? undefined : known.get(scope))
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
      return { status: response.status, body: parsed, text }
    },

    async restart() {
      await end()
      return startTestArena({ ...options, folder })
    },

    async close() {
      await end()
      await rm(folder, { recursive: true })
    },
  }
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(result.error)
  return result.value
}
