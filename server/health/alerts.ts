import type { Logger } from 'pino'
import type { Alert, AlertKind } from '../../shared/schemas/admin.ts'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'
import type { Schedule } from '../schedule.ts'
import type { AlertRepository, AlertRow } from './alert-repository.ts'

/** How long an alert that is over is kept. */
const KEPT_MS = 90 * 86_400_000
/** How often those that are older are let go of. */
const PRUNE_MS = 86_400_000
const MAX_MESSAGE_CHARACTERS = 500

/** Of what these go by nothing outlives the process: after a restart nobody knows whether they hold. */
const FORGOTTEN: readonly AlertKind[] = ['failing', 'errors', 'probe', 'inference', 'arena']
const CLOSED_BY_RESTART = '; closed by a restart, not by an answer'

export type AlertQuery = PageQuery & { readonly active: '0' | '1' }

/** An alert as it is told to others: raised, or resolved. */
export type AlertNews = {
  readonly kind: AlertKind
  readonly model: string | null
  readonly message: string
  readonly at: number
  readonly resolved: boolean
}

/** What an administrator should know of: raised once while it holds, resolved when it is over. */
export type Alerts = {
  /**
   * @param slug the model that it is about, or null
   * @param graver it is worse than what was raised before, which is over: it is told anew
   */
  raise(kind: AlertKind, slug: string | null, message: string, graver?: boolean): void
  resolve(kind: AlertKind, slug: string | null): void
  isActive(kind: AlertKind, slug: string | null): boolean
  /** The newest first. */
  list(query: AlertQuery): Promise<Page<Alert>>
  /** @returns undefined if there is no such alert */
  acknowledge(id: number, actor: string): Promise<Alert | undefined>
  /**
   * Takes up the alerts that held when the arena stopped. Those of what a restart forgets are closed
   * instead, and nobody is told: they are raised again if they hold still.
   */
  load(): Promise<void>
  /** Resolves the alerts that were taken up and have not been raised again. */
  forgetOld(): void
  /** Writes down what is not written yet. */
  stop(): Promise<void>
}

type Active = {
  id: number | undefined
  readonly kind: AlertKind
  readonly slug: string | null
  readonly message: string
  /** Of the run before: raised again, it is the same alert. */
  old: boolean
}

export function createAlerts(deps: {
  readonly repository: AlertRepository
  readonly now: () => number
  readonly log: Logger
  readonly schedule: Schedule
  /** Tells others. */
  readonly tell: (news: AlertNews) => void
}): Alerts {
  const { repository, now, log, schedule, tell } = deps
  const active = new Map<string, Active>()
  // One write after the other, in the order of what happened.
  let last: Promise<void> = Promise.resolve()
  const write = (act: () => Promise<void>): void => {
    last = last.then(act).catch((cause: unknown) => {
      log.error({ err: cause }, 'alerts could not be written down')
    })
  }
  let cancelPrune: (() => void) | undefined
  function pruneDaily(): void {
    write(() => repository.prune(now() - KEPT_MS))
    cancelPrune = schedule(pruneDaily, PRUNE_MS)
  }
  const keyOf = (kind: AlertKind, slug: string | null) => `${kind} ${slug ?? ''}`

  function end(alert: Active, at: number): void {
    active.delete(keyOf(alert.kind, alert.slug))
    write(async () => {
      if (alert.id !== undefined) await repository.resolve(alert.id, at)
    })
  }

  function resolve(kind: AlertKind, slug: string | null): void {
    const alert = active.get(keyOf(kind, slug))
    if (alert === undefined) return
    const at = now()
    end(alert, at)
    log.info({ alert: kind, model: slug }, 'an alert is over')
    tell({ kind, model: slug, message: alert.message, at, resolved: true })
  }

  return {
    raise(kind, slug, text, graver = false) {
      const at = now()
      const message = text.slice(0, MAX_MESSAGE_CHARACTERS)
      const present = active.get(keyOf(kind, slug))
      if (present !== undefined) {
        present.old = false
        if (!graver || present.message === message) return
        // Whoever keeps a list of what holds has to be told of the end of each.
        end(present, at)
        tell({ kind, model: slug, message: present.message, at, resolved: true })
      }
      const alert: Active = { id: undefined, kind, slug, message, old: false }
      active.set(keyOf(kind, slug), alert)
      write(async () => {
        alert.id = await repository.insert({ at, kind, slug, message })
      })
      log.warn({ alert: kind, model: slug }, message)
      tell({ kind, model: slug, message, at, resolved: false })
    },

    resolve,
    isActive: (kind, slug) => active.has(keyOf(kind, slug)),

    async list({ limit, cursor, active: onlyActive }) {
      await last
      const before = cursor === undefined ? undefined : Number(cursor)
      const rows = await repository.list({ limit: limit + 1, before, active: onlyActive === '1' })
      const items = rows.slice(0, limit).map(toAlert)
      return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null }
    },

    async acknowledge(id, actor) {
      await last
      const row = await repository.acknowledge(id, now(), actor)
      return row === undefined ? undefined : toAlert(row)
    },

    async load() {
      pruneDaily()
      await last
      const closed = await repository.close(FORGOTTEN, now(), CLOSED_BY_RESTART)
      if (closed > 0) log.info({ alerts: closed }, 'alerts of the run before are closed')
      for (const { id, kind, slug, message } of await repository.active()) {
        const alert = { id, kind: kind as AlertKind, slug, message, old: true }
        active.set(keyOf(alert.kind, slug), alert)
      }
    },

    forgetOld() {
      for (const { kind, slug, old } of active.values()) if (old) resolve(kind, slug)
    },

    stop() {
      cancelPrune?.()
      return last
    },
  }
}

function toAlert(row: AlertRow): Alert {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    kind: row.kind as AlertKind,
    model: row.slug,
    message: row.message,
    resolvedAt: iso(row.resolved_at),
    acknowledgedAt: iso(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
  }
}
