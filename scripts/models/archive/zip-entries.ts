import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { type Entry, refuseKind } from './entry.ts'

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const MAX_COMMENT = 65_535
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024
const STORED = 0
const DEFLATED = 8
const TYPE_MASK = 0o170000
const KINDS: Readonly<Record<number, string>> = {
  0o120000: 'link',
  0o020000: 'device',
  0o060000: 'device',
  0o010000: 'pipe',
  0o140000: 'socket',
}

interface Listed {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** The entries of a zip file, as its directory lists them. Throws an Error that says what is broken. */
export async function* zipEntries(
  file: FileHandle,
  fileBytes: number,
): AsyncGenerator<Entry, void, undefined> {
  const directory = await readDirectory(file, fileBytes)
  for (const listed of listedIn(directory)) {
    const isFolder = listed.name.endsWith('/')
    yield {
      name: listed.name,
      kind: isFolder ? 'folder' : 'file',
      size: isFolder ? 0 : listed.size,
      contents: () => contentsOf(file, fileBytes, listed),
    }
  }
}

async function readDirectory(file: FileHandle, fileBytes: number): Promise<Buffer> {
  const tailBytes = Math.min(fileBytes, END_BYTES + MAX_COMMENT)
  const tail = await readAt(file, fileBytes - tailBytes, tailBytes)
  let at = tail.length - END_BYTES
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1
  if (at < 0) throw new Error('it is cut off, or no zip archive')
  let size = tail.readUInt32LE(at + 12)
  let offset = tail.readUInt32LE(at + 16)
  if (at >= 20 && tail.readUInt32LE(at - 20) === LOCATOR_64) {
    const end = await readAt(file, safe(tail.readBigUInt64LE(at - 20 + 8)), 56)
    if (end.readUInt32LE(0) !== END_64) throw new Error('its directory is broken')
    size = safe(end.readBigUInt64LE(40))
    offset = safe(end.readBigUInt64LE(48))
  }
  if (size > MAX_DIRECTORY_BYTES) throw new Error('its directory is too large')
  if (offset + size > fileBytes) throw new Error('its directory lies outside of the file')
  return readAt(file, offset, size)
}

function* listedIn(directory: Buffer): Generator<Listed, void, undefined> {
  for (let at = 0; at < directory.length;) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) {
      throw new Error('its directory is broken')
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((from) =>
      directory.readUInt16LE(at + from),
    ) as [number, number, number]
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes)
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes)
    if ((directory.readUInt16LE(at + 8) & 1) !== 0) {
      throw new Error(`${JSON.stringify(name)} is encrypted: unpack it and add the folder`)
    }
    const mode = directory.readUInt32LE(at + 38) >>> 16
    const kind = KINDS[mode & TYPE_MASK]
    if (kind !== undefined) refuseKind(name, kind)
    yield {
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      ...sizesOf(directory, at, extra),
    }
    at += 46 + nameBytes + extraBytes + commentBytes
  }
}

/** Sizes and offset, which for large files stand in an extra field, in this order, where they do. */
function sizesOf(directory: Buffer, at: number, extra: Buffer) {
  let wide = Buffer.alloc(0)
  for (let from = 0; from + 4 <= extra.length;) {
    const length = extra.readUInt16LE(from + 2)
    if (extra.readUInt16LE(from) === 1)
      wide = Buffer.from(extra.subarray(from + 4, from + 4 + length))
    from += 4 + length
  }
  const next = (short: number) => {
    if (short !== 0xffffffff || wide.length < 8) return short
    const value = safe(wide.readBigUInt64LE(0))
    wide = wide.subarray(8)
    return value
  }
  const size = next(directory.readUInt32LE(at + 24))
  const packed = next(directory.readUInt32LE(at + 20))
  const offset = next(directory.readUInt32LE(at + 42))
  return { size, packed, offset }
}

async function* contentsOf(
  file: FileHandle,
  fileBytes: number,
  listed: Listed,
): AsyncGenerator<Buffer, void, undefined> {
  const { name, method, packed, size, offset } = listed
  const local = await readAt(file, offset, 30)
  if (local.readUInt32LE(0) !== LOCAL)
    throw new Error(`${JSON.stringify(name)} is not where listed`)
  const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (start + packed > fileBytes) throw new Error(`${JSON.stringify(name)} is cut off`)
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`${JSON.stringify(name)} is packed in a way that is not supported (${method})`)
  }
  let [sum, length] = [0, 0]
  for await (const part of unpacked(file, start, packed, method)) {
    length += part.length
    if (length > size) break
    sum = crc32(part, sum)
    yield part
  }
  if (length !== size || sum !== listed.crc) {
    throw new Error(`${JSON.stringify(name)} is not what the archive says of it: copy it again`)
  }
}

async function* unpacked(file: FileHandle, start: number, packed: number, method: number) {
  const raw = packedBytes(file, start, packed)
  if (method === STORED) {
    yield* raw
    return
  }
  const source = Readable.from(raw)
  const inflate = source.pipe(createInflateRaw())
  // A reading error of the file has to end the unpacking as well.
  source.on('error', (cause) => inflate.destroy(cause))
  try {
    for await (const part of inflate) yield part as Buffer
  } finally {
    source.destroy()
    inflate.destroy()
  }
}

async function* packedBytes(file: FileHandle, start: number, packed: number) {
  for (let at = 0; at < packed; at += CHUNK_BYTES) {
    yield await readAt(file, start + at, Math.min(CHUNK_BYTES, packed - at))
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new Error('it is cut off: copy it again')
  return buffer
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('its directory is broken')
  return Number(value)
}
