import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { requireSpace } from '../disk-space.ts'
import { entryPath } from '../entry-path.ts'
import { bytesText } from '../format.ts'
import type { Progress } from '../progress.ts'
import type { Entry } from './entry.ts'
import { tarEntries } from './tar-entries.ts'
import { zipEntries } from './zip-entries.ts'

const MAX_ENTRIES = 2000
/** Weights hardly shrink and texts by a factor of ten: more than that is made to fill a disk. */
const MAX_RATIO = 50
const ALWAYS_BYTES = 64 * 1024 * 1024

/** Names of the archives that can be unpacked. */
export const ARCHIVE = /\.(?:zip|tar|tar\.gz|tgz)$/iu

/** What unpacking needs from whoever asks for it. */
export interface UnpackOptions {
  readonly progress: Progress
  readonly signal: AbortSignal
}

/**
 * Unpacks an archive into the empty `folder`. Throws an Error that names the archive and what is
 * wrong in it: files that would lie elsewhere, links, more than its size can hold, broken contents.
 *
 * @returns the folder of the model, which is the only one inside where the archive wraps it in one
 */
export async function unpack(
  file: string,
  folder: string,
  options: UnpackOptions,
): Promise<string> {
  const archive = await open(file)
  try {
    const { size } = await archive.stat()
    options.progress.expect(size, `unpacking ${basename(file)}`)
    const entries = /\.zip$/iu.test(file) ? zipEntries(archive, size) : tarEntries(bytesIn(file))
    await write(entries, folder, size, options)
  } catch (cause) {
    options.signal.throwIfAborted()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${basename(file)} cannot be unpacked: ${why}`, { cause })
  } finally {
    options.progress.end()
    await archive.close()
  }
  return wrapped(folder)
}

async function* bytesIn(file: string): AsyncGenerator<Buffer, void, undefined> {
  const raw = createReadStream(file)
  const stream = /gz$/iu.test(file) ? raw.pipe(createGunzip()) : raw
  if (stream !== raw) raw.on('error', (cause) => stream.destroy(cause))
  try {
    for await (const part of stream) yield part as Buffer
  } finally {
    raw.destroy()
    stream.destroy()
  }
}

async function write(
  entries: AsyncIterable<Entry>,
  folder: string,
  archiveBytes: number,
  { progress, signal }: UnpackOptions,
): Promise<void> {
  const most = ALWAYS_BYTES + MAX_RATIO * archiveBytes
  let [count, total] = [0, 0]
  for await (const entry of entries) {
    signal.throwIfAborted()
    count += 1
    total += entry.size
    if (count > MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`)
    if (total > most) {
      throw new Error(
        `it says that it holds more than ${bytesText(most)}, which its ${bytesText(archiveBytes)} cannot be`,
      )
    }
    const path = join(folder, entryPath(entry.name))
    if (entry.kind === 'folder') {
      await mkdir(path, { recursive: true })
      continue
    }
    await requireSpace(folder, entry.size)
    await mkdir(dirname(path), { recursive: true })
    // A second file of the same name would hide the first: 'wx' refuses it.
    const target = await open(path, 'wx', 0o644)
    try {
      for await (const part of entry.contents()) {
        signal.throwIfAborted()
        await target.writeFile(part)
      }
    } finally {
      await target.close()
    }
    progress.advance(Math.min(entry.size, archiveBytes))
  }
}

async function wrapped(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => !/^(?:\.|__MACOSX$)/u.test(name))
  const [only] = names
  if (only === undefined || names.length > 1) return folder
  const inside = join(folder, only)
  return (await stat(inside)).isDirectory() ? inside : folder
}
