import { createBreaker, type Breaker, type Schedule } from './breaker.ts'
import type { Entrant } from './entrants.ts'
import type { Model } from './model.ts'

/** All models in memory, with their health: what the database holds, at the speed of a draw. */
export type Roster = {
  get(slug: string): Model | undefined
  /** Every model, also the retired, by slug. */
  all(): readonly Model[]
  put(model: Model): void
  breaker(slug: string): Breaker
  /** Everybody who can be drawn now; the same array until something changes. */
  eligible(): readonly Entrant[]
  /** Something outside changed that decides who can be drawn. */
  changed(): void
  stop(): void
}

export function createRoster(deps: {
  /** Whether what a model runs on is up. */
  isRunning: (model: Model) => boolean
  /** Whether a model answers. */
  probe: (slug: string) => Promise<boolean>
  schedule: Schedule
}): Roster {
  const models = new Map<string, Model>()
  const breakers = new Map<string, Breaker>()
  let sorted: readonly Model[] | undefined
  let eligible: readonly Entrant[] | undefined

  const changed = () => {
    eligible = undefined
  }
  const breaker = (slug: string): Breaker => {
    let found = breakers.get(slug)
    if (found === undefined) {
      const probe = () => (isOut(models.get(slug)) ? Promise.resolve(false) : deps.probe(slug))
      found = createBreaker({ probe, schedule: deps.schedule, onChange: changed })
      breakers.set(slug, found)
    }
    return found
  }

  return {
    get: (slug) => models.get(slug),
    all: () => (sorted ??= [...models.values()].sort(bySlug)),
    put(model) {
      models.set(model.slug, model)
      if (model.retired !== null) breakers.get(model.slug)?.stop()
      sorted = undefined
      changed()
    },
    breaker,
    eligible: () =>
      (eligible ??= [...models.values()]
        .filter((model) => !isOut(model) && !breaker(model.slug).isOpen() && deps.isRunning(model))
        .sort(bySlug)
        .map(({ slug, current, weight }) => ({ slug, version: current.version, weight }))),
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

// By code units: the same order on every machine, and the order of the lists' cursors.
function bySlug(left: Model, right: Model): number {
  return left.slug < right.slug ? -1 : 1
}
