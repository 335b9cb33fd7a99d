import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DataError } from './problems.ts'

/** The name under which standard input is read. */
export const STDIN = '-'

/** Larger chunks than usual: every one costs a turn of the event loop. */
const CHUNK_BYTES = 256 * 1024

/** The formats that votes are read from. */
export type Format = 'csv' | 'jsonl' | 'json' | 'parquet'

/** How many bytes a file has; undefined for standard input. @throws {DataError} if it is no file */
export async function sizeOf(file: string): Promise<number | undefined> {
  if (file === STDIN) return undefined
  try {
    const found = await stat(file)
    if (found.isDirectory()) throw new DataError(`${file}: is a directory, not a file of votes`)
    return found.isFile() ? found.size : undefined
  } catch (cause) {
    throw asDataError(file, cause)
  }
}

/** Whether a file says that it is Parquet, by its first bytes. */
export async function isParquet(file: string): Promise<boolean> {
  if (file === STDIN) return false
  const handle = await open(file).catch((cause: unknown) => {
    throw asDataError(file, cause)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1', 0, bytesRead) === 'PAR1') return true
    if (extname(file) !== '.parquet') return false
    throw new DataError(`${file}: is no Parquet file: it does not begin with PAR1`)
  } catch (cause) {
    throw asDataError(file, cause)
  } finally {
    await handle.close()
  }
}

/** A text file, unpacked, and what it is by its name and its first bytes. */
export type TextSource = {
  readonly format: Exclude<Format, 'parquet'>
  readonly chunks: AsyncIterable<Buffer>
}

/**
 * Opens a text file or standard input. Gzip is unpacked, a byte order mark left out.
 *
 * @param progress told the bytes read, before they are unpacked
 * @throws {DataError} if it is of another encoding or kind
 */
export async function openText(
  file: string,
  progress: (bytes: number) => void = () => undefined,
): Promise<TextSource> {
  const raw: Readable =
    file === STDIN ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES })
  const packed = await peek(guarded(file, raw, progress))
  const gzip = packed.head[0] === 0x1f && packed.head[1] === 0x8b
  const text = gzip ? await peek(unpack(file, packed.chunks)) : packed
  refuseForeign(file, text.head)
  const name = gzip || file.endsWith('.gz') ? file.replace(/\.gz$/, '') : file
  return { format: formatOf(extname(name), text.head), chunks: withoutMark(text.chunks) }
}

async function* guarded(
  file: string,
  raw: Readable,
  progress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of raw as AsyncIterable<Buffer>) {
      progress(chunk.length)
      yield chunk
    }
  } catch (cause) {
    throw asDataError(file, cause)
  }
}

async function* unpack(file: string, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(packed)
  const gunzip = createGunzip()
  source.on('error', (cause) => gunzip.destroy(cause))
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${file}: the gzip data is cut off or damaged: ${message}`)
  }
}

/** Enough to tell what a file is. */
const HEAD_BYTES = 4096

/** Reads ahead until the head is complete or the file ends. */
async function peek(
  chunks: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < HEAD_BYTES) {
    const { done, value } = await iterator.next()
    if (done === true) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  return { head, chunks: after(head, iterator) }
}

async function* after(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  for (;;) {
    const { done, value } = await rest.next()
    if (done === true) return
    yield value
  }
}

const MARKS = [
  { bytes: [0xff, 0xfe], name: 'UTF-16' },
  { bytes: [0xfe, 0xff], name: 'UTF-16' },
] as const

function refuseForeign(file: string, head: Buffer): void {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (mark !== undefined) {
    throw new DataError(`${file}: is written in ${mark.name}; only UTF-8 is read: convert it first`)
  }
  if (head.toString('latin1', 0, 4) === 'PAR1') {
    throw new DataError(`${file}: Parquet is read from its end: give it as an unpacked file`)
  }
  if (head.subarray(0, HEAD_BYTES).includes(0)) {
    throw new DataError(`${file}: is neither text in UTF-8 nor Parquet nor gzip`)
  }
}

/** By content where that is plain, since names lie; CSV may begin with anything. */
function formatOf(extension: string, head: Buffer): TextSource['format'] {
  if (extension === '.csv' || extension === '.tsv') return 'csv'
  const first = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()[0]
  if (first === '[') return 'json'
  if (first === '{') return 'jsonl'
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl'
  return extension === '.json' ? 'json' : 'csv'
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true
  for await (const chunk of chunks) {
    // The first chunk holds the whole head.
    const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
    first = false
    yield marked ? chunk.subarray(3) : chunk
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read',
  EISDIR: 'is a directory, not a file of votes',
}

function asDataError(file: string, cause: unknown): DataError {
  if (cause instanceof DataError) return cause
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string }
  return new DataError(`${file}: ${WORDS[code] ?? `cannot be read: ${message}`}`)
}
