import { execFileSync } from 'node:child_process'
import { chooseDevice, missingProviderFiles } from '../../inference/engine/native/device-choice.ts'
import type { DeviceChoice } from '../../inference/engine/native/device-choice.ts'
import { openCudaLibraries } from '../../inference/engine/native/device-libraries.ts'
import {
  CUDA_LIBRARIES,
  DRIVER_LIBRARY,
  PROVIDER_FILES,
  missingLibrary,
} from '../../inference/engine/native/device-problems.ts'
import { nativeFolder, openOrtLibrary } from '../../inference/engine/native/ort-library.ts'
import { inGib } from '../../inference/engine/gibibytes.ts'

/** Writes one line: what it is about, and what was found. */
export type Tell = (subject: string, text: string) => void

/** Tells everything that CUDA needs from this machine, present or missing, and what was chosen. */
export function checkMachine(tell: Tell): DeviceChoice {
  tell('runtime', `onnxruntime ${openOrtLibrary().version}, Node ${process.version}`)
  for (const gpu of gpus()) tell('gpu', gpu)
  const files = [DRIVER_LIBRARY, ...CUDA_LIBRARIES.map(({ file }) => file)]
  const { found, missing } = openCudaLibraries(files)
  for (const { file, path } of found) {
    tell('library', path === file ? `${file}, by the linker's own search` : path)
  }
  for (const { file, reason } of missing) {
    tell(
      'library',
      `MISSING ${missingLibrary(file) ?? file}${reason === null ? '' : ` (${reason})`}`,
    )
  }
  const lacking = missingProviderFiles()
  for (const file of PROVIDER_FILES) {
    tell('provider', lacking.includes(file) ? `MISSING ${nativeFolder()}/${file}` : file)
  }
  const choice = chooseDevice('cuda')
  const { cuda } = choice
  if (cuda !== null) {
    const { driver, runtime } = cuda.versions()
    tell('cuda', `driver for CUDA ${versionOf(driver)}, runtime ${versionOf(runtime)}`)
    const { freeBytes, totalBytes } = cuda.memory(0)
    tell('memory', `${inGib(freeBytes)} of ${inGib(totalBytes)} free on the GPU`)
  }
  return choice
}

function gpus(): string[] {
  const fields = 'index,name,driver_version,compute_cap,memory.total,memory.used'
  try {
    const text = execFileSync('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader'], {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return text.split('\n').filter((line) => line !== '')
  } catch {
    return ['nvidia-smi does not answer: there is no NVIDIA GPU, or its driver is not loaded']
  }
}

/** NVIDIA writes 13000 for 13.0. */
function versionOf(number: number): string {
  return `${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}`
}
