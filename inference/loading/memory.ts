import { inGib } from '../engine/gibibytes.ts'
import type { GraphSize } from './graph-size.ts'

const MIB = 1024 ** 2

/** What there is for a model: null where the system does not tell. */
export interface MemoryForModel {
  /** Of the machine, or of the group that the process is confined to. */
  readonly hostFreeBytes: number | null
  /** Of the GPU that it is to run on; null for the CPU. */
  readonly deviceFreeBytes: number | null
  /** What caches may take at most. */
  readonly cacheBytes: number
}

/** What a model may take, or why it is not loaded. */
export type MemoryPlan =
  | {
      readonly fits: true
      /** What its caches may take: all that was allowed, or as much as there is beside the weights. */
      readonly cacheBytes: number
    }
  | { readonly fits: false; readonly reason: string }

// Measured on the CPU with graphs from 100 to 650 MB, in 4 bits to fp32: the runtime repacks weights
// while it loads, and those in the graph's own file are there twice for as long.
const PER_EXTERNAL_BYTE = 1.3
const PER_GRAPH_BYTE = 1.5
/** Tokenizer, buffers of the runtime, logits. */
const HOST_OVERHEAD_BYTES = 128 * MIB
/** NVIDIA's libraries in the host's memory. */
const HOST_OVERHEAD_OF_CUDA_BYTES = 512 * MIB
/** On a GPU: its context, kernels, the workspace of cuBLAS, what a step needs. An estimate. */
const DEVICE_OVERHEAD_BYTES = 640 * MIB
const PER_DEVICE_BYTE = 1.1
/** With less, no conversation has room. */
const SMALLEST_CACHE_BYTES = 16 * MIB

/**
 * Accounts for a model before it is loaded: its weights, what the runtime needs beside them, and
 * caches, which are the part that can be smaller. A model that does not fit is better left out than
 * loaded until the system ends the process.
 */
export function planMemory(size: GraphSize, memory: MemoryForModel): MemoryPlan {
  const { hostFreeBytes, deviceFreeBytes, cacheBytes } = memory
  const smallest = Math.min(cacheBytes, SMALLEST_CACHE_BYTES)
  const weights = size.externalBytes * PER_EXTERNAL_BYTE + size.graphBytes * PER_GRAPH_BYTE
  const onHost = weights + HOST_OVERHEAD_BYTES
  if (deviceFreeBytes === null)
    return planOn(onHost, smallest, hostFreeBytes, cacheBytes, 'of memory')

  const host = planOn(onHost + HOST_OVERHEAD_OF_CUDA_BYTES, 0, hostFreeBytes, 0, 'of memory')
  if (!host.fits) return host
  const onDevice = (size.externalBytes + size.graphBytes) * PER_DEVICE_BYTE + DEVICE_OVERHEAD_BYTES
  return planOn(onDevice, smallest, deviceFreeBytes, cacheBytes, 'of GPU memory')
}

function planOn(
  neededBytes: number,
  smallestCacheBytes: number,
  freeBytes: number | null,
  cacheBytes: number,
  what: string,
): MemoryPlan {
  if (freeBytes === null) return { fits: true, cacheBytes }
  const least = neededBytes + smallestCacheBytes
  if (least > freeBytes) {
    return { fits: false, reason: `needs ${inGib(least)} ${what}, ${inGib(freeBytes)} free` }
  }
  return { fits: true, cacheBytes: Math.min(cacheBytes, Math.floor(freeBytes - neededBytes)) }
}

/** Why a model has less context than its maker gave it; null when it has all. */
export function whyShorter(
  statedTokens: number,
  contextTokens: number,
  bytesPerToken: number,
): string | null {
  if (contextTokens >= statedTokens) return null
  const [needed, room] = [statedTokens, contextTokens].map((tokens) =>
    inGib(tokens * bytesPerToken),
  )
  return `its context is ${contextTokens} of ${statedTokens} tokens: a cache of full length needs ${needed}, there is room for ${room}`
}
