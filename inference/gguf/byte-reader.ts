import type { FileHandle } from 'node:fs/promises'
import { ConversionError } from './conversion-error.ts'

const WINDOW_BYTES = 1024 * 1024
/** Vocabularies and merges of the largest models known take 10 MB. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024
const MAX_STRING_BYTES = 16 * 1024 * 1024

/** Reads a file's header in order, through a window of bounded size. Nothing is believed. */
export interface ByteReader {
  /** Bytes read so far. */
  readonly position: number
  /** Bytes that the file still has. */
  readonly left: number
  u8(): Promise<number>
  u32(): Promise<number>
  u64(): Promise<bigint>
  /** A number of the given width, as `DataView` reads it. */
  scalar<Value>(bytes: number, get: (view: DataView) => Value): Promise<Value>
  /** Text after its length; bytes that are no UTF-8 become replacement characters. */
  text(what: string): Promise<string>
  /** Fails unless `count` things of at least `bytes` each can still follow. */
  expect(count: bigint, bytes: number, what: string): number
}

/** Reads `file`, which has `size` bytes, from its beginning. */
export function createByteReader(file: FileHandle, size: number): ByteReader {
  let position = 0
  let windowAt = 0
  let window: Buffer = Buffer.alloc(0)
  const decoder = new TextDecoder()

  async function take(bytes: number, what: string): Promise<Buffer> {
    if (bytes > size - position) throw new ConversionError(`the file ends inside ${what}`)
    if (position + bytes > MAX_HEADER_BYTES) {
      throw new ConversionError(`the header is longer than ${MAX_HEADER_BYTES / 1024 ** 2} MiB`)
    }
    if (position < windowAt || position + bytes > windowAt + window.length) {
      windowAt = position
      window = await readFully(
        file,
        Math.min(Math.max(bytes, WINDOW_BYTES), size - position),
        position,
      )
    }
    const from = position - windowAt
    position += bytes
    return window.subarray(from, from + bytes)
  }

  async function scalar<Value>(bytes: number, get: (view: DataView) => Value): Promise<Value> {
    const part = await take(bytes, 'the header')
    return get(new DataView(part.buffer, part.byteOffset, bytes))
  }

  const reader: ByteReader = {
    get position() {
      return position
    },
    get left() {
      return size - position
    },
    scalar,
    u8: () => scalar(1, (view) => view.getUint8(0)),
    u32: () => scalar(4, (view) => view.getUint32(0, true)),
    u64: () => scalar(8, (view) => view.getBigUint64(0, true)),
    async text(what) {
      const length = reader.expect(await reader.u64(), 1, `the bytes of ${what}`)
      if (length > MAX_STRING_BYTES) {
        throw new ConversionError(`${what} is longer than ${MAX_STRING_BYTES / 1024 ** 2} MiB`)
      }
      return decoder.decode(await take(length, what))
    },
    expect(count, bytes, what) {
      if (count * BigInt(bytes) <= BigInt(reader.left)) return Number(count)
      throw new ConversionError(`the file is too short for ${what} (it claims ${count})`)
    },
  }
  return reader
}

/** Exactly `length` bytes from `at`; throws a ConversionError where the file ends before. */
export async function readFully(file: FileHandle, length: number, at: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done)
    if (bytesRead === 0) throw new ConversionError('the file ended while it was read')
    done += bytesRead
  }
  return bytes
}
