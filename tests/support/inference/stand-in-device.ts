import type { Runs } from '../../../inference/engine/native/device.ts'
import { type CudaDeviceOptions, cudaDevice } from '../../../inference/engine/native/device-cuda.ts'
import type { CudaRuntime } from '../../../inference/engine/native/device-cuda-runtime.ts'
import { type Pointer, koffiLibrary } from '../../../inference/engine/native/ort-library.ts'

/** A runtime without a GPU: its device memory is ordinary memory that JavaScript does not own. */
export type StandInRuntime = CudaRuntime & {
  /** Copies that were begun and not yet waited for. */
  readonly pending: readonly unknown[]
  /** Copies that were made in all. */
  readonly copied: () => number
}

/** @param freeBytes what it says is free on the device */
export function standInRuntime(freeBytes = 2 ** 30): StandInRuntime {
  const memcpy = koffiLibrary()
    .load(null)
    .func('void *memcpy(void *to, void *from, size_t bytes)') as unknown as (
    to: Pointer,
    from: Pointer,
    bytes: number,
  ) => void
  const pending: (() => void)[] = []
  let copied = 0
  return {
    pending,
    copied: () => copied,
    deviceCount: () => 1,
    memory: () => ({ freeBytes, totalBytes: 2 * freeBytes }),
    versions: () => ({ driver: 13_000, runtime: 13_000 }),
    // As on a device, nothing has happened before somebody waits for it.
    copy(_id, source, target, { bytes, count, pitch }: Runs) {
      pending.push(() => {
        copied += 1
        for (let at = 0; at < count; at += 1) {
          memcpy(target + BigInt(at * pitch), source + BigInt(at * pitch), bytes)
        }
      })
    },
    settle() {
      for (const copy of pending.splice(0)) copy()
    },
  }
}

/**
 * A GPU's device over a stand-in for its runtime: the code of CUDA's caches, with the processor
 * computing and its allocator giving the memory.
 */
export function standInDevice(runtime: CudaRuntime, options: Partial<CudaDeviceOptions> = {}) {
  return cudaDevice({
    id: 0,
    runtime,
    memoryName: 'Cpu',
    choose: () => undefined,
    ...options,
  })
}
