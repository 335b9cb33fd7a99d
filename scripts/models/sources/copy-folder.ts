import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { requireSpace } from '../disk-space.ts'
import type { Progress } from '../progress.ts'
import { OTHER_WEIGHTS } from './other-weights.ts'

const MAX_FILES = 10_000
const MAX_DEPTH = 10

/**
 * Copies a model folder: all files but hidden ones and weights in other formats. Links to files are
 * followed (Hugging Face's cache is made of them), links to folders are not.
 */
export async function copyFolder(
  from: string,
  to: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const files = await filesIn(from)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  await requireSpace(to, bytes)
  progress.expect(bytes, `copying ${basename(from)}`)
  try {
    for (const { path } of files) {
      const target = join(to, path)
      await mkdir(join(target, '..'), { recursive: true })
      const file = await open(target, 'wx', 0o644)
      try {
        for await (const part of createReadStream(join(from, path), { signal })) {
          await file.writeFile(part as Buffer)
          progress.advance((part as Buffer).length)
        }
      } finally {
        await file.close()
      }
    }
  } finally {
    progress.end()
  }
}

async function filesIn(
  folder: string,
  below = '',
  depth = 0,
): Promise<{ path: string; size: number }[]> {
  if (depth > MAX_DEPTH) throw new Error(`${join(folder, below)} is too deep for a model folder`)
  const found: { path: string; size: number }[] = []
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || OTHER_WEIGHTS.test(entry.name)) continue
    const path = join(below, entry.name)
    if (entry.isDirectory()) {
      found.push(...(await filesIn(folder, path, depth + 1)))
      continue
    }
    const target = await stat(await realpath(join(folder, path)))
    if (target.isFile()) found.push({ path, size: target.size })
    if (found.length > MAX_FILES) {
      throw new Error(`${folder} has more than ${MAX_FILES} files: is it a model folder?`)
    }
  }
  return found
}
