import type { CheckedModel } from '../../shared/schemas/admin.ts'
import type { CheckResult } from '../../shared/schemas/model.ts'
import { inParallel } from './in-parallel.ts'
import type { Model } from './model.ts'
import type { Probe } from './probe.ts'
import { isOut, type Roster } from './roster.ts'

/** How many models are asked at once when many are. */
const AT_ONCE = 4

/** Asks models for a few words, and keeps what that says of their health. */
export type Checking = {
  one(model: Model): Promise<CheckResult>
  /** Some at a time; each result as soon as it is there. */
  each(models: readonly Model[], signal: AbortSignal): AsyncIterable<CheckedModel>
  /** Tells administrators early what battles would find out; nobody waits for it. */
  beside(models: readonly Model[]): void
}

export function createChecking(deps: {
  roster: Pick<Roster, 'get' | 'breaker'>
  probe: Probe
  /** A model that nobody waits for did not answer. */
  onFailed?: (model: Model, error: string) => void
}): Checking {
  const { roster, probe, onFailed } = deps

  async function ask(model: Model, closes: boolean): Promise<CheckResult> {
    const result = await probe(model)
    // Of what is not there any more nothing is kept.
    if (roster.get(model.slug)?.current !== model.current) return result
    const breaker = roster.breaker(model.slug)
    if (result.error !== undefined) breaker.note(result.error)
    else if (closes) breaker.succeeded()
    return result
  }

  async function askAll(models: readonly Model[]): Promise<void> {
    const never = new AbortController().signal
    const askBeside = async (model: Model) => {
      const { ok, error = 'it did not answer' } = await ask(model, false)
      const present = roster.get(model.slug)
      const isSame = present?.current === model.current && present.sealedKey === model.sealedKey
      if (!ok && isSame && !isOut(present)) onFailed?.(model, error)
    }
    for await (const _ of inParallel(models, askBeside, AT_ONCE, never));
  }

  return {
    one: (model) => ask(model, true),
    each: (models, signal) =>
      inParallel(
        models,
        async (model) => ({ slug: model.slug, ...(await ask(model, true)) }),
        AT_ONCE,
        signal,
      ),
    beside: (models) => void askAll(models),
  }
}
