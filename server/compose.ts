import { createServer, type Server as HttpServer } from 'node:http'
import { join } from 'node:path'
import { Router } from 'express'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { failure } from '../shared/errors.ts'
import { createAccess } from './admin/access.ts'
import { createAuditLog } from './admin/audit-repository.ts'
import { mayDo } from './admin/auth.ts'
import { createAdminBattles } from './admin/battles.ts'
import { createAdminBattleRepository } from './admin/battles-repository.ts'
import { createAdminBattleRoutes } from './admin/battles-routes.ts'
import { createDrawPreview } from './admin/draw-preview.ts'
import { createDrawRoutes } from './admin/draw-routes.ts'
import { createTokenRepository } from './admin/token-repository.ts'
import { BOOTSTRAP_NAME, createTokens, type Tokens } from './admin/tokens.ts'
import { createAnswering } from './battles/answering.ts'
import { Audience } from './battles/audience.ts'
import { battleEvents } from './battles/events.ts'
import type { LiveBattle } from './battles/live-battle.ts'
import { conversationOf, turnOf } from './battles/live-battle.ts'
import { createOpening } from './battles/opening.ts'
import { Pacer } from './battles/pacer.ts'
import { createBattleRepository } from './battles/repository.ts'
import { battleRoutes } from './battles/routes.ts'
import { createMatchmaker } from './battles/matchmaker.ts'
import { createBattles } from './battles/service.ts'
import { createBattleStore } from './battles/store.ts'
import { createBattleViews } from './battles/views.ts'
import { classify } from './classification/classifier.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database/database.ts'
import { lockInstance } from './database/instance-lock.ts'
import { createFailedRequests } from './health/failed-request.ts'
import { createHealthRoutes } from './health/routes.ts'
import { createApp } from './http/app.ts'
import { FailureError } from './http/failure.ts'
import { createBoardEndpoint } from './http/board-endpoint.ts'
import { healthRoutes } from './http/health.ts'
import { createLimits } from './http/limits.ts'
import { createMetrics, metricsRoutes } from './http/metrics.ts'
import { createOrigins } from './http/origins.ts'
import { pageRoutes } from './http/pages.ts'
import { createVisitors } from './http/visitors.ts'
import { createCheckRoutes } from './models/check-routes.ts'
import { createExchangeRoutes } from './models/exchange/routes.ts'
import { createModels } from './models/models.ts'
import { createAdminModelRoutes, createModelRoutes } from './models/routes.ts'
import { PACKAGE_ROOT } from './paths.ts'
import { createBoards } from './ratings/boards.ts'
import { createBoardVersions } from './ratings/board-versions.ts'
import { leaderboardEvents } from './ratings/events.ts'
import { Projector } from './ratings/projector.ts'
import { createCardRatings } from './ratings/card-ratings.ts'
import { createHistoryKeeper } from './ratings/history-keeper.ts'
import { createHistoryRepository } from './ratings/history-repository.ts'
import { createPublisher } from './ratings/publisher.ts'
import { createPairInformation } from './ratings/pair-information.ts'
import { createRatingsRepository } from './ratings/repository.ts'
import { RatingWorker } from './ratings/worker-client.ts'
import { ratingWorkerProgram } from './ratings/worker-program.ts'
import { createRealtime, sendToRoom, serveEvents } from './realtime/realtime.ts'
import { exportRoutes } from './research/routes.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { AllowedHosts } from './providers/allowed-hosts.ts'
import type { Resolve } from './providers/endpoint-guard.ts'
import { createVoteRepository } from './votes/repository.ts'
import { createVotes } from './votes/service.ts'
import { VoteLog } from './votes/vote-log.ts'

/** How often idle battles are let go of. */
const EVICTION_INTERVAL_MS = 60_000

/**
 * How long a write waits for a command that writes beside the arena: nobody is answered meanwhile, so
 * that a vote is rather refused as `unavailable` than everybody kept waiting.
 */
const BUSY_TIMEOUT_MS = 500

/** A token of the settings that is shorter is warned of. */
const SAFE_TOKEN_CHARACTERS = 16

/**
 * How long an idle connection is kept. Longer than balancers and HTTP clients keep theirs, so that
 * they rather than the arena close it: a call never meets a closing socket.
 */
const KEEP_ALIVE_MS = 75_000

/** How long calls in progress may take once the arena stops. */
const CLOSE_GRACE_MS = 1000

export type ComposeDeps = {
  readonly config: Config
  readonly secrets: Secrets
  readonly allowedHosts: AllowedHosts
  readonly log: Logger
  /** A seam of tests: where names lead. In service the system's resolver. */
  readonly resolve?: Resolve
}

/** The arena, composed and ready to listen. */
export type Arena = {
  readonly http: HttpServer
  /** Takes up what the database holds and starts the models; then listens. @returns the port */
  listen(): Promise<number>
  /** Ends everything in order; nothing that was acknowledged is lost. */
  close(): Promise<void>
}

/** Builds every service once, by hand, in order: the one place that knows everybody. */
export async function composeArena({
  config,
  secrets,
  allowedHosts,
  log,
  resolve,
}: ComposeDeps): Promise<Arena> {
  const now = () => Date.now()
  const random = () => Math.random()
  // Before anything is migrated: an arena that runs on this file must not find it changed.
  const instance = lockInstance(config.database.path)
  const options = { busyTimeoutMs: BUSY_TIMEOUT_MS }
  const db = await openDatabase(config.database, options).catch((cause: unknown) => {
    instance.release()
    throw cause
  })

  // Models
  const audit = createAuditLog(db.kysely)
  const tokens = createTokens({ repository: createTokenRepository(db.kysely, audit), clock: now })
  const models = createModels({
    db,
    config,
    allowedHosts,
    sealer: secrets.sealer,
    audit,
    log,
    clock: now,
    ...(resolve === undefined ? {} : { resolve }),
  })
  const { entrants } = models
  const refOf = (slug: string) =>
    entrants.ref(slug) ?? { slug, name: slug, organization: '', license: '' }

  // Votes and ratings
  const voteRows = createVoteRepository(db)
  const ratingRows = createRatingsRepository(db)
  const projector = new Projector({
    votes: voteRows,
    ratings: ratingRows,
    log,
    onChange(votes) {
      worker.count(votes)
      if (projector.standings.votes.size !== named) nameModels()
      boardsChanged()
      metrics.countVotes(votes.length)
    },
  })
  const voteLog = new VoteLog(voteRows, (last, votes) => projector.wake(last, votes))

  const pairInformation = createPairInformation()

  // Battles
  const battleRows = createBattleRepository(db)
  const audience = new Audience()
  const store = createBattleStore({ repository: battleRows, log, now })
  const pacer = new Pacer({
    now: () => performance.now(),
    flush(battleId) {
      const battle = store.peek(battleId)
      return battle !== undefined && tell(battle)
    },
  })
  /** Makes frames of what the sides have, and sends them. @returns whether somebody is behind */
  function tell(battle: LiveBattle): boolean {
    const sides = turnOf(battle)?.sides
    sides?.a.cut()
    sides?.b.cut()
    return audience.tell(battle)
  }
  const answering = createAnswering({ entrants, store, pacer, log })
  const { maxPromptCharacters } = config
  const matchmaker = createMatchmaker({
    information: pairInformation,
    votesOf: (slug) => projector.standings.votes.get(slug) ?? 0,
    random,
  })
  const opening = createOpening({
    repository: battleRows,
    entrants,
    matchmaker,
    classify,
    maxPromptCharacters,
    now,
    random,
  })
  const battles = createBattles({
    repository: battleRows,
    store,
    opening,
    answering,
    audience,
    entrants,
    matchmaker,
    maxPromptCharacters,
    limited: config.rateLimits,
    now,
    tell: (battle) => pacer.mark(battle.id),
  })
  const votes = createVotes({ store, voteLog, votes: voteRows, projector, refOf, log, now })
  const views = createBattleViews({ repository: battleRows, store, projector, refOf, now })

  // In this order: boards are made of what the projector has folded.
  if (config.adminToken === undefined) await tellOfStoredToken(tokens, log)
  else await bootstrap(tokens, config.adminToken, log)
  await projector.load()
  const versions = await createBoardVersions(ratingRows, log)
  const history = createHistoryKeeper({ history: createHistoryRepository(db), log })
  await history.load()
  const worker = new RatingWorker({
    program: await ratingWorkerProgram(),
    settings: () => ({ database: config.database, historyPosition: history.position }),
    log,
    onNews(news) {
      if (news.kind === 'checkpoint') {
        history.keep(news.checkpoint)
        boards.momentPassed()
      } else if (news.kind === 'information') pairInformation.update(news.slugs, news.gains)
      else boardsChanged()
    },
  })
  const boards = createBoards({
    ask: (put, urgency) => worker.ask(put, urgency),
    position: () => projector.position,
    versions,
    now,
  })
  /** Models that the worker knows the names of. */
  let named = 0
  function nameModels(): void {
    const slugs = [...projector.standings.votes.keys()]
    named = slugs.length
    worker.name(slugs.map(refOf))
  }
  function boardsChanged(): void {
    boards.invalidate()
    publisher.changed()
  }
  models.service.onDisplayChange(() => {
    nameModels()
    boardsChanged()
  })

  // Edges
  const origins = createOrigins(config.host, config.allowedOrigins)
  const visitors = createVisitors({
    signer: secrets.cookieSigner,
    voterHash: (id) => secrets.voterHash(id),
    secure: origins.secure,
  })
  const limits = createLimits(config.rateLimits, config.allowedOrigins.length > 0)
  const http = createServer()
  http.keepAliveTimeout = KEEP_ALIVE_MS
  const realtimeDeps = { maxPromptCharacters, origins, visitors, limits, audience, log }
  const boardEndpoint = createBoardEndpoint(boards, log)
  http.on('request', (request, response) => {
    if (!boardEndpoint(request, response)) app(request, response)
  })
  // After the listener above: Socket.IO puts itself before it for its own path.
  const io = createRealtime(http, realtimeDeps)
  const publisher = createPublisher({
    boards,
    send: (room, update) => sendToRoom(io, room, update),
    hasFollowers: (room) => (io.sockets.adapter.rooms.get(room)?.size ?? 0) > 0,
    log,
  })
  const metrics = createMetrics({
    connections: () => io.engine.clientsCount,
    runningBattles: () => [...store.running()].length,
    frameWindowMs: () => pacer.windowMs,
    readyModels: () => entrants.readiness().ready,
    models: { roster: models.roster, ...models.health },
  })
  serveEvents(
    io,
    { ...battleEvents(battles, votes), ...leaderboardEvents(publisher) },
    realtimeDeps,
  )

  const access = createAccess({ db, config, tokens, audit, visitors, origins, now })
  const { auth } = access
  const admin = Router()
  admin.use(access.routes)
  const adminBattles = createAdminBattles({
    repository: createAdminBattleRepository(db.kysely),
    store,
    projector,
    failuresOf: async (battleId) =>
      (await models.health.failures.list({ battleId, limit: 200 })).items,
    refOf,
    now,
  })
  admin.use(createAdminBattleRoutes(adminBattles, auth))
  admin.use(createCheckRoutes(models, auth))
  const requestOf = createFailedRequests({
    modelOf: (slug) => models.roster.get(slug),
    async conversationOf(battleId, turn, side) {
      const battle = await store.look(battleId)
      return battle === undefined ? undefined : conversationOf(battle, side, turn)
    },
  })
  admin.use(createHealthRoutes({ ...models.health, requestOf, auth }))
  admin.use('/models', createExchangeRoutes(models.exchange, auth, audit, now))
  admin.use('/models', createAdminModelRoutes(models.service, auth))
  admin.use(
    createDrawRoutes(createDrawPreview({ entrants, service: models.service, matchmaker }), auth),
  )
  const app = createApp({
    origins,
    visitors,
    limits,
    log,
    health: healthRoutes({
      ping: async () => void (await sql`select 1`.execute(db.kysely)),
      projectorState: () => projector.state,
      models: () => entrants.readiness(),
    }),
    models: createModelRoutes(models.service, createCardRatings(boards), (slug) =>
      boards.versions(slug),
    ),
    battles: battleRoutes(views, visitors),
    exports: exportRoutes({
      votes: voteRows,
      exportDelayMs: config.exportDelayMs,
      log,
      now,
      async isAdmin(request) {
        const bearer = await auth.bearerOf(request)
        // Whoever shows a token expects what it gives: a wrong one is said to be wrong.
        if (bearer === undefined && request.headers.authorization !== undefined) {
          throw new FailureError(failure('unauthorized'))
        }
        return bearer !== undefined && mayDo(bearer, 'admin')
      },
    }),
    admin,
    metrics: metricsRoutes(metrics, auth),
    pages: pageRoutes(join(PACKAGE_ROOT, 'dist/client'), visitors),
  })
  const eviction = setInterval(() => store.evict(), EVICTION_INTERVAL_MS)

  return {
    http,

    async listen() {
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject)
        http.listen(config.port, config.host, resolve)
      })
      const address = http.address()
      const port = typeof address === 'object' && address !== null ? address.port : config.port
      origins.listening(port)
      // Only an arena that could listen starts models and counts votes.
      await models.start()
      nameModels()
      worker.start()
      await projector.start()
      return port
    },

    async close() {
      clearInterval(eviction)
      publisher.stop()
      for (const battle of store.running()) answering.stop(battle, undefined, 'error')
      pacer.flushAll()
      pacer.stop()
      await voteLog.drained()
      for (const battle of store.all()) await store.saveAnswers(battle)
      // Whoever is still downloading is cut off after a while.
      const cutOff = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS)
      await io.close()
      clearTimeout(cutOff)
      await models.stop()
      await projector.stop()
      await worker.stop()
      await history.stop()
      await db.kysely.destroy()
      instance.release()
    },
  }
}

async function bootstrap(tokens: Tokens, token: string, log: Logger): Promise<void> {
  const outcome = await tokens.bootstrap(token)
  if (outcome === 'revoked') log.warn('ADMIN_TOKEN has been revoked; it stays without effect')
  else if (token.length < SAFE_TOKEN_CHARACTERS) {
    log.warn(
      `ADMIN_TOKEN has fewer than ${SAFE_TOKEN_CHARACTERS} characters and may be guessed: set a longer one, such as \`openssl rand -hex 32\` makes`,
    )
  }
}

/** Whoever took the setting away may take the token for gone. */
async function tellOfStoredToken(tokens: Tokens, log: Logger): Promise<void> {
  const all = await tokens.list()
  const valid = all.find(({ name, revokedAt }) => name === BOOTSTRAP_NAME && revokedAt === null)
  if (valid === undefined) return
  log.info(
    { token: valid.id },
    'ADMIN_TOKEN is not set, and the one of an earlier start is valid until it is revoked',
  )
}
