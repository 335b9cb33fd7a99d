import { expect, it } from 'vitest'
import { CPU } from '../../../inference/engine/native/device.ts'
import { startServer, TINY_ID } from '../../support/inference/server.ts'
import { standInDevice, standInRuntime } from '../../support/inference/stand-in-device.ts'

async function healthOf(options: Parameters<typeof startServer>[0]) {
  const { url } = await startServer(options)
  const response = await fetch(`${url}/health`)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const onCpu = (isLoud: boolean) => () => ({
  device: CPU,
  because: 'libcurand.so.10 was not found',
  isLoud,
  cuda: null,
})

it('says in its health why models are not on the GPU, and calls it a lack where one counts on it', async () => {
  const quiet = await healthOf({ chooseDevice: onCpu(false) })
  expect(quiet.body).toMatchObject({
    degraded: [],
    models: [{ device: 'cpu', deviceReason: 'libcurand.so.10 was not found' }],
  })
  const loud = await healthOf({ chooseDevice: onCpu(true) })
  expect(loud.status).toBe(200)
  expect(loud.body['degraded']).toEqual([
    `${TINY_ID} runs on the CPU instead of CUDA: libcurand.so.10 was not found`,
  ])
})

it('answers from the GPU where there is one, and names models that are not there', async () => {
  const choose = (freeBytes: number) => () => {
    const cuda = standInRuntime(freeBytes)
    return { device: standInDevice(cuda), because: null, isLoud: false, cuda }
  }
  const there = await healthOf({ chooseDevice: choose(2 ** 30) })
  expect(there.body).toMatchObject({
    degraded: [],
    models: [{ device: 'cuda', deviceReason: null, precision: 'q4f16' }],
  })
  const full = await healthOf({ chooseDevice: choose(2 ** 29) })
  expect(full.body).toMatchObject({
    degraded: [
      `${TINY_ID} runs on the CPU instead of CUDA: needs 0.6 GiB of GPU memory, 0.5 GiB free`,
    ],
    models: [{ device: 'cpu' }],
  })
})

it('leaves a model out that memory does not suffice for, with the reason', async () => {
  const { status, body } = await healthOf({
    readFreeMemory: () => ({ freeBytes: 2 ** 26, limitBytes: 2 ** 30 }),
  })
  expect(status).toBe(503)
  expect(body).toMatchObject({
    status: 'failed',
    models: [{ status: 'failed', reason: 'needs 0.1 GiB of memory, 0.1 GiB free' }],
  })
})
