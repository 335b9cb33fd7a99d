import type { Engine } from './engine.ts'
import type { GraphNames } from './graph-names.ts'
import { loadGrowingCacheEngine } from './growing-cache-engine.ts'
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
}

/** An engine, and why it is not the faster one where it is not. */
export interface OpenedEngine {
  readonly engine: Engine
  readonly kind: 'shared-cache' | 'growing-cache'
  readonly because: string | null
  /** What it computes on. */
  readonly device: 'cpu' | 'cuda'
}

/**
 * Opens the graph at `path` with the engine that serves it best: the one whose cache stays where it
 * is, or, where the platform or the graph does not allow that, the one that hands it back and forth.
 */
export async function openEngine(path: string, options: EngineOptions): Promise<OpenedEngine> {
  let because: string
  try {
    return {
      engine: await loadSharedCacheEngine(path, options),
      kind: 'shared-cache',
      because: null,
      device: 'cpu',
    }
  } catch (error) {
    because = error instanceof Error ? error.message : String(error)
  }
  // A graph that cannot be opened at all fails here too, and then this message is the one to show.
  return {
    engine: await loadGrowingCacheEngine(path, options),
    kind: 'growing-cache',
    because,
    device: 'cpu',
  }
}
