import { ALERT_KINDS } from '../../shared/schemas/admin.ts'
import type { ModelsReadiness } from '../../shared/schemas/system.ts'
import type { BreakerState } from '../models/breaker.ts'
import { CONTESTANTS } from '../models/eligible.ts'
import type { Embedded } from '../models/embedded.ts'
import type { Model } from '../models/model.ts'
import { isOut, type Roster } from '../models/roster.ts'
import type { Schedule } from '../schedule.ts'
import type { ActivityLog, AnswerOutcome } from './activity.ts'
import type { Alerts } from './alerts.ts'

/** How often it is looked whether what time alone changes is over. */
const TICK_MS = 60_000
const HOUR_MS = 3_600_000
/** The share of failed answers that is worth an alert, of so many at least and so many at most. */
const ERROR_SHARE = 1 / 5
/** It is over when so few fail: a share about the limit would be an alert at every other answer. */
const CALM_SHARE = 1 / 10
const FEWEST_ANSWERS = 20
const MOST_ANSWERS = 200
/** The share of a day's limit that is worth an alert before it is used up. */
const BUDGET_SHARE = 4 / 5

type WatchDeps = {
  readonly alerts: Pick<Alerts, 'raise' | 'resolve'>
  readonly activity: Pick<ActivityLog, 'spentToday'>
  readonly models: () => Pick<Roster, 'get' | 'all' | 'breaker'>
  readonly embedded: Pick<Embedded, 'isFailing' | 'lastError' | 'state'>
  /** Whether the stored key of a model, if it has one, can be opened. */
  readonly keyOpens: (model: Model) => boolean
  /** Whether battles can start: `warming` while models are still being loaded. */
  readonly readiness: () => ModelsReadiness['state']
  readonly now: () => number
  readonly schedule: Schedule
}

/** Watches what happens to models, and raises and resolves alerts by it. */
export type Watch = {
  onOutcome(outcome: Pick<AnswerOutcome, 'slug' | 'how'>): void
  onBreaker(slug: string, state: BreakerState): void
  /** A model is there, or is another one. */
  onModel(model: Model): void
  onEmbedded(): void
  /** Looks at everything once, and from then on every minute. */
  start(): void
  stop(): void
}

export function createWatch(deps: WatchDeps): Watch {
  const { alerts, activity, models, embedded, keyOpens, readiness, now, schedule } = deps
  /** The last answers of each model: when, and whether they failed. */
  const recent = new Map<string, { at: number; failed: boolean }[]>()
  /** Each model as it was told of last. */
  const known = new Map<string, Model>()
  let cancelTick: (() => void) | undefined
  let isArenaShort = false

  function checkErrors(slug: string): void {
    const all = recent.get(slug) ?? []
    const since = now() - HOUR_MS
    while ((all[0]?.at ?? Infinity) < since) all.shift()
    const failed = all.filter((answer) => answer.failed).length
    if (all.length >= FEWEST_ANSWERS && failed > all.length * ERROR_SHARE) {
      alerts.raise('errors', slug, `${failed} of its last ${all.length} answers failed`)
    } else if (all.length < FEWEST_ANSWERS || failed <= all.length * CALM_SHARE) {
      alerts.resolve('errors', slug)
    }
  }

  function checkBudget({ slug, limits }: Model): void {
    const { tokensPerDay, costPerDay } = limits
    const spent = activity.spentToday(slug)
    const shares = [
      { used: spent.tokens, of: tokensPerDay, say: sayTokens },
      { used: spent.cost, of: costPerDay, say: sayCost },
    ].flatMap(({ used, of, say }) => (of === undefined ? [] : [{ used, of, say }]))
    const [worst] = shares.sort((left, right) => right.used / right.of - left.used / left.of)
    const share = worst === undefined ? 0 : worst.used / worst.of
    if (worst === undefined || share < BUDGET_SHARE) alerts.resolve('budget', slug)
    else if (share < 1) {
      alerts.raise('budget', slug, `four fifths of today's ${worst.say(worst.of)} are used up`)
    } else {
      const message = `today's ${worst.say(worst.of)} are used up: it is not asked before midnight UTC`
      alerts.raise('budget', slug, message, true)
    }
  }

  function checkKey(model: Model): void {
    if (keyOpens(model)) alerts.resolve('key', model.slug)
    else {
      const message = 'its stored key cannot be opened with this SECRET_FILE: give the key anew'
      alerts.raise('key', model.slug, message)
    }
  }

  /** What a change takes a moment for is no news: it is raised by the tick alone. */
  function checkArena(raises: boolean): void {
    if (!raises && !isArenaShort) return
    const state = readiness()
    const registered = models()
      .all()
      .filter(({ retired }) => retired === null).length
    if (state === 'ready' || registered < CONTESTANTS) {
      isArenaShort = false
      alerts.resolve('arena', null)
    } else if (raises && state === 'none') {
      isArenaShort = true
      alerts.raise('arena', null, 'fewer than two models can be drawn: no battle can start')
    }
  }

  function onModel(model: Model): void {
    const { slug } = model
    const before = known.get(slug)
    known.set(slug, model)
    if (isOut(model)) {
      recent.delete(slug)
      for (const kind of ALERT_KINDS) alerts.resolve(kind, slug)
    } else {
      if (before?.current !== model.current || before.sealedKey !== model.sealedKey) {
        // What failed is not what is there now.
        recent.delete(slug)
        alerts.resolve('errors', slug)
        alerts.resolve('probe', slug)
      }
      checkBudget(model)
      checkKey(model)
    }
    checkArena(false)
  }

  function onEmbedded(): void {
    if (embedded.isFailing() && embedded.state() !== 'ready') {
      const why = embedded.lastError()
      alerts.raise(
        'inference',
        null,
        `the embedded inference keeps ending${why === null ? '' : `: ${why}`}`,
      )
    } else if (embedded.state() === 'ready' || embedded.state() === 'stopped') {
      alerts.resolve('inference', null)
    }
    checkArena(false)
  }

  function tick(isStart = false): void {
    for (const model of models().all()) {
      if (isOut(model)) continue
      checkErrors(model.slug)
      checkBudget(model)
      checkKey(model)
    }
    checkArena(!isStart)
    cancelTick = schedule(tick, TICK_MS)
  }

  return {
    onOutcome({ slug, how }) {
      const model = models().get(slug)
      if (model === undefined || isOut(model)) return
      if (how !== 'aborted') {
        const all = recent.get(slug) ?? []
        recent.set(slug, all)
        all.push({ at: now(), failed: how === 'failed' })
        if (all.length > MOST_ANSWERS) all.shift()
        checkErrors(slug)
      }
      if (how === 'succeeded') alerts.resolve('probe', slug)
      checkBudget(model)
    },

    onBreaker(slug, state) {
      if (state === 'closed') alerts.resolve('failing', slug)
      if (state !== 'open') checkArena(false)
      if (state !== 'open' || isOut(models().get(slug))) return
      const { failuresInARow, lastError } = models().breaker(slug).health()
      const last = lastError === null ? '' : `; last: ${lastError}`
      alerts.raise(
        'failing',
        slug,
        `${failuresInARow} answers failed in a row, it is left out${last}`,
      )
    },

    onModel,
    onEmbedded,
    start: () => tick(true),
    stop: () => cancelTick?.(),
  }
}

function sayTokens(count: number): string {
  return `${count.toLocaleString('en')} tokens`
}

function sayCost(dollars: number): string {
  return `$${dollars.toLocaleString('en', { maximumFractionDigits: 6 })}`
}
