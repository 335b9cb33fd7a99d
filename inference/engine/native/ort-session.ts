import type { GraphValue } from '../graph-plan.ts'
import { CPU, type Device, type DeviceMemory } from './device.ts'
import { type OrtLibrary, type Pointer, koffiLibrary, openOrtLibrary } from './ort-library.ts'

/** Element types of tensors, as the C API numbers them. */
export const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const
export type ElementType = keyof typeof ELEMENT

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'float32',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  16: 'bfloat16',
}

/** A tensor over memory that somebody else owns and keeps alive. */
export type NativeTensor = { readonly pointer: Pointer }

/** Inputs and outputs of a run, bound once and used for many. */
export type Binding = {
  input(name: string, tensor: NativeTensor): void
  output(name: string, tensor: NativeTensor): void
  /** Runs the graph on a thread of the pool. Rejects with the runtime's message. */
  run(): Promise<void>
  release(): void
}

/** A graph opened with the C API. */
export type OrtSession = {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  /** @param address of at least as many bytes as the shape takes */
  tensor(type: ElementType, shape: readonly number[], address: Pointer): NativeTensor
  /** The same in the memory of the device. */
  cacheTensor(type: ElementType, shape: readonly number[], address: Pointer): NativeTensor
  /** Where caches lie. */
  readonly memory: DeviceMemory
  releaseTensor(tensor: NativeTensor): void
  bind(): Binding
  release(): void
}

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
}

/** Opens the graph at `path`; the runtime reads it itself, with its external data. */
export async function openOrtSession(
  path: string,
  threads: number,
  device: Device = CPU,
): Promise<OrtSession> {
  const ort = openOrtLibrary()
  const options = ort.make('CreateSessionOptions')
  let session: Pointer
  try {
    ort.call('SetSessionLogSeverityLevel', options, 4)
    ort.call('SetIntraOpNumThreads', options, threads)
    ort.call('SetInterOpNumThreads', options, 1)
    for (const pool of ['intra_op', 'inter_op']) {
      ort.call('AddSessionConfigEntry', options, `session.${pool}.allow_spinning`, '0')
    }
    device.choose(ort, options)
    session = await ort.makeLater('CreateSession', ort.env, path, options)
  } finally {
    ort.release('ReleaseSessionOptions', options)
  }
  const host = ort.make('CreateCpuMemoryInfo', 1, 0)
  let memory: DeviceMemory
  try {
    memory = device.memory(ort, session)
  } catch (error) {
    ort.release('ReleaseSession', session)
    throw error
  }
  const tensorIn = (
    place: Pointer,
    type: ElementType,
    shape: readonly number[],
    address: Pointer,
  ): NativeTensor => {
    const bytes = shape.reduce((product, length) => product * length, BYTES[type])
    const dims = BigInt64Array.from(shape, BigInt)
    return {
      pointer: ort.make(
        'CreateTensorWithDataAsOrtValue',
        place,
        address,
        bytes,
        dims,
        shape.length,
        ELEMENT[type],
      ),
    }
  }
  return {
    inputs: valuesOf(ort, session, 'Input'),
    outputs: valuesOf(ort, session, 'Output'),

    memory,
    tensor: (...tensor) => tensorIn(host, ...tensor),
    cacheTensor: (...tensor) => tensorIn(memory.info ?? host, ...tensor),
    releaseTensor: ({ pointer }) => ort.release('ReleaseValue', pointer),

    bind() {
      const binding = ort.make('CreateIoBinding', session)
      return {
        input: (name, { pointer }) => ort.call('BindInput', binding, name, pointer),
        output: (name, { pointer }) => ort.call('BindOutput', binding, name, pointer),
        async run() {
          if (memory.info === null) return ort.run('RunWithBinding', session, null, binding)
          // What was bound is on its way to the device, and what comes out on its way back.
          ort.call('SynchronizeBoundInputs', binding)
          await ort.run('RunWithBinding', session, null, binding)
          ort.call('SynchronizeBoundOutputs', binding)
        },
        release: () => ort.release('ReleaseIoBinding', binding),
      }
    },

    release() {
      memory.release()
      ort.release('ReleaseMemoryInfo', host)
      ort.release('ReleaseSession', session)
    },
  }
}

function valuesOf(ort: OrtLibrary, session: Pointer, kind: 'Input' | 'Output'): GraphValue[] {
  const count = [0]
  ort.call(`SessionGet${kind}Count`, session, count)
  const allocator = ort.make('GetAllocatorWithDefaultOptions')
  return Array.from({ length: count[0] ?? 0 }, (_, index) => {
    const text = ort.make(`SessionGet${kind}Name`, session, index, allocator)
    const name = koffiLibrary().decode.string(text)
    ort.call('AllocatorFree', allocator, text)
    const info = ort.make(`SessionGet${kind}TypeInfo`, session, index)
    try {
      return { name, ...tensorInfo(ort, info) }
    } finally {
      ort.release('ReleaseTypeInfo', info)
    }
  })
}

function tensorInfo(ort: OrtLibrary, info: Pointer): Omit<GraphValue, 'name'> {
  const out: [Pointer | null] = [null]
  ort.call('CastTypeInfoToTensorInfo', info, out)
  const tensor = out[0]
  if (!tensor) return { type: 'no tensor', shape: [] }
  const type = [0]
  ort.call('GetTensorElementType', tensor, type)
  const rank = [0]
  ort.call('GetDimensionsCount', tensor, rank)
  const length = rank[0] ?? 0
  const dims = new BigInt64Array(length)
  ort.call('GetDimensions', tensor, dims, length)
  const symbols = new BigUint64Array(length)
  ort.call('GetSymbolicDimensions', tensor, symbols, length)
  const shape = Array.from(dims, (dim, index) => {
    if (dim >= 0n) return Number(dim)
    const symbol = symbols[index] ?? 0n
    return symbol === 0n ? '' : koffiLibrary().decode.string(symbol)
  })
  return { type: TYPE_NAMES[type[0] ?? 0] ?? `type ${type[0]}`, shape }
}
