import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CPU, type Device } from './device.ts'
import { cudaDevice } from './device-cuda.ts'
import { type CudaRuntime, openCudaRuntime } from './device-cuda-runtime.ts'
import { type MissingLibrary, openCudaLibraries } from './device-libraries.ts'
import {
  CUDA_LIBRARIES,
  DRIVER_LIBRARY,
  PROVIDER_FILES,
  explainCuda,
  missingLibrary,
  providerMissing,
} from './device-problems.ts'
import { nativeFolder, openOrtLibrary } from './ort-library.ts'

/** The device that models are tried on first. */
export type DeviceChoice = {
  readonly device: Device
  /** Why it is not the one that was asked for, or that would be faster; null when it is. */
  readonly because: string | null
  /** Whether somebody should know: a GPU was asked for, or one is there and cannot be used. */
  readonly isLoud: boolean
  /** NVIDIA's runtime, where the device is a GPU. */
  readonly cuda: CudaRuntime | null
}

/** What is asked of the machine; tests have one of their own. */
export type Machine = {
  readonly platform: string
  readonly openLibraries: typeof openCudaLibraries
  readonly openRuntime: (path: string) => CudaRuntime
  /** Files of the provider that are missing. */
  readonly missingProviderFiles: () => readonly string[]
  /** Has the runtime accept the device as a session's. Throws when it does not. */
  readonly tryProvider: (device: Device) => void
}

/** Devices are numbered among those that the process sees; the first is taken. */
const FIRST = 0

const REAL: Machine = {
  platform: `${process.platform} ${process.arch}`,
  openLibraries: openCudaLibraries,
  openRuntime: openCudaRuntime,
  missingProviderFiles: missingProviderFiles,
  tryProvider,
}

/** The provider's files that are not beside the runtime. */
export function missingProviderFiles(folder = nativeFolder()): string[] {
  return PROVIDER_FILES.filter((file) => !existsSync(join(folder, file)))
}

/**
 * Decides once, at the start, what models are computed on. `auto` takes a GPU that works; `cuda`
 * means one, and still answers from the CPU when there is none that works: an arena with slow models
 * is better than one without. Never throws.
 */
export function chooseDevice(wish: 'auto' | 'cpu' | 'cuda', machine: Machine = REAL): DeviceChoice {
  if (wish === 'cpu') return { device: CPU, because: null, isLoud: false, cuda: null }
  const onCpu = (because: string, hasGpu: boolean): DeviceChoice => ({
    device: CPU,
    because,
    isLoud: wish === 'cuda' || hasGpu,
    cuda: null,
  })
  if (machine.platform !== 'linux x64') {
    return onCpu(`CUDA is used on linux x64 only, and this is ${machine.platform}`, false)
  }
  let hasGpu = false
  try {
    const [noDriver] = machine.openLibraries([DRIVER_LIBRARY]).missing
    if (noDriver) return onCpu(whyMissing(noDriver), false)
    hasGpu = true
    const files = machine.missingProviderFiles()
    if (files.length > 0) return onCpu(providerMissing(files), hasGpu)
    const { found, missing } = machine.openLibraries(CUDA_LIBRARIES.map(({ file }) => file))
    const [cudart] = found
    if (missing[0] || !cudart) return onCpu(whyMissing(missing[0]), hasGpu)
    const cuda = machine.openRuntime(cudart.path)
    if (cuda.deviceCount() < 1) return onCpu(explainCuda('CUDA failure 100'), hasGpu)
    const device = cudaDevice({ id: FIRST, runtime: cuda })
    machine.tryProvider(device)
    return { device, because: null, isLoud: false, cuda }
  } catch (error) {
    return onCpu(explainCuda(error), hasGpu)
  }
}

function whyMissing(library: MissingLibrary | undefined): string {
  const { file, reason } = library ?? { file: "NVIDIA's runtime", reason: null }
  if (reason !== null) return `${file} cannot be opened: ${reason}`
  return missingLibrary(file) ?? `${file} was not found`
}

function tryProvider(device: Device): void {
  const ort = openOrtLibrary()
  const options = ort.make('CreateSessionOptions')
  try {
    device.choose(ort, options)
  } finally {
    ort.release('ReleaseSessionOptions', options)
  }
}
