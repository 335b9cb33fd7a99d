import type { AdminModel } from '../../shared/schemas/model.ts'

/** So many failures in a row take a model out of the draw. */
export const FAILURES_TO_OPEN = 8

const FIRST_PROBE_MS = 30_000
const LONGEST_PROBE_MS = 600_000

/** Runs something later and returns how to call it off; a parameter, so that tests hold the clock. */
export type Schedule = (run: () => void, delayMs: number) => () => void

export const scheduleByTimer: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs).unref()
  return () => clearTimeout(timer)
}

export type Health = AdminModel['health']

/**
 * Takes one model out of the draw while it keeps failing, and asks it from time to time, ever less
 * often, whether it is back.
 */
export type Breaker = {
  health(): Health
  isOpen(): boolean
  succeeded(): void
  failed(error: string): void
  /** Shows an error to administrators without counting it. */
  note(error: string): void
  /** Begins anew, since what failed is not what is there now. */
  reset(): void
  stop(): void
}

export function createBreaker(deps: {
  /** Whether the model answers. */
  probe: () => Promise<boolean>
  schedule: Schedule
  onChange: () => void
}): Breaker {
  const { probe, schedule, onChange } = deps
  let failures = 0
  let open = false
  let lastError: string | null = null
  let cancelProbe: (() => void) | undefined
  // A probe that was under way when the breaker was closed has no say any more.
  let opening = 0

  function close(): void {
    failures = 0
    lastError = null
    cancelProbe?.()
    cancelProbe = undefined
    if (!open) return
    open = false
    opening += 1
    onChange()
  }

  function probeIn(delayMs: number): void {
    const mine = opening
    cancelProbe = schedule(() => {
      const judge = (healthy: boolean) => {
        if (mine !== opening || !open) return
        if (healthy) close()
        else probeIn(Math.min(delayMs * 2, LONGEST_PROBE_MS))
      }
      probe().then(judge, () => judge(false))
    }, delayMs)
  }

  return {
    health: () => ({ breaker: open ? 'open' : 'closed', failuresInARow: failures, lastError }),
    isOpen: () => open,
    succeeded: close,
    failed(error) {
      failures += 1
      lastError = error
      if (open || failures < FAILURES_TO_OPEN) return
      open = true
      opening += 1
      probeIn(FIRST_PROBE_MS)
      onChange()
    },
    note(error) {
      lastError = error
    },
    reset: close,
    stop() {
      cancelProbe?.()
      cancelProbe = undefined
      opening += 1
    },
  }
}
