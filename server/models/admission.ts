import type { AnswerTimeouts } from '../config.ts'
import { linkAbort } from '../providers/linked-abort.ts'
import { ProviderError, type AnswerRequest } from '../providers/provider.ts'
import type { Schedule } from '../schedule.ts'
import type { Breaker } from './breaker.ts'
import { estimateOf, type LimitGate, type LimitPass } from './limits.ts'
import type { Model } from './model.ts'

/** An answer waits so long at most for a provider that asked to be left alone. */
export const LONGEST_COOLING_WAIT_MS = 5000

type AdmissionDeps = {
  readonly gate: Pick<LimitGate, 'enter'>
  readonly breakerOf: (slug: string) => Pick<Breaker, 'coolingUntil'>
  readonly timeouts: Pick<AnswerTimeouts, 'firstTokenMs'>
  readonly now: () => number
  readonly schedule: Schedule
}

/** Lets an answer through to its provider when both the model's limits and the provider allow it. */
export type Admission = (
  model: Model,
  request: AnswerRequest,
  /** Until when the first token has to be there, once something was sent. */
  deadline: number | undefined,
  signal: AbortSignal,
) => Promise<LimitPass>

/**
 * The function returned throws a `ProviderError` where nothing may be sent in time: `limit` for the
 * model's own limits, `overloaded` for a provider that wants to be left alone.
 */
export function createAdmission(deps: AdmissionDeps): Admission {
  const { gate, breakerOf, timeouts, now, schedule } = deps

  /** How long may be waited: no longer than for a token, and for a second try what is left of that. */
  const patienceOf = (deadline: number | undefined): number =>
    deadline === undefined ? timeouts.firstTokenMs : Math.max(0, deadline - now())

  /** A place within the model's limits. */
  async function enter(
    model: Model,
    request: AnswerRequest,
    deadline: number | undefined,
    signal: AbortSignal,
  ) {
    const link = linkAbort(signal)
    const patience = patienceOf(deadline)
    const cancel = schedule(() => {
      const message = `no place within its limits came free in ${patience / 1000} s`
      link.abort(new ProviderError('limit', message))
    }, patience)
    try {
      const estimate = estimateOf(request, model.current.provider.kind)
      return await gate.enter(model, estimate, link.signal)
    } finally {
      cancel()
      link.unlink()
    }
  }

  async function coolDown(slug: string, deadline: number | undefined, signal: AbortSignal) {
    for (;;) {
      const until = breakerOf(slug).coolingUntil()
      if (until === undefined) return
      const wait = until - now()
      if (wait > LONGEST_COOLING_WAIT_MS || wait >= patienceOf(deadline)) {
        const seconds = Math.ceil(wait / 1000)
        const message = `not sent: its provider asked to be left alone for ${seconds} s more`
        throw new ProviderError('overloaded', message, { retryAfterMs: wait })
      }
      await pause(wait, signal, schedule)
    }
  }

  return async (model, request, deadline, signal) => {
    const pass = await enter(model, request, deadline, signal)
    try {
      await coolDown(model.slug, deadline, signal)
      return pass
    } catch (cause) {
      pass.leave()
      throw cause
    }
  }
}

/** Waits; rejects with the signal's reason. */
function pause(ms: number, signal: AbortSignal, schedule: Schedule): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(signal.reason as Error)
    }
    const cancel = schedule(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
