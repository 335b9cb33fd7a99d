import type { Logger } from 'pino'
import { BOARD_ENGINE } from './engine.ts'
import type { Checkpoint } from './history.ts'
import type { HistoryRepository } from './history-repository.ts'

/** How long a failed write waits before it is tried again. */
const RETRY_MS = 5000

type HistoryKeeperDeps = {
  readonly history: Pick<HistoryRepository, 'loadProgress' | 'replace' | 'append'>
  readonly log: Logger
}

/** Stores the moments of the history as they pass, in order. */
export function createHistoryKeeper({ history, log }: HistoryKeeperDeps) {
  let position = 0
  let waiting: Checkpoint[] = []
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function write(): Promise<void> {
    try {
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        const stored = await history.append(position, next)
        // What is missing now is computed again at the next start.
        if (!stored) log.warn({ position: next.position }, 'the rating history does not follow on')
        else position = next.position
        waiting.shift()
      }
    } catch (cause) {
      log.error({ err: cause }, 'the rating history could not be written; trying again')
      if (!stopped) timer = setTimeout(flush, RETRY_MS)
    }
    writing = undefined
  }

  function flush(): void {
    clearTimeout(timer)
    writing ??= write()
  }

  return {
    /** Takes up what is stored, or begins anew if another engine computed it. */
    async load(): Promise<void> {
      const progress = await history.loadProgress()
      if (progress?.engine !== BOARD_ENGINE) await history.replace(BOARD_ENGINE, [])
      position = progress?.engine === BOARD_ENGINE ? progress.position : 0
    },

    /** The last moment that is stored; 0 before the first. */
    get position(): number {
      return position
    },

    /** Stores the next moment; one that is stored or waits already changes nothing. */
    keep(checkpoint: Checkpoint): void {
      if (checkpoint.position <= (waiting.at(-1)?.position ?? position)) return
      waiting.push(checkpoint)
      flush()
    },

    /** Writes what waits, then stops. */
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await writing
      waiting = []
    },
  }
}
