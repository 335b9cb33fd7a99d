import type { CacheBlock, Device, DeviceMemory, Runs } from './device.ts'
import type { CudaRuntime } from './device-cuda-runtime.ts'
import { explainCuda } from './device-problems.ts'
import type { OrtLibrary, Pointer } from './ort-library.ts'

const MIB = 1024 ** 2
/** Left free for what the driver and other libraries take beside the runtime's own memory. */
const MARGIN_BYTES = 256 * MIB
/** Of what is free once the weights are there: the rest is for steps, and for further models. */
const CACHE_SHARE = 0.5

const ALLOCATOR_DEVICE = 0
const MEMORY_DEFAULT = 0

/** What a CUDA device needs to be used; only its tests give other than the defaults. */
export type CudaDeviceOptions = {
  /** Which of the devices that the process sees. */
  readonly id: number
  readonly runtime: CudaRuntime
  /** The runtime's name for the memory that caches lie in; 'Cpu' where a test has no device. */
  readonly memoryName?: string
  /** Tells the session's options to compute there. */
  readonly choose?: (ort: OrtLibrary, sessionOptions: Pointer) => void
}

/**
 * A GPU through CUDA. Caches lie in its memory, taken by the session's own allocator, and never
 * leave it; what comes from the tokens, and the logits, are CPU memory that the runtime copies.
 */
export function cudaDevice(options: CudaDeviceOptions): Device {
  const { id, runtime, memoryName = 'Cuda' } = options
  return {
    kind: 'cuda',
    choose: options.choose ?? ((ort, session) => appendProvider(ort, session, id, runtime)),
    freeBytes: () => runtime.memory(id).freeBytes,
    memory: (ort, session) => openMemory(ort, session, { id, runtime, memoryName }),
  }
}

/**
 * The settings of the provider. The arena grows by what is asked for and not by powers of two, so
 * that what was accounted for is what is taken; cuDNN holds nothing that a decoder needs.
 */
export function providerSettings(id: number, freeBytes: number): Readonly<Record<string, string>> {
  return {
    device_id: String(id),
    gpu_mem_limit: String(Math.max(MARGIN_BYTES, freeBytes - MARGIN_BYTES)),
    arena_extend_strategy: 'kSameAsRequested',
    do_copy_in_default_stream: '1',
    enable_cudnn: '0',
  }
}

function appendProvider(
  ort: OrtLibrary,
  sessionOptions: Pointer,
  id: number,
  runtime: CudaRuntime,
): void {
  const settings = providerSettings(id, runtime.memory(id).freeBytes)
  const options = ort.make('CreateCUDAProviderOptions')
  try {
    const [keys, values] = [Object.keys(settings), Object.values(settings)]
    ort.call('UpdateCUDAProviderOptions', options, keys, values, keys.length)
    ort.call('SessionOptionsAppendExecutionProvider_CUDA_V2', sessionOptions, options)
  } catch (error) {
    throw new Error(explainCuda(error), { cause: error })
  } finally {
    ort.release('ReleaseCUDAProviderOptions', options)
  }
}

function openMemory(
  ort: OrtLibrary,
  session: Pointer,
  { id, runtime, memoryName }: Required<Pick<CudaDeviceOptions, 'id' | 'runtime' | 'memoryName'>>,
): DeviceMemory {
  const info = ort.make('CreateMemoryInfo', memoryName, ALLOCATOR_DEVICE, id, MEMORY_DEFAULT)
  const allocator = ort.make('CreateAllocator', session, info)
  const taken: Pointer[] = []
  /** Where one side of a swap waits; as large as the largest that was swapped. */
  let spare: { readonly address: Pointer; readonly bytes: number } | null = null

  const take = (bytes: number): Pointer => {
    try {
      const address = ort.make('AllocatorAlloc', allocator, bytes)
      taken.push(address)
      return address
    } catch (error) {
      throw new Error(explainCuda(error), { cause: error })
    }
  }
  const spareOf = (bytes: number): Pointer => {
    if (spare === null || spare.bytes < bytes) spare = { address: take(bytes), bytes }
    return spare.address
  }
  const copy = (source: Pointer, target: Pointer, runs: Runs): void =>
    runtime.copy(id, source, target, runs)

  return {
    info,
    cacheBytes: Math.floor(runtime.memory(id).freeBytes * CACHE_SHARE),
    allocate(bytes): CacheBlock {
      const address = take(bytes)
      const at = (offset: number): Pointer => address + BigInt(offset)
      return {
        address,
        copy: (from, to, runs) => copy(at(from), at(to), runs),
        swap(one, other, runs) {
          const kept = spareOf(runs.pitch * runs.count)
          copy(at(other), kept, runs)
          copy(at(one), at(other), runs)
          copy(kept, at(one), runs)
        },
        // It is taken as a whole from the beginning, and stays so.
        forget: () => undefined,
      }
    },
    settle: () => runtime.settle(id),
    release() {
      for (const address of taken.splice(0)) ort.call('AllocatorFree', allocator, address)
      ort.release('ReleaseAllocator', allocator)
      ort.release('ReleaseMemoryInfo', info)
    },
  }
}
