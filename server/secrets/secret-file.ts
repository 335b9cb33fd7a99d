import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { err, type Result } from '../../shared/result.ts'
import { freshRing, parseRing, type KeyRing } from './key-ring.ts'

const OTHERS = 0o077

/**
 * Reads the keys from the secret file; on the very first start makes it, for its owner alone.
 *
 * @returns the keys, or one line that names the file, what is wrong with it and what to do
 */
export async function loadKeyRing(path: string, now: number): Promise<Result<KeyRing, string>> {
  try {
    if (!(await exists(path))) await createFile(path, freshRing(now))
    const file = await open(path, 'r')
    try {
      const { mode } = await file.stat()
      // Windows has no such mode: there the folder's access list decides.
      if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
        return err(
          `SECRET_FILE ${path} can be read by others: run "chmod 600 ${path}" and start again`,
        )
      }
      const ring = parseRing(await file.readFile('utf8'))
      return ring.ok ? ring : err(`SECRET_FILE ${path} ${ring.error}`)
    } finally {
      await file.close()
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return err(`SECRET_FILE ${path} cannot be used: ${reason}`)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw cause
  }
}

/**
 * Writes the file under another name and then gives it its own: two arenas that start at once
 * agree on one file, and none ever reads half of it.
 */
async function createFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path).catch(async (cause: unknown) => {
      if (codeOf(cause) === 'EEXIST') return
      // A file system without hard links.
      await copyFile(draft, path, constants.COPYFILE_EXCL)
    })
  } finally {
    await rm(draft, { force: true })
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}
