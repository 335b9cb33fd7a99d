import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { providerSettings } from '../../../../../inference/engine/native/device-cuda.ts'
import { openCudaRuntime } from '../../../../../inference/engine/native/device-cuda-runtime.ts'
import { missingProviderFiles } from '../../../../../inference/engine/native/device-choice.ts'
import { koffiLibrary, openOrtLibrary } from '../../../../../inference/engine/native/ort-library.ts'
import { openEngine } from '../../../../../inference/engine/open-engine.ts'
import { TINY } from '../../../../support/inference/models.ts'
import { standInDevice, standInRuntime } from '../../../../support/inference/stand-in-device.ts'

const GRAPH = join(TINY, 'onnx', 'model_q4.onnx')
const OPTIONS = {
  threads: 1,
  sequences: 3,
  contextLength: 2048,
  cacheBytes: 2 ** 30,
  chunkTokens: 16,
}
/** 2 layers, key and value, 2 heads of 16, 4 bytes each; 3 slots and one beside them. */
const PER_TOKEN = 4 * 512

describe('the C API', () => {
  it('knows of CUDA', () => {
    const ort = openOrtLibrary()
    const [names, count]: [[bigint | null], [number]] = [[null], [0]]
    ort.call('GetAvailableProviders', names, count)
    const { decode } = koffiLibrary()
    const providers = Array.from({ length: count[0] }, (_, index) =>
      decode.string(decode(names[0] ?? 0n, index * 8, 'void *') as bigint),
    )
    ort.call('ReleaseAvailableProviders', names[0], count[0])
    expect(providers).toContain('CPUExecutionProvider')
    if (process.platform === 'linux') expect(providers).toContain('CUDAExecutionProvider')
  })

  // Where it is there, `npm run check:cuda` tells more.
  it.runIf(process.platform === 'linux' && missingProviderFiles().length > 0)(
    'says in its own words that the provider is missing',
    () => {
      const ort = openOrtLibrary()
      const options = ort.make('CreateCUDAProviderOptions')
      const [keys, values] = [['device_id'], ['0']]
      expect(() => ort.call('UpdateCUDAProviderOptions', options, keys, values, 1)).toThrow(
        /provider/iu,
      )
      ort.release('ReleaseCUDAProviderOptions', options)
    },
  )
})

describe('providerSettings', () => {
  it('leaves some of the memory free and asks for no cuDNN', () => {
    expect(providerSettings(1, 2 ** 30)).toMatchObject({
      device_id: '1',
      gpu_mem_limit: String(2 ** 30 - 2 ** 28),
      arena_extend_strategy: 'kSameAsRequested',
      enable_cudnn: '0',
    })
  })
})

describe('openCudaRuntime', () => {
  it('says when there is no such library', () => {
    expect(() => openCudaRuntime('/nowhere/libcudart.so.13')).toThrow(/cannot open/u)
  })
})

// The processor stands in for the GPU: memory of its allocator, copies that wait to be settled.
describe('an engine with its caches on a device', () => {
  async function opened(freeBytes?: number, differs: Partial<typeof OPTIONS> = {}) {
    const runtime = standInRuntime(freeBytes)
    const found = await openEngine(GRAPH, {
      ...OPTIONS,
      ...differs,
      device: standInDevice(runtime),
    })
    onTestFinished(() => found.engine.dispose())
    return { ...found, runtime }
  }

  it('says where it computes', async () => {
    expect(await opened()).toMatchObject({
      device: 'cuda',
      kind: 'shared-cache',
      contextLength: 2048,
    })
  })

  it('moves sequences inside of the device, and waits for it', async () => {
    const { engine, runtime } = await opened()
    const [first, second] = [engine.open(), engine.open()]
    await engine.prefill(first, [1, 2, 3])
    await engine.prefill(second, [4, 5, 6])
    const before = runtime.copied()
    const [lone] = await engine.decode([{ sequence: second, token: 7 }])
    // Key and value of two layers change places, by way of a third.
    expect(runtime.copied() - before).toBe(4 * 3)
    expect(runtime.pending).toEqual([])
    const other = await opened()
    const sequence = other.engine.open()
    await other.engine.prefill(sequence, [4, 5, 6])
    expect(other.runtime.copied()).toBe(0)
    expect((await other.engine.decode([{ sequence, token: 7 }]))[0]).toEqual(lone)
  })

  it('shortens the context to what half of the free memory holds', async () => {
    const { contextLength } = await opened(2 * PER_TOKEN * 500)
    expect(contextLength).toBe(500)
  })

  it('says how much is missing when no context has room', async () => {
    await expect(opened(2 * PER_TOKEN * 255)).rejects.toThrow(
      /^the caches of 3 answers need .* on the GPU, .* are left for them$/u,
    )
  })

  it('does not fall back on its own to copying caches from the device and back', async () => {
    const device = standInDevice(standInRuntime(), {
      choose: () => {
        throw new Error('CUDA failure 2: out of memory')
      },
    })
    await expect(openEngine(GRAPH, { ...OPTIONS, device })).rejects.toThrow(
      /too little free memory/u,
    )
  })
})
