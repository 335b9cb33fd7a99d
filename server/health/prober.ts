import type { CheckResult } from '../../shared/schemas/model.ts'
import type { Schedule } from '../schedule.ts'
import type { Model } from '../models/model.ts'
import { isOut, type Roster } from '../models/roster.ts'
import type { Alerts } from './alerts.ts'

/** So many models are asked at once. */
const AT_ONCE = 2
/** The interval of each round is off by so much at most, so that models don't fall into step. */
const JITTER = 0.1
const LONGEST_TICK_MS = 15_000

type ProberDeps = {
  readonly roster: Pick<Roster, 'all' | 'get' | 'breaker'>
  /** Asks a model for a few words, and has the outcome shown. */
  readonly probe: (model: Model) => Promise<CheckResult>
  readonly lastAnswerAt: (slug: string) => number | undefined
  /** Whether a model's own limits let it be asked. */
  readonly isLimited: (model: Model) => boolean
  readonly alerts: Pick<Alerts, 'raise' | 'resolve'>
  /** How often a model that nobody asked meanwhile is asked, in milliseconds; 0: never. */
  readonly intervalMs: number
  readonly now: () => number
  readonly random: () => number
  readonly schedule: Schedule
}

/** Asks models that nobody has asked for a while whether they answer. What it finds only reports. */
export type Prober = { start(): void; stop(): void }

/** What an alert says of a probe that failed. */
export function probeFailed(error: string): string {
  return `a probe failed: ${error}`
}

export function createProber(deps: ProberDeps): Prober {
  const { roster, probe, lastAnswerAt, isLimited, alerts, intervalMs, now, random, schedule } = deps
  const tickMs = Math.min(LONGEST_TICK_MS, intervalMs / 10)
  /** When each model is asked next, unless it answers before. */
  const due = new Map<string, number>()
  const asking = new Set<string>()
  let cancel: (() => void) | undefined
  let stopped = false

  const around = () => intervalMs * (1 - JITTER + 2 * JITTER * random())

  /** Whether it would tell something to ask this model now. */
  function isWanted(model: Model): boolean {
    const { slug, current } = model
    if (isOut(model) || current.provider.kind === 'onnx' || asking.has(slug)) return false
    const breaker = roster.breaker(slug)
    return !breaker.isOpen() && breaker.coolingUntil() === undefined && !isLimited(model)
  }

  function isDue({ slug }: Model): boolean {
    const at = due.get(slug)
    if (at === undefined) {
      // The first round is spread over a whole interval: all models begin at once.
      due.set(slug, now() + intervalMs * random())
      return false
    }
    const { lastProbe } = roster.breaker(slug).health()
    const probedAt = lastProbe === null ? 0 : Date.parse(lastProbe.at)
    const seen = Math.max(lastAnswerAt(slug) ?? 0, probedAt)
    if (now() - seen >= intervalMs) return now() >= at
    // Heard of meanwhile: it is asked when it has been silent for an interval from then.
    due.set(slug, Math.max(at, seen + around()))
    return false
  }

  async function ask(model: Model): Promise<void> {
    const { slug } = model
    asking.add(slug)
    const { ok, error = 'it did not answer' } = await probe(model)
    asking.delete(slug)
    due.set(slug, now() + around())
    // Changed meanwhile: what was asked is not what is there now.
    if (stopped || roster.get(slug)?.current !== model.current || isOut(roster.get(slug))) return
    if (ok) alerts.resolve('probe', slug)
    else alerts.raise('probe', slug, probeFailed(error))
  }

  function tick(): void {
    for (const model of roster.all()) {
      if (asking.size >= AT_ONCE) break
      if (isWanted(model) && isDue(model)) void ask(model)
    }
    cancel = schedule(tick, tickMs)
  }

  return {
    start() {
      if (intervalMs > 0) tick()
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
