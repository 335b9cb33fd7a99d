import { randomUUID } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { copyFile, link, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { err, ok, type Result } from '../../shared/result.ts'
import { freshRing, parseRing, type KeyRing } from './key-ring.ts'

const OTHERS = 0o077
const OWNER_ONLY = 0o600

/** A secret file as it was read. */
export type SecretFile = {
  readonly text: string
  readonly ring: KeyRing
  /** Another one when the file has been written again. */
  readonly stamp: string
}

/**
 * Reads the secret file; on the very first start makes it, for its owner alone.
 *
 * @returns the file, or one line that names it, what is wrong with it and what to do
 */
export async function loadSecretFile(
  path: string,
  now: number,
): Promise<Result<SecretFile, string>> {
  try {
    if (!(await exists(path))) await createFile(path, freshRing(now))
  } catch (cause) {
    return unusable(path, cause)
  }
  return readSecretFile(path)
}

/** Reads a secret file that is there; errors as {@link loadSecretFile} tells them. */
export function readSecretFile(path: string): Result<SecretFile, string> {
  try {
    const file = openSync(path, 'r')
    try {
      const stats = fstatSync(file, { bigint: true })
      // Windows has no such mode: there the folder's access list decides.
      if (process.platform !== 'win32' && (Number(stats.mode) & OTHERS) !== 0) {
        return err(
          `SECRET_FILE ${path} can be read by others: run "chmod 600 ${path}" and start again`,
        )
      }
      const text = readFileSync(file, 'utf8')
      const ring = parseRing(text)
      return ring.ok
        ? ok({ text, ring: ring.value, stamp: toStamp(stats) })
        : err(`SECRET_FILE ${path} ${ring.error}`)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    return unusable(path, cause)
  }
}

/** The stamp that a file would be read with now; none if it cannot be looked at. */
export function stampOf(path: string): string | undefined {
  try {
    return toStamp(statSync(path, { bigint: true }))
  } catch {
    return undefined
  }
}

/**
 * Puts another text in the place of a secret file, for the same owner alone. Whoever reads it gets
 * the one or the other whole, also if the machine stops meanwhile.
 */
export async function replaceSecretFile(path: string, text: string): Promise<void> {
  // Where the setting names a link, the link stays.
  const target = await realpath(path)
  const { uid, gid } = await stat(target)
  const draft = `${target}.${randomUUID()}.new`
  try {
    const file = await open(draft, 'wx', OWNER_ONLY)
    try {
      const made = await file.stat()
      // An administrator may be another user than the arena, which has to read it.
      if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
    await syncFolder(dirname(target))
  } finally {
    await rm(draft, { force: true })
  }
}

/** Without it the new name may be lost with the power. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function toStamp({ ino, mtimeNs, size }: { ino: bigint; mtimeNs: bigint; size: bigint }): string {
  return `${ino}.${mtimeNs}.${size}`
}

function unusable(path: string, cause: unknown): Result<never, string> {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return err(`SECRET_FILE ${path} cannot be used: ${reason}`)
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
    const file = await open(draft, 'wx', OWNER_ONLY)
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
