import { lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const PREFIX = '.adding-'

/** Throws when `id` is in use already. */
export async function refuseUsed(directory: string, id: string): Promise<void> {
  if (await exists(join(directory, id))) {
    throw new Error(
      `${id} exists already in ${directory}: choose another id with --name, or remove that one first`,
    )
  }
}

/**
 * Makes a model folder that is there whole or not at all: `fill` gets an empty folder that nobody
 * looks into, with the name that it will have, and returns the folder to keep, which is that or one
 * inside. When `fill` throws, nothing stays.
 */
export async function stage(
  directory: string,
  id: string,
  fill: (folder: string) => Promise<string>,
): Promise<string> {
  await refuseUsed(directory, id)
  await mkdir(directory, { recursive: true })
  await sweep(directory)
  const workplace = await mkdtemp(join(directory, `${PREFIX}${process.pid}-`))
  try {
    const folder = join(workplace, id)
    await mkdir(folder)
    const kept = await fill(folder)
    // Somebody else may have been faster.
    await refuseUsed(directory, id)
    const target = join(directory, id)
    await rename(kept, target)
    return target
  } finally {
    await rm(workplace, { recursive: true, force: true })
  }
}

/** Takes away what commands left behind that were killed. */
async function sweep(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(/^\.adding-(\d+)-/u.exec(name)?.[1] ?? NaN)
    if (Number.isNaN(pid) || isRunning(pid)) continue
    await rm(join(directory, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

/** Whether there is anything at `path`, a link that leads nowhere included. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}
