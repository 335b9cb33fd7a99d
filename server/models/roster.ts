import type { ModelStatus } from '../../shared/schemas/model.ts'
import type { Schedule } from '../schedule.ts'
import { createBreaker, type Breaker, type BreakerState, type Health } from './breaker.ts'
import type { Entrant } from './entrants.ts'
import type { Model } from './model.ts'

/** Whoever wants to be left alone is left out of the draw only while so many others are there. */
const OTHERS = 2

export type StatusOf = { readonly status: ModelStatus; readonly reason: string | null }

/** All models in memory, with their health: what the database holds, at the speed of a draw. */
export type Roster = {
  get(slug: string): Model | undefined
  /** Every model, also the retired, by slug. */
  all(): readonly Model[]
  put(model: Model): void
  breaker(slug: string): Breaker
  /**
   * Everybody who can be drawn now, but for their own limits; the same array until something
   * changes.
   */
  eligible(): readonly Entrant[]
  /** Whether a model is drawn now, and why not, in words. */
  status(model: Model): StatusOf
  /** Something outside changed that decides who can be drawn. */
  changed(): void
  stop(): void
}

export type RosterDeps = {
  /** Whether what a model runs on is up. */
  readonly isRunning: (model: Model) => boolean
  /** Whether a model answers. */
  readonly probe: (slug: string) => Promise<boolean>
  readonly schedule: Schedule
  readonly now: () => number
  /** How long an open breaker waits before it first asks. */
  readonly retryMs?: number | undefined
  /** Which of a model's own limits is reached, in words. */
  readonly limitedBy?: (model: Model) => string | undefined
  readonly lastAnswerAt?: (slug: string) => number | undefined
  readonly onBreaker?: (slug: string, state: BreakerState) => void
  /** A model is there, or is another one. */
  readonly onPut?: (model: Model) => void
}

export function createRoster(deps: RosterDeps): Roster {
  const { isRunning, now, limitedBy = () => undefined } = deps
  const models = new Map<string, Model>()
  const breakers = new Map<string, Breaker>()
  let sorted: readonly Model[] | undefined
  let eligible: readonly Entrant[] | undefined
  /** When somebody who is left alone now may be asked again, so that the list is another one. */
  let eligibleUntil = Infinity

  const changed = () => {
    eligible = undefined
  }
  const breaker = (slug: string): Breaker => {
    let found = breakers.get(slug)
    if (found === undefined) {
      found = createBreaker({
        probe: () => (isOut(models.get(slug)) ? Promise.resolve(false) : deps.probe(slug)),
        schedule: deps.schedule,
        now,
        retryMs: deps.retryMs,
        lastAnswerAt: () => deps.lastAnswerAt?.(slug),
        onChange(state) {
          changed()
          deps.onBreaker?.(slug, state)
        },
      })
      breakers.set(slug, found)
    }
    return found
  }

  function findEligible(): readonly Entrant[] {
    eligibleUntil = Infinity
    const cooling = new Set<Model>()
    const able = [...models.values()].filter((model) => {
      if (isOut(model) || !isRunning(model)) return false
      const health = breaker(model.slug)
      if (health.isOpen() || health.isTrying()) return false
      const until = health.coolingUntil()
      if (until !== undefined) {
        cooling.add(model)
        eligibleUntil = Math.min(eligibleUntil, until)
      }
      return true
    })
    const others = able.filter((model) => !cooling.has(model))
    const enough = cooling.size > 0 && others.filter(isFree).length >= OTHERS
    // Who is limited changes without a word: with somebody cooling it is asked at each draw.
    if (cooling.size > 0 && others.some(({ limits }) => Object.keys(limits).length > 0)) {
      eligibleUntil = 0
    }
    return (enough ? others : able)
      .sort(bySlug)
      .map(({ slug, current, weight }) => ({ slug, version: current.version, weight }))
  }
  const isFree = (model: Model) => model.weight > 0 && limitedBy(model) === undefined

  function status(model: Model): StatusOf {
    if (model.retired !== null) return { status: 'retired', reason: model.retired.reason }
    if (!model.enabled) return { status: 'paused', reason: model.paused?.reason ?? null }
    const health = breaker(model.slug)
    const { lastError, nextProbeAt, failuresInARow } = health.health()
    if (!isRunning(model)) {
      return { status: 'not-running', reason: 'the local inference does not serve it now' }
    }
    if (health.isOpen()) {
      const again =
        nextProbeAt === null ? 'is being asked again' : `is asked again at ${nextProbeAt}`
      const last = lastError === null ? '' : `; last: ${lastError}`
      return { status: 'failing', reason: `${failuresInARow} failures in a row, ${again}${last}` }
    }
    if (health.state() === 'half-open') {
      const how = health.isTrying() ? 'one answer is being written' : 'the next answer decides'
      return { status: 'on-trial', reason: `it answers again: ${how}` }
    }
    const limit = limitedBy(model)
    if (limit !== undefined) return { status: 'limited', reason: limit }
    const cooling = health.coolingUntil()
    if (cooling !== undefined) {
      const until = new Date(cooling).toISOString()
      return { status: 'cooling', reason: `its provider asked to be left alone until ${until}` }
    }
    if (model.weight === 0) return { status: 'unweighted', reason: 'its weight is 0' }
    return { status: 'ready', reason: probeTrouble(health.health()) }
  }

  return {
    get: (slug) => models.get(slug),
    all: () => (sorted ??= [...models.values()].sort(bySlug)),
    put(model) {
      models.set(model.slug, model)
      if (model.retired !== null) breakers.get(model.slug)?.stop()
      sorted = undefined
      changed()
      deps.onPut?.(model)
    },
    breaker,
    eligible() {
      if (eligible === undefined || now() >= eligibleUntil) eligible = findEligible()
      return eligible
    },
    status,
    changed,
    stop() {
      for (const one of breakers.values()) one.stop()
    },
  }
}

/** Whether an administrator took the model out of the draw. */
export function isOut(model: Model | undefined): boolean {
  return model === undefined || !model.enabled || model.retired !== null
}

/** Of a model that has not answered since its last probe failed. */
function probeTrouble({ lastProbe, lastAnswerAt }: Health): string | null {
  if (lastProbe === null || lastProbe.ok) return null
  if (lastAnswerAt !== null && lastAnswerAt >= lastProbe.at) return null
  return `its last probe failed: ${lastProbe.error ?? 'it did not answer'}`
}

// By code units: the same order on every machine, and the order of the lists' cursors.
function bySlug(left: Model, right: Model): number {
  return left.slug < right.slug ? -1 : 1
}
