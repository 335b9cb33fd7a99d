import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CPU } from '../../../../inference/engine/native/device.ts'
import { type LoadOptions, loadModel } from '../../../../inference/loading/load-model.ts'
import { LOAD_OPTIONS, TINY, copyOfTiny } from '../../../support/inference/models.ts'
import { standInDevice, standInRuntime } from '../../../support/inference/stand-in-device.ts'

const GIB = 1024 ** 3
const free = (freeBytes: number) => () => ({ freeBytes, limitBytes: 64 * GIB })

async function load(options: Partial<LoadOptions>, folder = TINY) {
  const model = await loadModel(folder, { ...LOAD_OPTIONS, ...options })
  onTestFinished(() => model.engine.dispose())
  return model
}

const onDevice = (freeBytes = GIB) => ({
  device: { device: standInDevice(standInRuntime(freeBytes)), because: null },
})

describe('a model on a GPU', () => {
  it('takes the graph in halves', async () => {
    expect(await load(onDevice())).toMatchObject({
      device: 'cuda',
      deviceBecause: null,
      engineKind: 'shared-cache',
      precision: 'q4f16',
      contextBecause: null,
    })
  })

  it('runs on the CPU where the GPU has no room, and says so', async () => {
    expect(await load(onDevice(GIB / 2))).toMatchObject({
      device: 'cpu',
      deviceBecause: 'needs 0.6 GiB of GPU memory, 0.5 GiB free',
      precision: 'q4',
    })
  })

  it('runs on the CPU where the folder has no graph in halves', async () => {
    const { folder } = await copyOfTiny()
    await rm(join(folder, 'onnx/model_q4f16.onnx'))
    expect(await load(onDevice(), folder)).toMatchObject({
      device: 'cpu',
      deviceBecause: expect.stringContaining('no graph in q4f16 or fp16'),
      precision: 'q4',
    })
  })

  it('is refused for what is wrong with it on the CPU as well', async () => {
    const { folder } = await copyOfTiny()
    await rm(join(folder, 'tokenizer.json'))
    await expect(load(onDevice(), folder)).rejects.toThrow(/^tokenizer\.json is missing/u)
  })
})

describe('a model on the CPU', () => {
  it('is refused before it is loaded where memory is short', async () => {
    await expect(load({ readFreeMemory: free(0.1 * GIB) })).rejects.toThrow(
      'needs 0.1 GiB of memory, 0.1 GiB free',
    )
  })

  it('gets less context where that makes it fit, and says so', async () => {
    const whole = await load({})
    expect(whole.contextBecause).toBeNull()
    // Caches of one full answer take 1 MiB, and so much is never left out.
    const cacheBytes = 512 * 1024
    const model = await load({ cacheBytes })
    expect(model.contextLength).toBe(cacheBytes / model.engine.bytesPerToken)
    expect(model.contextBecause).toMatch(/^its context is 1024 of \d+ tokens: a cache of full/u)
  })

  it('tells why it is not on the GPU', async () => {
    const model = await load({ device: { device: CPU, because: 'no driver' } })
    expect(model.deviceBecause).toBe('no driver')
  })
})
