import type { Logger } from 'pino'
import type { Schedule } from '../schedule.ts'

/** At most so often is written what nobody waits for. */
const INTERVAL_MS = 1000

/** Writes down what changed, a while later and all at once: never on the path of an answer. */
export type WriteBehind = {
  /** Something is to be written. */
  mark(): void
  /** Writes now, if there is something; resolves when it is written or has failed. */
  flush(): Promise<void>
  /** Writes for the last time. */
  stop(): Promise<void>
}

/**
 * @param write takes what is to be written and writes it; where it rejects it has kept what it
 * could not write, and is called again
 */
export function createWriteBehind(deps: {
  readonly write: () => Promise<void>
  readonly schedule: Schedule
  readonly log: Logger
  /** What is written, for the log. */
  readonly what: string
}): WriteBehind {
  const { write, schedule, log, what } = deps
  let dirty = false
  let stopped = false
  let cancel: (() => void) | undefined
  let writing: Promise<void> = Promise.resolve()

  function arm(): void {
    if (stopped || cancel !== undefined) return
    cancel = schedule(() => {
      cancel = undefined
      void flush()
    }, INTERVAL_MS)
  }

  async function writeOnce(): Promise<void> {
    if (!dirty) return
    dirty = false
    try {
      await write()
    } catch (cause) {
      log.error({ err: cause }, `${what} could not be written down`)
      dirty = true
      arm()
    }
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(writeOnce)
    return writing
  }

  return {
    mark() {
      dirty = true
      arm()
    },
    flush,
    stop() {
      stopped = true
      return flush()
    },
  }
}
