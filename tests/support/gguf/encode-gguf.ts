/** Numbers of the types that metadata may have. */
const TYPES = { u8: 0, u32: 4, i32: 5, f32: 6, bool: 7, text: 8, list: 9, u64: 10 } as const

/** A key with its value. */
export type Field =
  | readonly [key: string, type: 'u8' | 'u32' | 'i32' | 'f32' | 'u64', value: number | bigint]
  | readonly [key: string, type: 'bool', value: boolean]
  | readonly [key: string, type: 'text', value: string]
  | readonly [key: string, type: 'texts', value: readonly string[]]
  | readonly [key: string, type: 'i32s' | 'f32s', value: readonly number[]]

/** A tensor; what is left out follows from the others, what is given may lie. */
export interface TensorToWrite {
  readonly name: string
  /** Width first. */
  readonly dims: readonly (number | bigint)[]
  readonly type: number
  readonly data: Uint8Array
  readonly offset?: bigint
}

/** The parts of a file; the counts are those of the lists unless they lie. */
export interface GgufToWrite {
  readonly magic?: string
  readonly version?: number
  readonly tensorCount?: bigint
  readonly keyCount?: bigint
  readonly alignment?: number
  readonly fields: readonly Field[]
  readonly tensors: readonly TensorToWrite[]
}

/** The bytes of a GGUF file without padding at its end, so that every byte counts. */
export function encodeGguf(file: GgufToWrite): Buffer {
  const alignment = file.alignment ?? 32
  let end = 0
  const placed = file.tensors.map((tensor) => {
    const at = Math.ceil(end / alignment) * alignment
    end = at + tensor.data.length
    return { ...tensor, at }
  })
  const header = Buffer.concat([
    Buffer.from(file.magic ?? 'GGUF', 'latin1'),
    u32(file.version ?? 3),
    u64(file.tensorCount ?? BigInt(file.tensors.length)),
    u64(file.keyCount ?? BigInt(file.fields.length)),
    ...file.fields.map(encodeField),
    ...placed.map(({ name, dims, type, at, offset }) =>
      Buffer.concat([
        text(name),
        u32(dims.length),
        ...dims.map((dim) => u64(BigInt(dim))),
        u32(type),
        u64(offset ?? BigInt(at)),
      ]),
    ),
  ])
  const start = Math.ceil(header.length / alignment) * alignment
  const bytes = Buffer.alloc(start + end)
  header.copy(bytes)
  for (const { data, at } of placed) bytes.set(data, start + at)
  return bytes
}

function encodeField(field: Field): Buffer {
  const [key, type, value] = field
  return Buffer.concat([text(key), ...valueOf(type, value)])
}

function valueOf(type: Field[1], value: Field[2]): Buffer[] {
  if (typeof value === 'boolean') return [u32(TYPES.bool), Buffer.of(value ? 1 : 0)]
  if (typeof value === 'string') return [u32(TYPES.text), text(value)]
  if (typeof value === 'object') {
    const items = value.map((item) => {
      if (typeof item === 'string') return text(item)
      return type === 'f32s' ? f32(item) : i32(item)
    })
    const itemType = type === 'texts' ? TYPES.text : type === 'f32s' ? TYPES.f32 : TYPES.i32
    return [u32(TYPES.list), u32(itemType), u64(BigInt(items.length)), ...items]
  }
  if (type === 'u64') return [u32(TYPES.u64), u64(BigInt(value))]
  if (type === 'u8') return [u32(TYPES.u8), Buffer.of(Number(value))]
  if (type === 'i32') return [u32(TYPES.i32), i32(Number(value))]
  if (type === 'u32') return [u32(TYPES.u32), u32(Number(value))]
  return [u32(TYPES.f32), f32(Number(value))]
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(BigInt(bytes.length)), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
