/** Frames go out this often when nothing is known of the load, in milliseconds. */
const START_WINDOW_MS = 100
const MIN_WINDOW_MS = 50
const MAX_WINDOW_MS = 200

/** The share of a window that sending may take before windows grow, and below which they shrink. */
const BUSY_SHARE = 0.25
const QUIET_SHARE = 0.03

type PacerDeps = {
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Sends what a battle has. @returns whether something is left for the next tick */
  flush(battleId: string): boolean
}

/**
 * The clock of all frames. Both sides of a battle share its ticks, so that cadence names nobody;
 * its window widens under load, which is what keeps a busy arena's cost per token falling.
 */
export class Pacer {
  readonly #deps: PacerDeps
  #dirty = new Set<string>()
  #window = START_WINDOW_MS
  #timer: NodeJS.Timeout | undefined
  #dueAt = 0

  constructor(deps: PacerDeps) {
    this.#deps = deps
  }

  /** The present window, in milliseconds. */
  get windowMs(): number {
    return this.#window
  }

  /** Something of this battle waits for the next frame. */
  mark(battleId: string): void {
    this.#dirty.add(battleId)
    if (this.#timer === undefined) this.#schedule()
  }

  /** Sends everything that waits, now. */
  flushAll(): void {
    const dirty = this.#dirty
    this.#dirty = new Set()
    for (const battleId of dirty) {
      if (this.#deps.flush(battleId)) this.#dirty.add(battleId)
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #schedule(): void {
    this.#dueAt = this.#deps.now() + this.#window
    this.#timer = setTimeout(() => this.#tick(), this.#window)
  }

  #tick(): void {
    const begun = this.#deps.now()
    this.flushAll()
    const ended = this.#deps.now()
    // A late tick is load as well: the loop was busy with something else.
    const share = (ended - begun + Math.max(0, begun - this.#dueAt)) / this.#window
    if (share > BUSY_SHARE) this.#window = Math.min(MAX_WINDOW_MS, this.#window * 1.25)
    else if (share < QUIET_SHARE) this.#window = Math.max(MIN_WINDOW_MS, this.#window * 0.95)
    this.#timer = undefined
    if (this.#dirty.size > 0) this.#schedule()
  }
}
