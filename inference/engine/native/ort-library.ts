import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type Koffi from 'koffi'

const require = createRequire(import.meta.url)

/** An address in native memory. */
export type Pointer = bigint
/** A status of the C API: null is success. */
type Status = Pointer | null
/** Where a function puts the pointer that it makes. */
type Out = [Pointer | null]

type NativeFunction<Args extends unknown[], Result> = ((...args: Args) => Result) & {
  async(...args: [...Args, (error: Error | null, result: Result) => void]): void
}

/** Version of the table of functions asked for: everything used here is older, on every build. */
const API_VERSION = 17

/**
 * The functions of `OrtApi` that are used here: index in the table, then the parameters. The table
 * only ever grows at its end (onnxruntime_c_api.h), so that an index holds for every later version.
 */
const FUNCTIONS = {
  GetErrorMessage: [2, 'const char *', 'void *'],
  CreateEnv: [3, 'void *', 'int, const char *, _Out_ void **'],
  CreateSession: [7, 'void *', 'void *, const char *, void *, _Out_ void **'],
  CreateSessionOptions: [10, 'void *', '_Out_ void **'],
  SetSessionLogSeverityLevel: [22, 'void *', 'void *, int'],
  SetIntraOpNumThreads: [24, 'void *', 'void *, int'],
  SetInterOpNumThreads: [25, 'void *', 'void *, int'],
  SessionGetInputCount: [30, 'void *', 'void *, _Out_ size_t *'],
  SessionGetOutputCount: [31, 'void *', 'void *, _Out_ size_t *'],
  SessionGetInputTypeInfo: [33, 'void *', 'void *, size_t, _Out_ void **'],
  SessionGetOutputTypeInfo: [34, 'void *', 'void *, size_t, _Out_ void **'],
  SessionGetInputName: [36, 'void *', 'void *, size_t, void *, _Out_ void **'],
  SessionGetOutputName: [37, 'void *', 'void *, size_t, void *, _Out_ void **'],
  CreateTensorWithDataAsOrtValue: [
    49,
    'void *',
    'void *, void *, size_t, const int64_t *, size_t, int, _Out_ void **',
  ],
  CastTypeInfoToTensorInfo: [55, 'void *', 'void *, _Out_ void **'],
  GetTensorElementType: [60, 'void *', 'void *, _Out_ int *'],
  GetDimensionsCount: [61, 'void *', 'void *, _Out_ size_t *'],
  GetDimensions: [62, 'void *', 'void *, int64_t *, size_t'],
  GetSymbolicDimensions: [63, 'void *', 'void *, void **, size_t'],
  CreateMemoryInfo: [68, 'void *', 'const char *, int, int, int, _Out_ void **'],
  CreateCpuMemoryInfo: [69, 'void *', 'int, int, _Out_ void **'],
  AllocatorAlloc: [75, 'void *', 'void *, size_t, _Out_ void **'],
  AllocatorFree: [76, 'void *', 'void *, void *'],
  GetAllocatorWithDefaultOptions: [78, 'void *', '_Out_ void **'],
  ReleaseStatus: [93, 'void', 'void *'],
  ReleaseMemoryInfo: [94, 'void', 'void *'],
  ReleaseSession: [95, 'void', 'void *'],
  ReleaseValue: [96, 'void', 'void *'],
  ReleaseTypeInfo: [98, 'void', 'void *'],
  ReleaseSessionOptions: [100, 'void', 'void *'],
  GetAvailableProviders: [125, 'void *', '_Out_ void **, _Out_ int *'],
  ReleaseAvailableProviders: [126, 'void *', 'void *, int'],
  AddSessionConfigEntry: [130, 'void *', 'void *, const char *, const char *'],
  CreateAllocator: [131, 'void *', 'void *, void *, _Out_ void **'],
  ReleaseAllocator: [132, 'void', 'void *'],
  RunWithBinding: [133, 'void *', 'void *, void *, void *'],
  CreateIoBinding: [134, 'void *', 'void *, _Out_ void **'],
  ReleaseIoBinding: [135, 'void', 'void *'],
  BindInput: [136, 'void *', 'void *, const char *, void *'],
  BindOutput: [137, 'void *', 'void *, const char *, void *'],
  SynchronizeBoundInputs: [202, 'void *', 'void *'],
  SynchronizeBoundOutputs: [203, 'void *', 'void *'],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, 'void *', 'void *, void *'],
  CreateCUDAProviderOptions: [205, 'void *', '_Out_ void **'],
  UpdateCUDAProviderOptions: [206, 'void *', 'void *, const char **, const char **, size_t'],
  ReleaseCUDAProviderOptions: [208, 'void', 'void *'],
} as const

type Name = keyof typeof FUNCTIONS
type Call = NativeFunction<unknown[], Status>

/** The C API of the runtime that onnxruntime-node ships, its errors made exceptions. */
export type OrtLibrary = {
  readonly version: string
  /** Calls a function. Throws an Error with the runtime's message when it fails. */
  call(name: Name, ...args: unknown[]): void
  /** Calls a function whose last parameter takes what it makes. */
  make(name: Name, ...args: unknown[]): Pointer
  /** Calls a function on a thread of the pool; the event loop goes on meanwhile. */
  run(name: Name, ...args: unknown[]): Promise<void>
  /** The same for one that makes something. */
  makeLater(name: Name, ...args: unknown[]): Promise<Pointer>
  release(name: Name, pointer: Pointer): void
  /** The process's environment of the runtime. */
  readonly env: Pointer
}

/** Where paths are plain bytes; on Windows they are not, and the other engine serves. */
const FILES: Partial<Record<NodeJS.Platform, RegExp>> = {
  linux: /^libonnxruntime\.so\.\d+$/u,
  darwin: /^libonnxruntime\.[\d.]+\.dylib$/u,
}
const LOG_FATAL = 4
/** What a thread of its own would have: the runtime recurses when it reads a graph. */
const STACK_BYTES = 8 * 1024 * 1024

let opened: OrtLibrary | undefined
/** Kept for as long as the process lives: one that is collected is closed under the runtime's feet. */
let library: ReturnType<typeof Koffi.load> | undefined
let foreign: typeof Koffi | undefined

/** The library of foreign calls; optional, so that it is asked for only here. */
export function koffiLibrary(): typeof Koffi {
  if (foreign === undefined) {
    foreign = require('koffi') as typeof Koffi
    // Only before the first library is opened, whichever it is.
    foreign.config({ sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES })
  }
  return foreign
}

/**
 * Opens the runtime, once per process: it is never unloaded, since its threads outlive a session.
 * Throws when this platform has none.
 */
export function openOrtLibrary(): OrtLibrary {
  opened ??= open()
  return opened
}

/** Where onnxruntime-node keeps its native files. */
export function nativeFolder(): string {
  const folder = dirname(require.resolve('onnxruntime-node/package.json'))
  return join(folder, 'bin', 'napi-v6', process.platform, process.arch)
}

function open(): OrtLibrary {
  const pattern = FILES[process.platform]
  const file = pattern && readdirSync(nativeFolder()).find((name) => pattern.test(name))
  if (file === undefined) throw new Error(`no native runtime for ${process.platform}`)
  const koffi = koffiLibrary()
  library = koffi.load(join(nativeFolder(), file))
  const getBase = library.func('void *OrtGetApiBase()') as () => Pointer
  const base = getBase()
  const getApi = functionAt(base, 0, 'void *', 'uint32_t') as unknown as (v: number) => Pointer
  const getVersion = functionAt(base, 1, 'const char *', '') as unknown as () => string
  const table = getApi(API_VERSION)
  if (!table) throw new Error(`the runtime ${getVersion()} is too old`)
  const functions = new Map<Name, Call>()
  for (const [name, [index, result, parameters]] of Object.entries(FUNCTIONS)) {
    functions.set(name as Name, functionAt(table, index, result, parameters))
  }
  const of = (name: Name): Call => {
    const found = functions.get(name)
    if (found === undefined) throw new Error(`${name} is not in the table`)
    return found
  }
  const message = of('GetErrorMessage') as unknown as (status: Pointer) => string
  const check = (status: Status): void => {
    if (!status) return
    const text = message(status)
    of('ReleaseStatus')(status)
    throw new Error(text)
  }
  const later = (name: Name, args: unknown[]): Promise<void> =>
    new Promise((resolve, reject) => {
      of(name).async(...args, (error, status) => {
        try {
          if (error) throw error
          check(status)
          resolve()
        } catch (cause) {
          reject(cause instanceof Error ? cause : new Error(String(cause)))
        }
      })
    })
  const made = (out: Out): Pointer => {
    if (!out[0]) throw new Error('the runtime gave nothing')
    return out[0]
  }
  const make: OrtLibrary['make'] = (name, ...args) => {
    const out: Out = [null]
    check(of(name)(...args, out))
    return made(out)
  }
  return {
    version: getVersion(),
    call: (name, ...args) => check(of(name)(...args)),
    make,
    run: (name, ...args) => later(name, args),
    async makeLater(name, ...args) {
      const out: Out = [null]
      await later(name, [...args, out])
      return made(out)
    },
    release: (name, pointer) => void of(name)(pointer),
    env: make('CreateEnv', LOG_FATAL, 'trivium'),
  }
}

function functionAt(table: Pointer, index: number, result: string, parameters: string): Call {
  const koffi = koffiLibrary()
  const address = koffi.decode(table, index * 8, 'void *') as Pointer
  return koffi.decode(address, koffi.proto(`${result} (${parameters})`)) as Call
}
