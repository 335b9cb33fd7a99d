import type { ByteReader } from './byte-reader.ts'
import { ConversionError } from './conversion-error.ts'
import { type Metadata, shown } from './metadata.ts'
import { type TensorType, tensorType } from './tensor-types.ts'

/** Where one tensor lies and what it is. Rows are what is stored together: the first dimension. */
export interface TensorInfo {
  readonly name: string
  readonly type: TensorType
  /** Numbers in a row. */
  readonly width: number
  /** Rows of all further dimensions. */
  readonly rows: number
  readonly rowBytes: number
  /** Position of the first byte in the file. */
  readonly at: number
}

const DEFAULT_ALIGNMENT = 32
const MAX_ALIGNMENT = 1024 * 1024
const MAX_DIMENSIONS = 4

/**
 * Reads `count` entries and checks that every tensor lies inside the file, aligned and apart from
 * all others. Throws a ConversionError that names the tensor.
 */
export async function readTensorTable(
  reader: ByteReader,
  count: number,
  metadata: Metadata,
): Promise<ReadonlyMap<string, TensorInfo>> {
  const alignment = metadata.integer('general.alignment', 1, MAX_ALIGNMENT) ?? DEFAULT_ALIGNMENT
  if (alignment % 8 !== 0) {
    throw new ConversionError(`general.alignment is ${alignment}, which is not a multiple of 8`)
  }
  const entries: { info: TensorInfo; offset: bigint; bytes: bigint }[] = []
  for (let index = 0; index < count; index++) entries.push(await readEntry(reader, alignment))

  const start = Math.ceil(reader.position / alignment) * alignment
  const room = BigInt(Math.max(0, reader.position + reader.left - start))
  const tensors = new Map<string, TensorInfo>()
  for (const { info, offset, bytes } of entries) {
    const { name } = info
    if (tensors.has(name)) throw new ConversionError(`the tensor ${shown(name)} is there twice`)
    if (offset + bytes > room) {
      throw new ConversionError(`the file ends before the tensor ${shown(name)} does`)
    }
    tensors.set(name, { ...info, at: start + Number(offset) })
  }
  checkApart([...tensors.values()])
  return tensors
}

async function readEntry(reader: ByteReader, alignment: number) {
  const name = await reader.text('the name of a tensor')
  const label = `the tensor ${shown(name)}`
  const dimensions = await reader.u32()
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new ConversionError(`${label} has ${dimensions} dimensions, not 1 to ${MAX_DIMENSIONS}`)
  }
  const width = await reader.u64()
  let rows = 1n
  for (let index = 1; index < dimensions; index++) rows *= await reader.u64()
  const type = tensorType(await reader.u32())
  const offset = await reader.u64()
  if (typeof type === 'string') throw new ConversionError(`${label} is stored as ${type}`)
  if (width === 0n || rows === 0n) throw new ConversionError(`${label} is empty`)
  if (width % BigInt(type.elements) !== 0n) {
    throw new ConversionError(`${label} has rows of ${width}, which ${type.name} cannot store`)
  }
  const rowBytes = (width / BigInt(type.elements)) * BigInt(type.bytes)
  const bytes = rowBytes * rows
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ConversionError(`${label} is far too large`)
  if (offset % BigInt(alignment) !== 0n) {
    throw new ConversionError(`${label} does not begin at a multiple of ${alignment} bytes`)
  }
  const info: TensorInfo = {
    name,
    type,
    width: Number(width),
    rows: Number(rows),
    rowBytes: Number(rowBytes),
    at: 0,
  }
  return { info, offset, bytes }
}

function checkApart(tensors: readonly TensorInfo[]): void {
  let before: TensorInfo | undefined
  for (const tensor of tensors.toSorted((left, right) => left.at - right.at)) {
    if (before && before.at + before.rows * before.rowBytes > tensor.at) {
      throw new ConversionError(
        `the tensors ${shown(before.name)} and ${shown(tensor.name)} overlap`,
      )
    }
    before = tensor
  }
}
