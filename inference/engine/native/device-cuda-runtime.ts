import type { Runs } from './device.ts'
import { type Pointer, koffiLibrary } from './ort-library.ts'

/** The functions of NVIDIA's runtime library that are used here. Errors are exceptions. */
export type CudaRuntime = {
  /** Devices that the process may use. */
  deviceCount(): number
  memory(id: number): { readonly freeBytes: number; readonly totalBytes: number }
  /** Versions as numbers: 13000 is 13.0. The driver's is 0 where there is none. */
  versions(): { readonly driver: number; readonly runtime: number }
  /** Begins to copy runs inside of a device's memory, after all that was begun before. */
  copy(id: number, source: Pointer, target: Pointer, runs: Runs): void
  /** Waits until everything is copied. */
  settle(id: number): void
}

const DEVICE_TO_DEVICE = 3
/** Handles that must not be collected: the library would be closed under the runtime's feet. */
const kept: unknown[] = []

type Functions = Readonly<Record<string, (...args: unknown[]) => number>>

/** Opens libcudart at `path`, for good. Throws when it cannot be opened. */
export function openCudaRuntime(path: string): CudaRuntime {
  const library = koffiLibrary().load(path, { global: true })
  kept.push(library)
  const functions: Functions = {
    cudaGetDeviceCount: library.func('int cudaGetDeviceCount(_Out_ int *count)'),
    cudaSetDevice: library.func('int cudaSetDevice(int device)'),
    cudaMemGetInfo: library.func('int cudaMemGetInfo(_Out_ size_t *free, _Out_ size_t *total)'),
    cudaDriverGetVersion: library.func('int cudaDriverGetVersion(_Out_ int *version)'),
    cudaRuntimeGetVersion: library.func('int cudaRuntimeGetVersion(_Out_ int *version)'),
    cudaMemcpy2DAsync: library.func(
      'int cudaMemcpy2DAsync(void *dst, size_t dpitch, void *src, size_t spitch, size_t width, size_t height, int kind, void *stream)',
    ),
    cudaStreamSynchronize: library.func('int cudaStreamSynchronize(void *stream)'),
  }
  const textOf = library.func('const char *cudaGetErrorString(int error)') as unknown as (
    code: number,
  ) => string
  const call = (name: string, ...args: unknown[]): void => {
    const code = functions[name]?.(...args) ?? -1
    if (code !== 0) throw new Error(`CUDA failure ${code}: ${textOf(code)}, ${name}`)
  }
  const versionOf = (name: string): number => {
    const version = [0]
    call(name, version)
    return version[0] ?? 0
  }
  return {
    deviceCount() {
      const count = [0]
      call('cudaGetDeviceCount', count)
      return count[0] ?? 0
    },
    memory(id) {
      const [free, total] = [[0], [0]]
      call('cudaSetDevice', id)
      call('cudaMemGetInfo', free, total)
      return { freeBytes: Number(free[0]), totalBytes: Number(total[0]) }
    },
    versions: () => ({
      driver: versionOf('cudaDriverGetVersion'),
      runtime: versionOf('cudaRuntimeGetVersion'),
    }),
    copy(id, source, target, { bytes, count, pitch }) {
      // Which device is meant is a property of the thread, and others use this one too.
      call('cudaSetDevice', id)
      call('cudaMemcpy2DAsync', target, pitch, source, pitch, bytes, count, DEVICE_TO_DEVICE, null)
    },
    settle(id) {
      call('cudaSetDevice', id)
      call('cudaStreamSynchronize', null)
    },
  }
}
