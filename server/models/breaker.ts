import type { AdminModel, CheckResult } from '../../shared/schemas/model.ts'
import type { Schedule } from '../schedule.ts'
import { isoTime } from './iso-time.ts'

/** So many failures in a row take a model out of the draw. */
export const FAILURES_TO_OPEN = 8

const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 600_000

export type Health = AdminModel['health']
export type BreakerState = Health['breaker']

/** One answer as the breaker sees it; only the first call of the three counts. */
export type Attempt = {
  succeeded(): void
  failed(error: string): void
  /** It was stopped, or says nothing of the model: nothing is learned from it. */
  left(): void
}

/**
 * Takes one model out of the draw while it keeps failing, and asks it from time to time, ever less
 * often, whether it is back. If it is, it is on trial: one answer at a time, until one decides.
 */
export type Breaker = {
  health(): Health
  state(): BreakerState
  isOpen(): boolean
  /** Half-open, and the answer that decides is being written. */
  isTrying(): boolean
  /** An answer is about to be asked for. */
  begin(): Attempt
  /** Closes it at once: the model is known to answer. */
  succeeded(): void
  /** Counts a failure. */
  failed(error: string): void
  /** Shows an error to administrators without counting it. */
  note(error: string): void
  /** Shows what a probe found; probes only report. */
  probed(result: CheckResult): void
  /** The provider wants to be left alone for so long. */
  coolFor(ms: number): void
  /** Until when the provider wants to be left alone; undefined if it does not. */
  coolingUntil(): number | undefined
  /** Begins anew, since what failed is not what is there now. */
  reset(): void
  stop(): void
}

export type BreakerDeps = {
  /** Whether the model answers. */
  readonly probe: () => Promise<boolean>
  readonly schedule: Schedule
  readonly now: () => number
  /** How long it waits before it first asks; 30 s if left out. */
  readonly retryMs?: number | undefined
  readonly lastAnswerAt?: () => number | undefined
  /** Something changed that decides whether the model is drawn. */
  readonly onChange: (state: BreakerState) => void
}

export function createBreaker(deps: BreakerDeps): Breaker {
  const { probe, schedule, now, onChange, retryMs = FIRST_RETRY_MS } = deps
  const longestMs = Math.max(LONGEST_RETRY_MS, retryMs)
  let state: BreakerState = 'closed'
  let failures = 0
  let lastError: string | null = null
  let lastProbe: Health['lastProbe'] = null
  let coolsUntil = 0
  let delayMs = retryMs
  let nextProbeAt: number | undefined
  let cancelProbe: (() => void) | undefined
  // What was begun in another phase has no say in this one.
  let phase = 0
  let trying = 0
  let stopped = false

  function enter(next: BreakerState): void {
    cancelProbe?.()
    cancelProbe = undefined
    nextProbeAt = undefined
    phase += 1
    trying = 0
    const changed = state !== next
    state = next
    if (changed) onChange(next)
  }

  function close(): void {
    failures = 0
    lastError = null
    delayMs = retryMs
    if (state !== 'closed') enter('closed')
  }

  function open(): void {
    enter('open')
    probeLater()
  }

  /** Asks after the present delay, and never earlier than the provider wants to be asked. */
  function probeLater(): void {
    if (stopped) return
    const mine = phase
    const waitMs = Math.max(delayMs, coolsUntil - now())
    delayMs = Math.min(delayMs * 2, longestMs)
    nextProbeAt = now() + waitMs
    cancelProbe = schedule(() => {
      nextProbeAt = undefined
      const judge = (healthy: boolean) => {
        if (mine !== phase || state !== 'open') return
        if (healthy) enter('half-open')
        else probeLater()
      }
      probe().then(judge, () => judge(false))
    }, waitMs)
  }

  function failed(error: string): void {
    failures += 1
    lastError = error
    if (state === 'half-open' || (state === 'closed' && failures >= FAILURES_TO_OPEN)) open()
  }

  return {
    health() {
      const answeredAt = deps.lastAnswerAt?.()
      return {
        breaker: state,
        failuresInARow: failures,
        lastError,
        nextProbeAt: nextProbeAt === undefined ? null : isoTime(nextProbeAt),
        lastProbe,
        lastAnswerAt: answeredAt === undefined ? null : isoTime(answeredAt),
      }
    },
    state: () => state,
    isOpen: () => state === 'open',
    isTrying: () => state === 'half-open' && trying > 0,

    begin() {
      const mine = phase
      const onTrial = state === 'half-open'
      if (onTrial) {
        trying += 1
        if (trying === 1) onChange(state)
      }
      let over = false
      /** @returns whether this attempt may still say something */
      const end = (): boolean => {
        const counts = !over && mine === phase
        over = true
        if (counts && onTrial) trying -= 1
        return counts
      }
      return {
        succeeded: () => void (end() && close()),
        failed: (error) => void (end() && failed(error)),
        left: () => void (end() && onTrial && trying === 0 && onChange(state)),
      }
    },

    succeeded() {
      coolsUntil = 0
      close()
    },
    failed,
    note(error) {
      lastError = error
    },
    probed({ ok, error, firstTokenMs }) {
      lastProbe = {
        at: isoTime(now()),
        ok,
        ...(error === undefined ? {} : { error }),
        ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      }
    },
    coolFor(ms) {
      const until = now() + ms
      if (until <= coolsUntil) return
      coolsUntil = until
      onChange(state)
    },
    coolingUntil: () => (coolsUntil > now() ? coolsUntil : undefined),
    reset() {
      coolsUntil = 0
      close()
      // Answers of what was there before are under way, also where it was closed.
      phase += 1
      trying = 0
    },
    stop() {
      cancelProbe?.()
      cancelProbe = undefined
      nextProbeAt = undefined
      phase += 1
      stopped = true
    },
  }
}
