import type { Logger } from 'pino'
import type { AuditLog } from '../admin/audit.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { createHealth, type Health } from '../health/health.ts'
import { probeFailed } from '../health/prober.ts'
import type { AllowedHosts } from '../providers/allowed-hosts.ts'
import {
  createEndpointGuard,
  createFixedGuard,
  resolveBySystem,
  type Resolve,
} from '../providers/endpoint-guard.ts'
import { createTransport, observed } from '../providers/transport.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { createAnswering } from './answering.ts'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import { EmbeddedSupervisor, NO_EMBEDDED, type Embedded } from './embedded.ts'
import { createEligible } from './eligible.ts'
import { createExchange, type Exchange } from './exchange/exchange.ts'
import { createEndpointCheck } from './endpoint-check.ts'
import type { Entrants } from './entrants.ts'
import {
  inferenceCommand,
  inferenceEnvironment,
  startInferenceProcess,
  type Command,
} from './inference-process.ts'
import { createLimitGate } from './limits.ts'
import { keyContext, type Model } from './model.ts'
import { createProbe, type Probe } from './probe.ts'
import { createProviderFactory } from './provider-factory.ts'
import { modelsReadiness } from './readiness.ts'
import { createModelRepository } from './repository.ts'
import { createRoster, type Roster } from './roster.ts'
import { seedModels } from './seed.ts'
import { createModelsService, type ModelsService } from './service.ts'
import { createTries, type Tries } from './try.ts'
import { toRef, type ModelState } from './views.ts'

export type ModelsDeps = {
  db: Database
  config: Pick<
    Config,
    | 'alertWebhookUrl'
    | 'breakerRetryMs'
    | 'inference'
    | 'inferenceDevice'
    | 'inferenceThreads'
    | 'logLevel'
    | 'modelsDir'
    | 'probeIntervalMs'
    | 'seedModels'
    | 'timeouts'
  >
  /** `PROVIDER_ALLOWED_HOSTS`, read by `parseAllowedHosts`. */
  allowedHosts: AllowedHosts
  sealer: Sealer
  audit: AuditLog
  log: Logger
  clock: () => number
  /** Seams of tests; in service the system's resolver, timers, and our own inference. */
  resolve?: Resolve
  schedule?: Schedule
  /** Of what is written, probed and looked at from time to time. */
  healthSchedule?: Schedule
  inferenceCommand?: Command
}

/** Everything about models, composed. */
export type Models = {
  readonly entrants: Entrants
  readonly service: ModelsService
  readonly tries: Tries
  readonly exchange: Exchange
  readonly embedded: Embedded
  readonly health: Pick<Health, 'activity' | 'alerts' | 'failures'>
  readonly roster: Pick<Roster, 'all' | 'breaker' | 'get'>
  /** Reads the registry, seeds an empty one, and starts the embedded inference beside. */
  start(): Promise<void>
  /** Ends probes, connections and the embedded inference. */
  stop(): Promise<void>
}

export function createModels(deps: ModelsDeps): Models {
  const { db, config, allowedHosts, sealer, audit, log, clock } = deps
  const { resolve = resolveBySystem, schedule = scheduleByTimer } = deps

  const embedded = config.inference ? createEmbedded(deps, schedule) : NO_EMBEDDED
  const guard = createEndpointGuard(allowedHosts, resolve)
  const connectTimeoutMs = config.timeouts.connectMs
  const transport = createTransport({ guard, connectTimeoutMs })
  const embeddedGuard = createFixedGuard('127.0.0.1')
  const embeddedTransport = createTransport({ guard: embeddedGuard, connectTimeoutMs })

  const { timeouts } = config
  const ways = { transport, embeddedTransport, embedded, sealer, timeouts, clock }
  const providerOf = createProviderFactory(ways)
  const health = createHealth({
    db,
    audit,
    config,
    log,
    now: clock,
    roster: () => roster,
    embedded,
    keyOpens: ({ slug, sealedKey, current }) =>
      sealedKey === null ||
      sealer.open(sealedKey, keyContext(slug, current.provider)) !== undefined,
    readiness: () => readiness().state,
    probe: (model) => probe(model),
    isLimited: (model) => gate.closedBecause(model) !== undefined,
    schedule: deps.healthSchedule,
  })
  const { activity, failures, watch } = health
  const ask = createProbe({
    providerOf,
    clock,
    onPaid: (slug, use) => activity.spent(slug, use),
    onBusy: ({ slug, current }, ms) => {
      if (roster.get(slug)?.current === current) roster.breaker(slug).coolFor(ms)
    },
  })
  /** Asks a model, and shows what came of it. */
  const probe: Probe = async (model) => {
    const { slug, current } = model
    const result = await ask(model)
    if (roster.get(slug)?.current === current) {
      roster.breaker(slug).probed(result)
      if (result.ok) health.alerts.resolve('probe', slug)
    }
    return result
  }
  const roster = createRoster({
    isRunning: ({ current: { provider } }) =>
      provider.kind !== 'onnx' || embedded.serves(provider.model),
    probe: async (slug) => {
      const model = roster.get(slug)
      return model !== undefined && (await probe(model)).ok
    },
    schedule,
    now: clock,
    retryMs: config.breakerRetryMs,
    limitedBy: (model) => gate.closedBecause(model),
    lastAnswerAt: (slug) => activity.lastAnswerAt(slug),
    onBreaker: (slug, state) => watch.onBreaker(slug, state),
    onPut: (model) => watch.onModel(model),
  })
  embedded.onChange(() => {
    roster.changed()
    watch.onEmbedded()
    if (embedded.state() !== 'ready') return
    for (const { slug, current } of roster.all()) {
      if (current.provider.kind === 'onnx') roster.breaker(slug).reset()
    }
  })

  const gate = createLimitGate({
    now: clock,
    spentToday: (slug) => activity.spentToday(slug),
    schedule,
  })
  const eligible = createEligible({ roster, gate })
  const readiness = () => modelsReadiness({ ...roster, eligible }, embedded)
  const stateOf = (model: Model): ModelState => ({
    health: roster.breaker(model.slug).health(),
    activity: activity.of(model.slug),
    status: roster.status(model),
  })
  const repository = createModelRepository(db.kysely, audit)
  const checkEndpoint = createEndpointCheck(guard)
  const service = createModelsService({
    repository,
    roster,
    sealer,
    audit,
    checkEndpoint,
    probe,
    onFailed({ slug, current }, error) {
      // Of the embedded inference its own state tells.
      if (current.provider.kind !== 'onnx') health.alerts.raise('probe', slug, probeFailed(error))
    },
    gate,
    stateOf,
    clock,
  })

  const tries = createTries({
    roster,
    sealer,
    audit,
    checkEndpoint,
    observedProviders: (onConnected) =>
      createProviderFactory({
        ...ways,
        transport: observed(transport, onConnected),
        embeddedTransport: observed(embeddedTransport, onConnected),
      }),
    clock,
  })

  return {
    service,
    tries,
    exchange: createExchange({ roster, service }),
    embedded,
    health,
    roster,
    entrants: {
      eligible,
      readiness,
      ref(slug) {
        const model = roster.get(slug)
        return model === undefined ? undefined : toRef(model)
      },
      answer: createAnswering({
        roster,
        providerOf,
        embedded,
        gate,
        activity,
        failures,
        timeouts,
        now: clock,
        schedule,
      }),
    },

    async start() {
      await health.load()
      for (const model of await repository.loadAll()) roster.put(model)
      if (config.seedModels) await seedModels(service)
      log.info({ models: roster.all().length }, 'the registry is read')
      health.start()
      embedded.start()
    },

    async stop() {
      roster.stop()
      await embedded.stop()
      transport.close()
      embeddedTransport.close()
      await health.stop()
    },
  }
}

function createEmbedded(deps: ModelsDeps, schedule: Schedule): Embedded {
  const { config, log, clock, inferenceCommand: command = inferenceCommand() } = deps
  const env = inferenceEnvironment(config, process.env)
  return new EmbeddedSupervisor({
    startProcess: () => startInferenceProcess(command, env, log),
    schedule,
    clock,
    log,
  })
}
