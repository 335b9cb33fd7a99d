/** What a piece of text sets free, and whether a stop string was found. */
export interface Released {
  readonly text: string
  readonly stopped: boolean
}

/**
 * Finds stop strings in text that comes in pieces. Text that might be the beginning of a stop
 * string is held back until that is decided, so no part of one ever gets out. Of several matches
 * the one that ends first counts, so the result does not depend on where the pieces were cut.
 */
export class StopMatcher {
  readonly #stops: readonly string[]
  #held = ''

  /** `stops`: no empty strings; none at all lets every piece through. */
  constructor(stops: readonly string[]) {
    this.#stops = stops
  }

  /** Takes the next piece. After `stopped` nothing more may be pushed. */
  push(piece: string): Released {
    const text = this.#held + piece
    const found = this.#find(text)
    if (found !== null) {
      this.#held = ''
      return { text: text.slice(0, found), stopped: true }
    }
    const open = this.#openLength(text)
    this.#held = text.slice(text.length - open)
    return { text: text.slice(0, text.length - open), stopped: false }
  }

  /** The text still held back, once it is clear that nothing follows. */
  flush(): string {
    const held = this.#held
    this.#held = ''
    return held
  }

  #find(text: string): number | null {
    let start: number | null = null
    let end = Infinity
    for (const stop of this.#stops) {
      const index = text.indexOf(stop)
      if (index < 0) continue
      const stopEnd = index + stop.length
      if (stopEnd < end || (stopEnd === end && index < (start ?? Infinity))) {
        start = index
        end = stopEnd
      }
    }
    return start
  }

  /** Length of the longest end of `text` that begins a stop string. */
  #openLength(text: string): number {
    let longest = 0
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (stop.startsWith(text.slice(text.length - length))) longest = length
      }
    }
    return longest
  }
}
