import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { CacheUse, Engine, EngineSequence } from './engine.ts'
import type { GraphNames } from './graph-names.ts'
import {
  type CacheSlot,
  type GraphPlan,
  type GraphValue,
  type IntegerInput,
  planGraph,
} from './graph-plan.ts'
import { halvesToFloats } from './half.ts'
import { checkTokens } from './tokens.ts'

/** How to open a graph. */
export interface GrowingCacheOptions {
  /** Threads that one step may use. */
  readonly threads: number
  /** What the graph's inputs and outputs are called; optimum's names when it is left out. */
  readonly names?: GraphNames | undefined
}

interface GrowingSequence extends EngineSequence {
  length: number
  cache: Map<string, Tensor>
}

/**
 * Opens the ONNX graph at `path` on the CPU with onnxruntime-node. The runtime reads the file
 * itself, so that it finds external data beside it. Throws when the graph cannot be opened or
 * wants inputs that nobody here can give.
 *
 * Every step hands the whole cache in and takes a longer one out: the JavaScript interface can
 * neither share nor keep it, which costs one copy of the cache a token but works for every export.
 */
export async function loadGrowingCacheEngine(
  path: string,
  options: GrowingCacheOptions,
): Promise<Engine> {
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    // What goes wrong comes as an exception; the runtime's own lines on stderr would only repeat it.
    logSeverityLevel: 4,
    // The arena and this process share the machine: threads that spin while they wait would take
    // the processor from it and, measured on two cores, slow both down.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })
  try {
    const plan = planGraph(
      tensorsOf(session.inputMetadata),
      tensorsOf(session.outputMetadata),
      options.names,
    )
    return new GrowingCacheEngine(session, plan)
  } catch (error) {
    await session.release()
    throw error
  }
}

function tensorsOf(metadata: readonly InferenceSession.ValueMetadata[]): GraphValue[] {
  return metadata.filter((value) => value.isTensor)
}

class GrowingCacheEngine implements Engine {
  readonly vocabularySize: number
  readonly bytesPerToken: number
  readonly remembers = false
  readonly #session: InferenceSession
  readonly #plan: GraphPlan
  readonly #open = new Set<GrowingSequence>()

  constructor(session: InferenceSession, plan: GraphPlan) {
    this.#session = session
    this.#plan = plan
    this.vocabularySize = plan.vocabularySize
    this.bytesPerToken = plan.bytesPerToken
  }

  open(): GrowingSequence {
    const sequence = {
      length: 0,
      cache: new Map(this.#plan.slots.map((slot) => [slot.past, emptyPast(slot)])),
    }
    this.#open.add(sequence)
    return sequence
  }

  async prefill(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array> {
    const logits = await this.#read(growing(sequence), ids, 1)
    return this.#row(logits, rowsOf(logits, this.vocabularySize) - 1)
  }

  async prefillAll(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array[]> {
    const logits = await this.#read(growing(sequence), ids, ids.length)
    return ids.map((_, index) => this.#row(logits, index))
  }

  async decode(steps: Parameters<Engine['decode']>[0]): Promise<Float32Array[]> {
    const rows: Float32Array[] = []
    for (const { sequence, token } of steps) rows.push(await this.prefill(sequence, [token]))
    return rows
  }

  free(sequence: EngineSequence): void {
    const own = growing(sequence)
    own.cache.clear()
    this.#open.delete(own)
  }

  cacheUse(): CacheUse {
    const heldTokens = [...this.#open].reduce((sum, { length }) => sum + length, 0)
    return { sequences: this.#open.size, heldTokens, keptTokens: 0 }
  }

  trim(): void {
    // Nothing is kept: what a sequence leaves is the garbage collector's.
  }

  dispose(): Promise<void> {
    return this.#session.release()
  }

  async #read(sequence: GrowingSequence, ids: readonly number[], kept: number): Promise<Tensor> {
    checkTokens(ids, this.vocabularySize)
    const outputs = await this.#session.run(this.#feeds(sequence, ids, kept))
    for (const { past, present } of this.#plan.slots) {
      sequence.cache.set(past, tensorNamed(outputs, present))
    }
    sequence.length += ids.length
    return tensorNamed(outputs, this.#plan.logits)
  }

  #row(logits: Tensor, index: number): Float32Array {
    return rowOf(logits, index, this.vocabularySize)
  }

  #feeds(sequence: GrowingSequence, ids: readonly number[], kept: number): Record<string, Tensor> {
    const plan = this.#plan
    const past = sequence.length
    const total = past + ids.length
    const feeds: Record<string, Tensor> = {
      ...Object.fromEntries(sequence.cache),
      [plan.ids.name]: integers(plan.ids, ids, [1, ids.length]),
      [plan.mask.name]: integers(plan.mask, Array<number>(total).fill(1), [1, total]),
    }
    if (plan.positions) {
      const positions = ids.map((_, index) => past + index)
      feeds[plan.positions.name] = integers(plan.positions, positions, [1, ids.length])
    }
    if (plan.kept) feeds[plan.kept.name] = integers(plan.kept, [kept], plan.kept.shape)
    if (plan.cacheBranch) feeds['use_cache_branch'] = new Tensor('bool', [past > 0], [1])
    return feeds
  }
}

function growing(sequence: EngineSequence): GrowingSequence {
  if (!('cache' in sequence)) throw new TypeError('a sequence of another engine')
  return sequence as GrowingSequence
}

function emptyPast({ type, heads, width }: CacheSlot): Tensor {
  const dims = [1, heads, 0, width]
  if (type === 'float32') return new Tensor('float32', new Float32Array(0), dims)
  return new Tensor('float16', new Uint16Array(0), dims)
}

function integers(
  { type }: IntegerInput,
  values: readonly number[],
  dims: readonly number[],
): Tensor {
  return type === 'int64'
    ? new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
    : new Tensor('int32', Int32Array.from(values), dims)
}

function tensorNamed(outputs: InferenceSession.ReturnType, name: string): Tensor {
  const value = outputs[name]
  if (value instanceof Tensor) return value
  throw new Error(`the graph gave no ${name}`)
}

function rowsOf({ data }: Tensor, width: number): number {
  return data.length / width
}

function rowOf(logits: Tensor, index: number, width: number): Float32Array {
  const { data } = logits
  const [start, end] = [index * width, (index + 1) * width]
  if (data instanceof Float32Array) return data.subarray(start, end)
  // Newer Node has a Float16Array and gets one from the runtime; its bits are the same.
  if (data instanceof Uint16Array) return halvesToFloats(data.subarray(start, end))
  if (ArrayBuffer.isView(data) && logits.type === 'float16') {
    return halvesToFloats(
      new Uint16Array(data.buffer, data.byteOffset, data.length).subarray(start, end),
    )
  }
  throw new Error(`logits are ${logits.type}`)
}
