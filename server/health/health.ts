import type { Logger } from 'pino'
import type { AuditLog } from '../admin/audit.ts'
import type { ModelsReadiness } from '../../shared/schemas/system.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import type { Embedded } from '../models/embedded.ts'
import type { Model } from '../models/model.ts'
import type { Probe } from '../models/probe.ts'
import type { Roster } from '../models/roster.ts'
import { createActivityRepository } from './activity-repository.ts'
import { createActivityLog, type ActivityLog } from './activity.ts'
import { createAlertRepository } from './alert-repository.ts'
import { createAlerts, type Alerts } from './alerts.ts'
import { createFailureRepository } from './failure-repository.ts'
import { createFailureLog, type FailureLog } from './failures.ts'
import { createProber } from './prober.ts'
import { createWatch, type Watch } from './watch.ts'
import { createWebhook, NO_WEBHOOK } from './webhook.ts'

type HealthDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly config: Pick<Config, 'alertWebhookUrl' | 'probeIntervalMs'>
  readonly log: Logger
  readonly now: () => number
  readonly random?: () => number
  /** Not that of breakers: what is written, probed and looked at happens in its own time. */
  readonly schedule?: Schedule | undefined
  readonly roster: () => Roster
  readonly embedded: Pick<Embedded, 'isFailing' | 'lastError' | 'state'>
  readonly keyOpens: (model: Model) => boolean
  readonly readiness: () => ModelsReadiness['state']
  readonly probe: Probe
  readonly isLimited: (model: Model) => boolean
}

/** What is known of how models fare, composed. */
export type Health = {
  readonly activity: ActivityLog
  readonly failures: FailureLog
  readonly alerts: Alerts
  readonly watch: Watch
  /** Takes up what the database holds; before the models are there. */
  load(): Promise<void>
  /** Begins to watch and to probe; when the models are there. */
  start(): void
  /** Writes down what is not written yet. */
  stop(): Promise<void>
}

export function createHealth(deps: HealthDeps): Health {
  const { db, audit, config, log, now, roster, embedded, keyOpens } = deps
  const { random = Math.random, schedule = scheduleByTimer } = deps
  const activity = createActivityLog({
    repository: createActivityRepository(db),
    pricesOf: (slug) => roster().get(slug)?.prices ?? null,
    now,
    log,
    schedule,
  })
  const failures = createFailureLog({
    repository: createFailureRepository(db),
    now,
    log,
    schedule,
  })
  const { alertWebhookUrl: url } = config
  const webhook = url === undefined ? NO_WEBHOOK : createWebhook({ url, log, schedule })
  const alerts = createAlerts({
    repository: createAlertRepository(db.kysely, audit),
    now,
    log,
    schedule,
    tell: (news) => webhook.send(news),
  })
  const watch = createWatch({
    alerts,
    activity,
    models: roster,
    embedded,
    keyOpens,
    readiness: deps.readiness,
    now,
    schedule,
  })
  activity.onOutcome((outcome) => watch.onOutcome(outcome))
  const prober = createProber({
    roster: {
      all: () => roster().all(),
      get: (slug) => roster().get(slug),
      breaker: (slug) => roster().breaker(slug),
    },
    probe: deps.probe,
    lastAnswerAt: (slug) => activity.lastAnswerAt(slug),
    isLimited: deps.isLimited,
    alerts,
    intervalMs: config.probeIntervalMs,
    now,
    random,
    schedule,
  })

  return {
    activity,
    failures,
    alerts,
    watch,

    async load() {
      await alerts.load()
      await failures.load()
      await activity.load()
    },

    start() {
      watch.start()
      alerts.forgetOld()
      prober.start()
    },

    async stop() {
      prober.stop()
      watch.stop()
      webhook.stop()
      await activity.stop()
      await failures.stop()
      await alerts.stop()
    },
  }
}
