import { type Hash, createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Progress } from '../progress.ts'
import type { HubFile } from './hub-client.ts'
import { answerProblem, reasonOf } from './hub-error.ts'

/** So often in a row a connection may break without bringing anything. */
const MAX_TRIES = 5

/** How to download files. */
export interface DownloadOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly progress: Progress
  readonly signal: AbortSignal
  /** How long a connection may be silent, in milliseconds. */
  readonly silentMs: number
  /** Waits before the next try; resolves early never. */
  readonly wait: (tries: number, signal: AbortSignal) => Promise<void>
}

/**
 * Downloads one file to `path`. What was there of an earlier try, in `path` with `.part` after it, is
 * gone on with; so is what a connection brought that broke. Throws an Error of one sentence; a file
 * whose bytes are not those of its sum is taken away.
 */
export async function download(
  url: string,
  file: HubFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const part = `${path}.part`
  await mkdir(dirname(path), { recursive: true })
  if ((await sizeOf(path)) === file.size) {
    options.progress.advance(file.size)
    return
  }
  let had = Math.min(await sizeOf(part), file.size)
  const wentOn = had > 0
  options.progress.advance(had)
  for (let tries = 0; had < file.size;) {
    try {
      await fetchRest(url, file, part, had, options)
    } catch (cause) {
      options.signal.throwIfAborted()
      if (cause instanceof Refusal) throw cause
      const has = Math.min(await sizeOf(part), file.size)
      tries = has > had ? 1 : tries + 1
      if (tries >= MAX_TRIES) {
        throw new Error(
          `${file.path}: the connection broke again and again (${reasonOf(cause)}); the same command goes on where it stopped`,
          { cause },
        )
      }
      await options.wait(tries, options.signal)
    }
    had = Math.min(await sizeOf(part), file.size)
  }
  if (file.size === 0) await (await open(part, 'w')).close()
  const sum = await sumOf(part, file, options.signal)
  if (sum !== file.digest.hex) {
    await rm(part, { force: true })
    options.progress.advance(-file.size)
    // What an earlier try left may be what is wrong.
    if (wentOn) return download(url, file, path, options)
    throw new Error(
      `${file.path}: what was downloaded has the sum ${sum}, not ${file.digest.hex}: it was changed on the way or is broken there, and was taken away`,
    )
  }
  await rename(part, path)
}

/** An answer that trying again does not change. */
class Refusal extends Error {}

async function fetchRest(
  url: string,
  file: HubFile,
  part: string,
  had: number,
  { headers, progress, signal, silentMs }: DownloadOptions,
): Promise<void> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error('the connection is silent')), silentMs)
  try {
    const response = await fetch(url, {
      headers: { ...headers, ...(had > 0 && { range: `bytes=${had}-` }) },
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      throw new Error(`the hub answered ${response.status}`)
    }
    if (!response.ok) {
      const { message } = answerProblem(response, file.path, headers['authorization'] !== undefined)
      throw new Refusal(message)
    }
    const from = startOf(response, had)
    const target = await open(part, from > 0 ? 'r+' : 'w')
    try {
      // Who sends everything anew makes what was there worth nothing.
      progress.advance(from - had)
      let at = from
      for await (const bytes of response.body ?? []) {
        timer.refresh()
        if (at + bytes.length > file.size) {
          throw new Refusal(`${file.path}: more bytes come than the hub lists (${file.size})`)
        }
        await target.write(bytes, 0, bytes.length, at)
        at += bytes.length
        progress.advance(bytes.length)
      }
      if (at < file.size) throw new Error('the connection ended early')
    } finally {
      await target.close()
    }
  } finally {
    clearTimeout(timer)
  }
}

function startOf(response: Response, had: number): number {
  if (had === 0 || response.status !== 206) return 0
  const start = Number(/^bytes (\d+)-/u.exec(response.headers.get('content-range') ?? '')?.[1])
  if (start === had) return had
  throw new Error('the hub sent another part than was asked for')
}

async function sumOf(path: string, file: HubFile, signal: AbortSignal): Promise<string> {
  const { kind } = file.digest
  let hash: Hash
  if (kind === 'sha256') hash = createHash('sha256')
  else {
    // Git's sum is over a header too, and newer repositories use the longer kind.
    hash = createHash(file.digest.hex.length === 64 ? 'sha256' : 'sha1')
    hash.update(`blob ${file.size}\0`)
  }
  for await (const bytes of createReadStream(path, { signal })) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}
