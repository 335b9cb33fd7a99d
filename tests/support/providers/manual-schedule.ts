import type { Schedule } from '../../../server/schedule.ts'

/** A clock in the test's hand: what is scheduled runs when the test says so. */
export class ManualSchedule {
  #queue: { run: () => void; delayMs: number }[] = []

  readonly schedule: Schedule = (run, delayMs) => {
    const entry = { run, delayMs }
    this.#queue.push(entry)
    return () => {
      this.#queue = this.#queue.filter((other) => other !== entry)
    }
  }

  get waiting(): number {
    return this.#queue.length
  }

  get nextDelay(): number | undefined {
    return this.#queue[0]?.delayMs
  }

  get delays(): readonly number[] {
    return this.#queue.map(({ delayMs }) => delayMs)
  }

  /** Runs what has the shortest delay, as time would. */
  async runShortest(): Promise<number> {
    const shortest = Math.min(...this.delays)
    const index = this.#queue.findIndex(({ delayMs }) => delayMs === shortest)
    this.#queue.unshift(...this.#queue.splice(index, 1))
    return this.runNext()
  }

  /** Runs what was scheduled first, lets promises settle, and tells its delay. */
  async runNext(): Promise<number> {
    const entry = this.#queue.shift()
    if (entry === undefined) throw new Error('nothing is scheduled')
    entry.run()
    await new Promise((resolve) => setImmediate(resolve))
    return entry.delayMs
  }
}
