import type { Engine } from './engine.ts'
import type { GraphNames } from './graph-names.ts'
import { loadGrowingCacheEngine } from './growing-cache-engine.ts'
import { CPU, type Device } from './native/device.ts'
import { explainCuda } from './native/device-problems.ts'
import { loadSharedCacheEngine } from './native/shared-cache-engine.ts'

/** How to open a graph. */
export interface EngineOptions {
  /** Threads that one step may use. */
  readonly threads: number
  /** Sequences that may be open at once. */
  readonly sequences: number
  /** Tokens that one sequence may have at most. */
  readonly contextLength: number
  /** Memory that all caches may take, in bytes; bounds the length of one as well. */
  readonly cacheBytes: number
  /** Tokens of a prompt that are read in one go. */
  readonly chunkTokens: number
  /** What the graph's inputs and outputs are called; optimum's names when it is left out. */
  readonly names?: GraphNames | undefined
  /** What to compute on; the CPU when it is left out. */
  readonly device?: Device | undefined
}

/** An engine, and why it is not the faster one where it is not. */
export interface OpenedEngine {
  readonly engine: Engine
  readonly kind: 'shared-cache' | 'growing-cache'
  readonly because: string | null
  /** What it computes on. */
  readonly device: Device['kind']
  /** Tokens that one sequence may have: less than was asked for where memory is short. */
  readonly contextLength: number
}

/**
 * Opens the graph at `path` with the engine that serves it best: the one whose cache stays where it
 * is, or, where the platform or the graph does not allow that, the one that hands it back and forth.
 * The latter is for the CPU alone: from a GPU, the cache would travel at every token. What cannot be
 * run there throws an Error that says why, and is for the caller to open on the CPU.
 */
export async function openEngine(path: string, options: EngineOptions): Promise<OpenedEngine> {
  const { device = CPU } = options
  let because: string
  try {
    const engine = await loadSharedCacheEngine(path, options)
    const { contextLength } = engine
    return { engine, kind: 'shared-cache', because: null, device: device.kind, contextLength }
  } catch (error) {
    if (device.kind === 'cuda') throw new Error(explainCuda(error), { cause: error })
    because = error instanceof Error ? error.message : String(error)
  }
  // A graph that cannot be opened at all fails here too, and then this message is the one to show.
  const engine = await loadGrowingCacheEngine(path, options)
  const room = Math.floor(options.cacheBytes / engine.bytesPerToken)
  const contextLength = Math.min(options.contextLength, room)
  return { engine, kind: 'growing-cache', because, device: 'cpu', contextLength }
}
