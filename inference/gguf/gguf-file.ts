import { open } from 'node:fs/promises'
import { type ByteReader, createByteReader, readFully } from './byte-reader.ts'
import { ConversionError } from './conversion-error.ts'
import { type Metadata, readMetadata } from './metadata.ts'
import { type TensorInfo, readTensorTable } from './tensor-table.ts'

/** An open GGUF file whose header was read and checked; the weights stay in the file. */
export interface GgufFile {
  readonly metadata: Metadata
  readonly tensors: ReadonlyMap<string, TensorInfo>
  /** `rows` rows of `tensor` from `first` on, as they are stored. */
  rows(tensor: TensorInfo, first: number, rows: number): Promise<Buffer>
  close(): Promise<void>
}

const MAGIC = 'GGUF'
const VERSIONS: readonly number[] = [2, 3]
const MAX_KEYS = 65_536
const MAX_TENSORS = 65_536
/** Length of a key, its type and the smallest value. */
const SMALLEST_KEY_BYTES = 8 + 4 + 1
/** Length of a name, number of dimensions, one of them, type and offset. */
const SMALLEST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8

/**
 * Opens a GGUF file and reads its header. Every count, length and offset is compared with the size
 * of the file before anything is made for it. Throws a ConversionError where they do not fit, and
 * what the file system throws; the file is closed then.
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ConversionError(`there is no file ${path}`)
    throw error
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new ConversionError('this is not a file')
    const reader = createByteReader(file, stat.size)
    await checkVersion(reader)
    const tensorCount = counted(
      reader,
      await reader.u64(),
      SMALLEST_TENSOR_BYTES,
      MAX_TENSORS,
      'tensors',
    )
    const keyCount = counted(
      reader,
      await reader.u64(),
      SMALLEST_KEY_BYTES,
      MAX_KEYS,
      'metadata keys',
    )
    const metadata = await readMetadata(reader, keyCount)
    const tensors = await readTensorTable(reader, tensorCount, metadata)
    return {
      metadata,
      tensors,
      rows: (tensor, first, rows) =>
        readFully(file, rows * tensor.rowBytes, tensor.at + first * tensor.rowBytes),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function checkVersion(reader: ByteReader): Promise<void> {
  if (reader.left < MAGIC.length + 20) throw new ConversionError('the file is too short for GGUF')
  let magic = ''
  while (magic.length < MAGIC.length) magic += String.fromCharCode(await reader.u8())
  if (magic !== MAGIC)
    throw new ConversionError('this is no GGUF file: it does not begin with GGUF')
  const version = await reader.u32()
  if (VERSIONS.includes(version)) return
  // The version tells the order of bytes: a small number is huge when it is read backwards.
  if (version !== 0 && version % 65_536 === 0) {
    throw new ConversionError('this is a big-endian GGUF file, which is not supported')
  }
  throw new ConversionError(
    `GGUF version ${version} is not supported, only ${VERSIONS.join(' and ')}`,
  )
}

function counted(reader: ByteReader, count: bigint, bytes: number, max: number, what: string) {
  const number = reader.expect(count, bytes, what)
  if (number <= max) return number
  throw new ConversionError(`the file claims ${number} ${what}, more than ${max}`)
}
