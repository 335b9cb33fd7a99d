import type { CacheUse, DecodeStep, Engine, EngineSequence } from '../engine.ts'
import { type GraphPlan, planGraph } from '../graph-plan.ts'
import type { EngineOptions } from '../open-engine.ts'
import { inGib } from '../gibibytes.ts'
import type { DeviceMemory } from './device.ts'
import { type OrtSession, openOrtSession } from './ort-session.ts'
import { loneRowDiffers, sharingProblem } from './probes.ts'
import { Slots, type SlotSequence } from './slots.ts'
import { StepRunner } from './step-runner.ts'

/**
 * Runs a graph whose attention writes into the cache that it was given (GroupQueryAttention with
 * past and present the same memory) through the runtime's C API: nothing is copied from token to
 * token, several sequences make one step, and the event loop is free meanwhile.
 * Throws when this platform has no native runtime, or the graph's attention works otherwise, or the
 * device has no room for caches.
 */
export async function loadSharedCacheEngine(
  path: string,
  options: EngineOptions,
): Promise<SharedCacheEngine> {
  const session = await openOrtSession(path, options.threads, options.device)
  let runner: StepRunner | undefined
  try {
    const plan = planGraph(session.inputs, session.outputs, options.names)
    const { sequences: slots, contextLength, cacheBytes, chunkTokens } = options
    const maxLength = Math.min(
      contextLength,
      Math.floor(cacheBytes / plan.bytesPerToken),
      tokensOn(session.memory, slots, plan),
    )
    runner = new StepRunner(session, plan, { slots, maxLength, chunkTokens })
    const problem = await sharingProblem(session, plan, runner)
    if (problem !== null) throw new Error(problem)
    runner.accompanies = slots > 1 && (await loneRowDiffers(plan, runner))
    const keptTokens = Math.floor(cacheBytes / plan.bytesPerToken)
    const held = new Slots(runner.cache, slots, chunkTokens, keptTokens)
    return new SharedCacheEngine(session, plan, runner, held, maxLength)
  } catch (error) {
    runner?.release()
    session.release()
    throw error
  }
}

/** Tokens that a sequence must have room for: below, a model is of no use. */
const SHORTEST_CONTEXT = 256

/** How long a sequence may be where the caches of all slots are taken at once. */
function tokensOn({ cacheBytes }: DeviceMemory, slots: number, plan: GraphPlan): number {
  if (cacheBytes === null) return Infinity
  const perToken = (slots + 1) * plan.bytesPerToken
  const tokens = Math.floor(cacheBytes / perToken)
  if (tokens >= SHORTEST_CONTEXT) return tokens
  const [needed, free] = [SHORTEST_CONTEXT * perToken, cacheBytes].map(inGib)
  throw new Error(
    `the caches of ${slots} answers need ${needed} on the GPU, ${free} are left for them`,
  )
}

class SharedCacheEngine implements Engine {
  readonly vocabularySize: number
  readonly bytesPerToken: number
  readonly remembers = true
  /** Tokens that one sequence may have. */
  readonly contextLength: number
  readonly #session: OrtSession
  readonly #runner: StepRunner
  readonly #slots: Slots

  constructor(
    session: OrtSession,
    plan: GraphPlan,
    runner: StepRunner,
    slots: Slots,
    contextLength: number,
  ) {
    this.vocabularySize = plan.vocabularySize
    this.bytesPerToken = plan.bytesPerToken
    this.#session = session
    this.#runner = runner
    this.#slots = slots
    this.contextLength = contextLength
  }

  open(promptIds: readonly number[] = []): SlotSequence {
    return this.#slots.take(promptIds)
  }

  async prefill(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array> {
    const own = this.#own(sequence)
    const { chunk } = this.#slots
    let logits: Float32Array = new Float32Array(0)
    for (let at = 0; at < ids.length; at += chunk) {
      const [row] = await this.#read(own.slot, [own], ids.slice(at, at + chunk))
      logits = row ?? logits
    }
    return logits
  }

  async prefillAll(sequence: EngineSequence, ids: readonly number[]): Promise<Float32Array[]> {
    const own = this.#own(sequence)
    const { chunk } = this.#slots
    const rows: Float32Array[] = []
    for (let at = 0; at < ids.length; at += chunk) {
      rows.push(...(await this.#read(own.slot, [own], ids.slice(at, at + chunk), true)))
    }
    return rows
  }

  async decode(steps: readonly DecodeStep[]): Promise<Float32Array[]> {
    const tokens = new Map(steps.map(({ sequence, token }) => [this.#own(sequence), token]))
    const sequences = [...tokens.keys()]
    this.#slots.gather(sequences)
    // Rows come in the order of the slots; the caller's may be another.
    const order = sequences.toSorted((left, right) => left.slot - right.slot)
    const ids = order.map((sequence) => tokens.get(sequence) ?? -1)
    const rows = await this.#read(0, order, ids)
    return sequences.map(({ slot }) => rows[slot] ?? new Float32Array(0))
  }

  recycle(row: Float32Array): void {
    this.#runner.recycle(row)
  }

  free(sequence: EngineSequence): void {
    if (isOwn(sequence)) this.#slots.release(sequence)
  }

  cacheUse(): CacheUse {
    return this.#slots.use()
  }

  trim(): void {
    this.#slots.forgetDownTo(0)
  }

  dispose(): Promise<void> {
    this.#runner.release()
    this.#session.release()
    return Promise.resolve()
  }

  async #read(
    first: number,
    sequences: readonly SlotSequence[],
    ids: readonly number[],
    everyToken = false,
  ): Promise<Float32Array[]> {
    let rows: Float32Array[]
    try {
      rows = await this.#runner.run(
        first,
        sequences.map(({ length }) => length),
        ids,
        everyToken,
      )
    } catch (error) {
      for (const sequence of sequences) this.#slots.spoil(sequence)
      throw error
    }
    const perRow = ids.length / sequences.length
    sequences.forEach((sequence, row) =>
      this.#slots.read(sequence, ids.slice(row * perRow, (row + 1) * perRow)),
    )
    return rows
  }

  #own(sequence: EngineSequence): SlotSequence {
    if (!isOwn(sequence)) throw new TypeError('a sequence of another engine')
    if (!this.#slots.isHeld(sequence)) throw new Error('the sequence is freed')
    return sequence
  }
}

function isOwn(sequence: EngineSequence): sequence is SlotSequence {
  return 'slot' in sequence
}
