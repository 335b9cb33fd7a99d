/** How long calls of engines take. */
export interface StepTimes {
  /** Since when the present call is under way, in milliseconds; null while there is none. */
  readonly ageMs: number | null
  /** The longest of the calls so far that came back, in milliseconds. */
  readonly longestMs: number
}

/** Holds the watch at the calls of engines, one at a time. */
export class StepWatch implements StepTimes {
  readonly #now: () => number
  #since: number | null = null
  #longestMs = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get ageMs(): number | null {
    return this.#since === null ? null : this.#now() - this.#since
  }

  get longestMs(): number {
    return this.#longestMs
  }

  async time<Value>(call: () => Promise<Value>): Promise<Value> {
    const since = this.#now()
    this.#since = since
    try {
      return await call()
    } finally {
      this.#since = null
      this.#longestMs = Math.max(this.#longestMs, this.#now() - since)
    }
  }
}
