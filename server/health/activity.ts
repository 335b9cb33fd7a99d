import type { Logger } from 'pino'
import type { Activity, Prices } from '../../shared/schemas/model.ts'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import { costOf } from '../models/limits.ts'
import type { ActivityRepository } from './activity-repository.ts'
import { addTo } from './histogram.ts'
import {
  fromRow,
  HOUR_MS,
  hourOf,
  HOURS,
  lastHours,
  newHour,
  summarize,
  toRow,
  type Hour,
  type Summary,
} from './hours.ts'
import { createWriteBehind } from './write-behind.ts'

const DAY_MS = 86_400_000

const NOTHING = { tokens: 0, cost: 0 }

/** Tokens in and out together, and US dollars. */
export type Spent = { readonly tokens: number; readonly cost: number }

/** What an answer took: as its provider counts it, or estimated at four characters a token. */
export type Use = { readonly inputTokens: number; readonly outputTokens: number }

/** One answer that is being written; told once how it ended. */
export type AnswerRecord = {
  /** The first text came, or the first of what the model thinks. */
  firstToken(): void
  succeeded(use: Use): void
  failed(use: Use): void
  /** A visitor stopped it: neither an answer nor a failure, but it has been paid for. */
  aborted(use: Use): void
}

/** How an answer ended, for whoever counts along. */
export type AnswerOutcome = {
  readonly slug: string
  readonly how: 'succeeded' | 'failed' | 'aborted'
  readonly use: Use
  /** US dollars; 0 without prices. */
  readonly cost: number
  readonly firstTokenMs: number | undefined
}

/** What every model did, hour by hour, and what it cost. */
export type ActivityLog = {
  /** An answer is about to be asked for. */
  begin(who: { slug: string; version: number }): AnswerRecord
  /** Tokens that no visitor asked for, such as those of a probe: paid for, and nothing else. */
  spent(slug: string, use: Use): void
  /** The last 24 hours of a model, and what it cost. */
  of(slug: string): Activity
  /** Since midnight UTC. */
  spentToday(slug: string): Spent
  /** Answers that are being written now. */
  inFlight(slug: string): number
  /** When it last answered to the end. */
  lastAnswerAt(slug: string): number | undefined
  /** Calls back when an answer has ended. */
  onOutcome(callback: (outcome: AnswerOutcome) => void): void
  load(): Promise<void>
  flush(): Promise<void>
  /** Writes down what is not written yet. */
  stop(): Promise<void>
}

export type ActivityDeps = {
  readonly repository: ActivityRepository
  /** What tokens of a model cost now. */
  readonly pricesOf: (slug: string) => Prices | null
  readonly now: () => number
  readonly log: Logger
  readonly schedule?: Schedule
}

type Account = {
  readonly hours: Map<number, Hour>
  inFlight: number
  lastAnswerAt: number | undefined
  costTotal: number
  today: { day: number; tokens: number; cost: number }
  /** What the hours come to, until another hour begins or one of them is changed. */
  summary: { until: number; of: Summary } | undefined
}

export function createActivityLog(deps: ActivityDeps): ActivityLog {
  const { repository, pricesOf, now, log, schedule = scheduleByTimer } = deps
  const accounts = new Map<string, Account>()
  const callbacks: ((outcome: AnswerOutcome) => void)[] = []
  const dirty = new Map<Hour, string>()

  const writer = createWriteBehind({
    schedule,
    log,
    what: 'the activity of models',
    async write() {
      const taken = [...dirty]
      dirty.clear()
      try {
        await repository.save(taken.map(([hour, slug]) => toRow(slug, hour)))
      } catch (cause) {
        for (const [hour, slug] of taken) dirty.set(hour, slug)
        throw cause
      }
    },
  })

  function accountOf(slug: string): Account {
    let account = accounts.get(slug)
    if (account === undefined) {
      account = {
        hours: new Map(),
        inFlight: 0,
        lastAnswerAt: undefined,
        costTotal: 0,
        today: { day: 0, tokens: 0, cost: 0 },
        summary: undefined,
      }
      accounts.set(slug, account)
    }
    return account
  }

  function todayOf(account: Account): Account['today'] {
    const day = Math.floor(now() / DAY_MS)
    if (account.today.day !== day) account.today = { day, tokens: 0, cost: 0 }
    return account.today
  }

  /** The present hour, about to be changed. */
  function presentHour(slug: string, account: Account): Hour {
    const start = hourOf(now())
    let hour = account.hours.get(start)
    if (hour === undefined) {
      hour = newHour(start)
      account.hours.set(start, hour)
      for (const old of account.hours.keys()) {
        if (old < start - HOURS * HOUR_MS) account.hours.delete(old)
      }
    }
    hour.shown = undefined
    account.summary = undefined
    dirty.set(hour, slug)
    writer.mark()
    return hour
  }

  function summaryOf(account: Account): Summary {
    const present = hourOf(now())
    const until = present + HOUR_MS
    if (account.summary?.until !== until) {
      account.summary = { until, of: summarize(lastHours(account.hours, present)) }
    }
    return account.summary.of
  }

  /** @returns what it cost */
  function pay(slug: string, account: Account, hour: Hour, use: Use): number {
    const cost = costOf(pricesOf(slug), use)
    hour.inputTokens += use.inputTokens
    hour.outputTokens += use.outputTokens
    hour.cost += cost
    account.costTotal += cost
    const today = todayOf(account)
    today.tokens += use.inputTokens + use.outputTokens
    today.cost += cost
    return cost
  }

  return {
    begin({ slug }) {
      const account = accountOf(slug)
      const startedAt = now()
      let firstAt: number | undefined
      let over = false
      account.inFlight += 1

      const end = (how: AnswerOutcome['how'], use: Use): void => {
        if (over) return
        over = true
        account.inFlight -= 1
        const hour = presentHour(slug, account)
        const cost = pay(slug, account, hour, use)
        const firstTokenMs = firstAt === undefined ? undefined : Math.max(0, firstAt - startedAt)
        if (how === 'succeeded') {
          hour.answers += 1
          account.lastAnswerAt = now()
          if (firstAt !== undefined) {
            const seconds = (now() - firstAt) / 1000
            // The first token begins the time, so that it is not among those that took it.
            const tokens = use.outputTokens - 1
            if (seconds > 0 && tokens > 0) addTo(hour.speed, tokens / seconds)
          }
        } else if (how === 'failed') hour.failures += 1
        if (firstTokenMs !== undefined) addTo(hour.firstToken, firstTokenMs)
        for (const callback of callbacks) callback({ slug, how, use, cost, firstTokenMs })
      }
      return {
        firstToken() {
          firstAt ??= now()
        },
        succeeded: (use) => end('succeeded', use),
        failed: (use) => end('failed', use),
        aborted: (use) => end('aborted', use),
      }
    },

    spent(slug, use) {
      const account = accountOf(slug)
      pay(slug, account, presentHour(slug, account), use)
    },

    of(slug) {
      const account = accountOf(slug)
      const today = todayOf(account)
      const priced = pricesOf(slug) !== null
      return {
        ...summaryOf(account),
        inFlight: account.inFlight,
        tokensToday: today.tokens,
        costToday: priced || today.cost > 0 ? today.cost : null,
        costTotal: priced || account.costTotal > 0 ? account.costTotal : null,
      }
    },

    spentToday(slug) {
      const account = accounts.get(slug)
      const { tokens, cost } = account === undefined ? NOTHING : todayOf(account)
      return { tokens, cost }
    },
    inFlight: (slug) => accounts.get(slug)?.inFlight ?? 0,
    lastAnswerAt: (slug) => accounts.get(slug)?.lastAnswerAt,
    onOutcome: (callback) => void callbacks.push(callback),

    async load() {
      for (const { slug, cost } of await repository.totals()) accountOf(slug).costTotal = cost
      const startOfDay = Math.floor(now() / DAY_MS) * DAY_MS
      for (const row of await repository.load(hourOf(now()) - HOURS * HOUR_MS)) {
        const account = accountOf(row.slug)
        const hour = fromRow(row)
        account.hours.set(hour.hour, hour)
        if (hour.hour < startOfDay) continue
        const today = todayOf(account)
        today.tokens += hour.inputTokens + hour.outputTokens
        today.cost += hour.cost
      }
    },
    flush: () => writer.flush(),
    stop: () => writer.stop(),
  }
}
