import { setTimeout as sleep } from 'node:timers/promises'
import type { InferenceHealth } from './inference-health.ts'

/** How closely the inference process is watched; all in milliseconds. */
export type Heartbeat = {
  /** Between an answer and the next question. */
  readonly everyMs: number
  /** Silence for so long is a hang, unless the process itself asks for more patience. */
  readonly silenceMs: number
  /** How long the last question waits before the process is given up. */
  readonly retryMs: number
  /** The same silence while it starts and loads models: some of that blocks it. */
  readonly loadingSilenceMs: number
}

export const HEARTBEAT: Heartbeat = {
  everyMs: 3000,
  silenceMs: 10_000,
  retryMs: 2000,
  loadingSilenceMs: 300_000,
}

/** However slow a process says that it is. */
const LONGEST_PATIENCE_MS = 10 * 60_000

/** Asks once, and waits so long for the answer. */
type Ask = (timeoutMs: number) => Promise<InferenceHealth | undefined>

/**
 * Watches a process that is ready. Resolves with what makes it count as hung, in words that follow
 * "it", or with undefined when `signal` says that it is gone.
 *
 * One question without an answer proves nothing, since the whole machine may have been asleep: there
 * is always a second one.
 */
export async function untilHung(
  ask: Ask,
  heartbeat: Heartbeat,
  signal: AbortSignal,
): Promise<string | undefined> {
  let answeredAt = performance.now()
  let silenceMs = heartbeat.silenceMs
  let misses = 0
  for (;;) {
    await pause(misses === 0 ? heartbeat.everyMs : heartbeat.retryMs / 2, signal)
    if (signal.aborted) return undefined
    const health = await ask(misses === 0 ? silenceMs : heartbeat.retryMs)
    if (signal.aborted) return undefined
    const silentMs = performance.now() - answeredAt
    if (health === undefined) {
      misses += 1
      if (misses > 1 && silentMs >= silenceMs) return `did not answer for ${seconds(silentMs)}`
      continue
    }
    const { step, silenceLimitMs } = health
    if (step !== null && step.ageMs > step.limitMs) {
      return `did not come back from a step for ${seconds(step.ageMs)}`
    }
    answeredAt = performance.now()
    misses = 0
    silenceMs = Math.min(Math.max(heartbeat.silenceMs, silenceLimitMs), LONGEST_PATIENCE_MS)
  }
}

/** Waits, or less when `signal` says so; never keeps the process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
