import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TINY } from '../inference/models.ts'

/** All files of the tiny model by their paths, below `prefix`. */
export async function tinyFiles(prefix = ''): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {}
  for (const entry of await readdir(TINY, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[prefix + path.slice(TINY.length + 1)] = await readFile(path)
  }
  return files
}
