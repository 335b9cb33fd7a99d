import { availableParallelism } from 'node:os'
import { chooseDevice } from '../../../inference/engine/native/device-choice.ts'
import type { LoadOptions } from '../../../inference/loading/load-model.ts'

const SEQUENCES = 8
const CACHE_BYTES = 1024 ** 3

/** How the inference would load a model with these settings. */
export function loadOptions(graph?: string): LoadOptions {
  const threads = Number(process.env['INFERENCE_THREADS'] ?? '')
  const wish = process.env['INFERENCE_DEVICE']
  return {
    device: chooseDevice(wish === 'cpu' || wish === 'cuda' ? wish : 'auto'),
    threads: threads > 0 ? Math.floor(threads) : Math.max(1, availableParallelism() - 1),
    sequences: SEQUENCES,
    cacheBytes: CACHE_BYTES,
    ...(graph !== undefined && { graph }),
  }
}
