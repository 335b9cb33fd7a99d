import type { FreeMemory } from './free-memory.ts'

const MIB = 1024 ** 2
/** Left free for everything that nobody counts: the runtime's own buffers, JavaScript's heap. */
const MARGIN_SHARE = 0.02
const SMALLEST_MARGIN = 32 * MIB
const LARGEST_MARGIN = 512 * MIB
/** A reading serves for so long: a burst of requests is not to read files for each. */
const FRESH_MS = 250

export interface MemoryGuardDeps {
  readonly read: () => FreeMemory | null
  readonly now: () => number
  /** Gives memory back that is kept for convenience alone. */
  readonly trim: () => void
}

/** Turns requests away before the system ends the process for want of memory. */
export class MemoryGuard {
  readonly #deps: MemoryGuardDeps
  #last: { readonly at: number; readonly free: FreeMemory | null } | null = null

  constructor(deps: MemoryGuardDeps) {
    this.#deps = deps
  }

  /** What is free, as read lately; null where the system does not tell. */
  get free(): FreeMemory | null {
    return this.#read(FRESH_MS)
  }

  /** Whether even a request that needs nothing would be turned away. */
  get isShort(): boolean {
    return !leaves(this.free, 0)
  }

  /**
   * Whether so many bytes more may be taken. Before it says no, it gives back what is kept for
   * conversations that may go on.
   */
  allows(bytes: number): boolean {
    if (leaves(this.free, bytes)) return true
    this.#deps.trim()
    return leaves(this.#read(0), bytes)
  }

  #read(freshMs: number): FreeMemory | null {
    const now = this.#deps.now()
    if (this.#last === null || now - this.#last.at >= freshMs) {
      this.#last = { at: now, free: this.#deps.read() }
    }
    return this.#last.free
  }
}

function leaves(free: FreeMemory | null, bytes: number): boolean {
  if (free === null) return true
  const margin = Math.min(Math.max(free.limitBytes * MARGIN_SHARE, SMALLEST_MARGIN), LARGEST_MARGIN)
  return free.freeBytes - bytes >= margin
}
