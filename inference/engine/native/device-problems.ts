/** NVIDIA's libraries that the CUDA provider is linked to, and where each comes from. */
export const CUDA_LIBRARIES = [
  { file: 'libcudart.so.13', apt: 'cuda-cudart-13-0', pip: 'nvidia-cuda-runtime' },
  { file: 'libcublasLt.so.13', apt: 'libcublas-13-0', pip: 'nvidia-cublas' },
  { file: 'libcublas.so.13', apt: 'libcublas-13-0', pip: 'nvidia-cublas' },
  { file: 'libcurand.so.10', apt: 'libcurand-13-0', pip: 'nvidia-curand' },
] as const

/** The driver's own library. */
export const DRIVER_LIBRARY = 'libcuda.so.1'
/** The files of the provider, which belong beside the runtime. */
export const PROVIDER_FILES = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const

/** Errors of NVIDIA's runtime that a person can do something about. */
const FAILURES: Readonly<Record<string, string>> = {
  2: 'the GPU has too little free memory: end what else uses it, or take a smaller model',
  35: 'the NVIDIA driver is too old for CUDA 13 or is not loaded: install driver 580 or newer, and run nvidia-smi to see whether it answers',
  46: 'the GPU is taken by another process alone: end that process, or lift its exclusive mode',
  100: 'no GPU that can compute with CUDA is visible: look at nvidia-smi, at CUDA_VISIBLE_DEVICES, and whether the container was started with its GPUs',
  101: 'there is no GPU of that number: look at CUDA_VISIBLE_DEVICES',
  209: 'the provider has no code for this GPU: it needs one of compute capability 7.5 or newer (Turing, 2018)',
  802: "the GPUs' fabric is not up yet: start nvidia-fabricmanager, or wait for it",
  803: 'the driver that is loaded and its libraries differ in version: restart the machine',
}

/** Says of a library that is missing what to install; null for one that nobody knows. */
export function missingLibrary(file: string): string | null {
  if (file === DRIVER_LIBRARY) {
    return `${file} was not found: it comes with NVIDIA's driver (580 or newer)`
  }
  const known = CUDA_LIBRARIES.find((library) => library.file === file)
  if (known === undefined) return null
  return `${file} was not found: install CUDA 13's ${known.apt} (apt) or ${known.pip} (pip)`
}

/**
 * Turns what the runtime says when CUDA does not work into one sentence that says what to do. What
 * is not known is passed on as it is, in one line.
 */
export function explainCuda(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const code =
    /CUDA failure (\d+)/u.exec(text)?.[1] ?? /CUDA error(?: code)?:? ?(\d+)/iu.exec(text)?.[1]
  const failure = code === undefined ? undefined : FAILURES[code]
  if (failure !== undefined) return failure
  if (/no CUDA-capable device/iu.test(text)) return sentence(100)
  if (/driver version is insufficient/iu.test(text)) return sentence(35)
  if (/no kernel image is available/iu.test(text)) return sentence(209)
  if (/out of memory|Failed to allocate memory|Available memory of \d+ is smaller/iu.test(text)) {
    return sentence(2)
  }
  const file = /(lib[\w.-]+\.so[.\d]*): cannot open shared object file/u.exec(text)?.[1]
  if (file?.startsWith('libonnxruntime_providers')) return providerMissing([file])
  const missing = file === undefined ? null : missingLibrary(file)
  if (missing !== null) return missing
  if (/Failed to load shared library|Failed to load library/u.test(text)) {
    return "onnxruntime's CUDA provider cannot be opened: its files, or libraries that it needs, are missing (npm run check:cuda says which)"
  }
  if (text.includes('does not extend the cache where it is')) {
    return 'the graph cannot keep its cache on the GPU: CUDA computes attention in halves; add a graph in q4f16 or fp16'
  }
  if (/unknown provider option/iu.test(text)) {
    return `the provider is of another version than the runtime: ${oneLine(text)}`
  }
  return oneLine(text)
}

/** Says that files of the provider are missing. */
export function providerMissing(files: readonly string[]): string {
  return `${files.join(' and ')} ${files.length === 1 ? 'is' : 'are'} not beside onnxruntime's library (docs/cuda.md says where to get ${files.length === 1 ? 'it' : 'them'})`
}

function sentence(code: number): string {
  return FAILURES[code] ?? ''
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}
