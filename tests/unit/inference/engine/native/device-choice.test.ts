import { describe, expect, it } from 'vitest'
import { type Machine, chooseDevice } from '../../../../../inference/engine/native/device-choice.ts'
import { standInRuntime } from '../../../../support/inference/stand-in-device.ts'

/** A machine on which CUDA works, but for what is given. */
function machine(differs: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux x64',
    openLibraries: (files) => ({ found: files.map((file) => ({ file, path: file })), missing: [] }),
    openRuntime: () => standInRuntime(),
    missingProviderFiles: () => [],
    tryProvider: () => undefined,
    ...differs,
  }
}

const without =
  (missing: string): Machine['openLibraries'] =>
  (files) => ({
    found: files.flatMap((file) => (file === missing ? [] : [{ file, path: file }])),
    missing: files.includes(missing) ? [{ file: missing, reason: null }] : [],
  })
const failing = (message: string) => () => {
  throw new Error(message)
}

describe('chooseDevice', () => {
  it.each(['auto', 'cuda'] as const)('takes CUDA where it works, for %s', (wish) => {
    const { device, because, isLoud } = chooseDevice(wish, machine())
    expect([device.kind, because, isLoud]).toEqual(['cuda', null, false])
  })

  it('asks nothing of the machine for the CPU', () => {
    const { device, because } = chooseDevice(
      'cpu',
      machine({ openLibraries: failing('asked'), openRuntime: failing('asked') }),
    )
    expect([device.kind, because]).toEqual(['cpu', null])
  })

  it.each<[string, Partial<Machine>, RegExp, boolean]>([
    [
      'no driver',
      { openLibraries: without('libcuda.so.1') },
      /libcuda\.so\.1 was not found/u,
      false,
    ],
    ['another platform', { platform: 'darwin arm64' }, /linux x64 only/u, false],
    [
      'no provider',
      { missingProviderFiles: () => ['libonnxruntime_providers_cuda.so'] },
      /providers_cuda\.so is not beside/u,
      true,
    ],
    ['a library missing', { openLibraries: without('libcurand.so.10') }, /nvidia-curand/u, true],
    [
      'an old driver',
      { openRuntime: failing('CUDA failure 35: CUDA driver version is insufficient') },
      /driver is too old/u,
      true,
    ],
    [
      'no device',
      { openRuntime: () => ({ ...standInRuntime(), deviceCount: () => 0 }) },
      /CUDA_VISIBLE_DEVICES/u,
      true,
    ],
    [
      'a provider that fails',
      { tryProvider: failing('CUDA failure 209: no kernel image') },
      /compute capability 7\.5/u,
      true,
    ],
  ])('falls back to the CPU with the reason: %s', (_, differs, reason, hasGpu) => {
    const auto = chooseDevice('auto', machine(differs))
    expect(auto.device.kind).toBe('cpu')
    expect(auto.because).toMatch(reason)
    // Without a GPU nobody has to be told; with one that is not used, or one that was asked for, yes.
    expect(auto.isLoud).toBe(hasGpu)
    expect(chooseDevice('cuda', machine(differs))).toMatchObject({
      because: auto.because,
      isLoud: true,
    })
  })

  it('never throws on the machine that it runs on', () => {
    expect(['cpu', 'cuda']).toContain(chooseDevice('auto').device.kind)
  })
})
