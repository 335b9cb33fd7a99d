import type {
  CacheUse,
  DecodeStep,
  Engine,
  EngineSequence,
} from '../../../inference/engine/engine.ts'

interface ScriptedSequence extends EngineSequence {
  readonly name: number
  length: number
}

/**
 * An engine without a model: it writes down what it is asked for, in order, and its logits always
 * favour the token after the last one read. `beforeStep` runs before every call, and may throw.
 */
export class ScriptedEngine implements Engine {
  readonly vocabularySize = 1000
  readonly bytesPerToken = 1
  /** What `open` says to know of a prompt, in tokens. */
  knows: (promptIds: readonly number[]) => number = () => 0
  remembers = false
  readonly calls: string[] = []
  readonly opened = new Set<EngineSequence>()
  beforeStep: (call: string) => Promise<void> | void = () => {}
  readonly #name: string
  #count = 0

  constructor(name = '') {
    this.#name = name
  }

  open(promptIds: readonly number[] = []): EngineSequence {
    const length = this.knows(promptIds)
    const sequence: ScriptedSequence = { name: ++this.#count, length }
    this.opened.add(sequence)
    return sequence
  }

  async prefill(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array> {
    await this.#record(`${this.#name}prefill ${nameOf(sequence)} ${ids.length}`)
    return this.#logitsAfter(ids.at(-1) ?? 0)
  }

  async prefillAll(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array[]> {
    await this.#record(`${this.#name}prefillAll ${nameOf(sequence)} ${ids.length}`)
    return ids.map((id) => this.#logitsAfter(id))
  }

  async decode(steps: readonly DecodeStep[]): Promise<Float32Array[]> {
    await this.#record(
      `${this.#name}decode ${steps.map(({ sequence }) => nameOf(sequence)).join(' ')}`,
    )
    return steps.map(({ token }) => this.#logitsAfter(token))
  }

  free(sequence: EngineSequence): void {
    if (!this.opened.delete(sequence)) throw new Error('freed twice')
  }

  cacheUse(): CacheUse {
    const lengths = [...this.opened].map(({ length }) => length)
    return {
      sequences: lengths.length,
      heldTokens: lengths.reduce((sum, length) => sum + length, 0),
      keptTokens: 0,
    }
  }

  trim(): void {}

  async dispose(): Promise<void> {}

  async #record(call: string): Promise<void> {
    this.calls.push(call)
    await this.beforeStep(call)
  }

  #logitsAfter(token: number): Float32Array {
    const logits = new Float32Array(this.vocabularySize)
    logits[(token + 1) % this.vocabularySize] = 10
    return logits
  }
}

function nameOf(sequence: EngineSequence): number {
  return (sequence as ScriptedSequence).name
}
