/**
 * What an engine remembers of one conversation: the keys and values of every token it has read.
 * Opaque to everyone else; made by `Engine.open`, given back by `Engine.free`.
 */
export interface EngineSequence {
  /** Tokens read so far. */
  readonly length: number
}

/** One sequence of a decode step and the token that it reads next. */
export interface DecodeStep {
  readonly sequence: EngineSequence
  readonly token: number
}

/** What the caches of an engine take now. */
export interface CacheUse {
  /** Sequences that are open. */
  readonly sequences: number
  /** Tokens that these have read. */
  readonly heldTokens: number
  /** Room for so many more is in memory: what is kept for who comes back. */
  readonly keptTokens: number
}

/**
 * Runs one set of weights. A sequence is opened, prefilled in chunks, decoded step by step and
 * freed; the scheduler decides the order, so an engine never has two calls under way at once.
 *
 * Logits are one row of `vocabularySize` numbers for the last token read; the caller owns the row
 * and may change it. A call that throws leaves its sequences unusable: they are to be freed.
 */
export interface Engine {
  readonly vocabularySize: number
  /** Memory that one token of one sequence keeps occupied, in bytes. */
  readonly bytesPerToken: number
  /** Whether `open` ever knows the beginning of a prompt that was read before. */
  readonly remembers: boolean
  /**
   * Begins a sequence. One that is told its prompt may know the beginning of it already: then its
   * length says how many tokens need not be read again, never all of them.
   */
  open(promptIds?: readonly number[]): EngineSequence
  /** Reads `ids` (at least one) at the end of `sequence`. */
  prefill(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array>
  /** The same, with the logits after every one of `ids`, in order. */
  prefillAll(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array[]>
  /** Reads one token in each of several different sequences; the rows come in the order of `steps`. */
  decode(steps: readonly DecodeStep[]): Promise<Float32Array[]>
  /**
   * Takes back a row that its owner is done with, so that a later one need not be made: left to the
   * garbage collector, a row of 200 KB a token has it at work all the time.
   */
  recycle?(row: Float32Array): void
  free(sequence: EngineSequence): void
  /** What its caches take now. Cheap. */
  cacheUse(): CacheUse
  /** Gives back to the system what is kept for who comes back. */
  trim(): void
  /** Releases the weights. No other call may follow. */
  dispose(): Promise<void>
}
