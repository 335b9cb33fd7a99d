import type { CheckResult } from '../../shared/schemas/model.ts'
import type { Use } from '../health/activity.ts'
import { ProviderError } from '../providers/provider.ts'
import { describe, isBusy } from './describe.ts'
import { toAnswerRequest } from './conversation.ts'
import type { Model } from './model.ts'
import type { ProviderFactory } from './provider-factory.ts'
import { tokensTaken, tokensTakenByFailed } from './token-estimate.ts'

/** Enough to see words come, and nearly free at any price. */
const PROBE_TOKENS = 16
const PROBE_PROMPT = 'Please say hello.'

/** Asks a model for a few words, as it would be asked in a battle. Never throws. */
export type Probe = (model: Model) => Promise<CheckResult>

export function createProbe(deps: {
  readonly providerOf: ProviderFactory
  readonly clock: () => number
  /** Is told what the probe took: it is paid for like any other answer. */
  readonly onPaid?: (slug: string, use: Use) => void
  /** Is told when a provider asks to be left alone for a while. */
  readonly onBusy?: (model: Model, ms: number) => void
}): Probe {
  const { providerOf, clock, onPaid, onBusy } = deps
  return async (model) => {
    const started = clock()
    const request = toAnswerRequest(model.current, [{ prompt: PROBE_PROMPT }], PROBE_TOKENS)
    let firstTokenMs: number | undefined
    let characters = 0
    const pay = (use: Use) => {
      if (use.inputTokens + use.outputTokens > 0) onPaid?.(model.slug, use)
    }
    try {
      const never = new AbortController().signal
      for await (const part of providerOf(model, model.current)(request, never)) {
        if ('end' in part) pay(tokensTaken(request, characters, part.usage))
        else {
          firstTokenMs ??= Math.max(0, clock() - started)
          characters += 'text' in part ? part.text.length : part.reasoning.length
        }
      }
      return { ok: true, ...(firstTokenMs === undefined ? {} : { firstTokenMs }) }
    } catch (cause) {
      pay(tokensTakenByFailed(request, characters, cause))
      // A model that thinks first uses the few tokens up without a word: it does answer.
      if (cause instanceof ProviderError && cause.kind === 'empty' && cause.cause === 'length') {
        return { ok: true }
      }
      if (isBusy(cause) && cause.retryAfterMs !== undefined) onBusy?.(model, cause.retryAfterMs)
      return { ok: false, error: describe(cause) }
    }
  }
}
