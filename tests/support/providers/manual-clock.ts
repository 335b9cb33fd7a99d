import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Schedule } from '../../../server/schedule.ts'

/** A clock and its timers in the test's hand: time passes when the test says so. */
export class ManualClock {
  #now: number
  #timers: { at: number; run: () => void }[] = []

  constructor(now = Date.UTC(2026, 4, 5, 12)) {
    this.#now = now
  }

  readonly now = (): number => this.#now

  readonly schedule: Schedule = (run, delayMs) => {
    const timer = { at: this.#now + delayMs, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length
  }

  /** Lets time pass, runs what is due in its order, and lets promises settle after each. */
  async pass(ms: number): Promise<void> {
    await settled()
    const end = this.#now + ms
    for (;;) {
      const [next] = this.#timers.toSorted((left, right) => left.at - right.at)
      if (next === undefined || next.at > end) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settled()
    }
    this.#now = end
    await settled()
  }
}

/** Turns of the event loop after which whatever waits for no timer and no socket is done. */
const TURNS = 5

/** Lets every promise that can settle do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn()
}
