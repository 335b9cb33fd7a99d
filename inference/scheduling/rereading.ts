import type { Engine } from '../engine/engine.ts'

/** Conversations that are worth reading again; the visitor goes on with the latest or with none. */
const MOST_KEPT = 4

interface Conversation {
  readonly engine: Engine
  readonly ids: readonly number[]
  /** Chunks that may still be read: as many as it has, even if its place is taken meanwhile. */
  chunksLeft: number
}

/**
 * Reads finished conversations once more while there is nothing else to do.
 *
 * An answer was read token by token as it was written, and the numbers that this leaves in the cache
 * differ in their last bits from those of reading it in chunks, as the next question will. Read in
 * chunks beforehand, question and answer need not be read when the next question comes, and its
 * answer is still the one that a fresh process would give, to the bit.
 */
export class Rereading {
  readonly #chunkTokens: number
  #kept: Conversation[] = []

  constructor(chunkTokens: number) {
    this.#chunkTokens = chunkTokens
  }

  get hasWork(): boolean {
    return this.#kept.length > 0
  }

  /** A conversation has come to its end, for now. */
  add(engine: Engine, ids: readonly number[]): void {
    if (!engine.remembers || ids.length <= this.#chunkTokens) return
    const chunksLeft = Math.floor(ids.length / this.#chunkTokens)
    this.#kept = [{ engine, ids, chunksLeft }, ...this.#kept].slice(0, MOST_KEPT)
  }

  clear(): void {
    this.#kept = []
  }

  /** Reads one chunk of the latest conversation; what fails is of no consequence. */
  async readSome(): Promise<void> {
    const [latest, ...others] = this.#kept
    if (latest === undefined) return
    const { engine, ids } = latest
    const sequence = engine.open(ids)
    try {
      const chunk = ids.slice(sequence.length, sequence.length + this.#chunkTokens)
      // The last token is always read with the question that follows.
      const whole =
        chunk.length === this.#chunkTokens && sequence.length + chunk.length < ids.length
      if (whole) {
        const row = await engine.prefill(sequence, chunk)
        engine.recycle?.(row)
      } else this.#kept = others
    } catch {
      this.#kept = others
    } finally {
      engine.free(sequence)
    }
  }
}
