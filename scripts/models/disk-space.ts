import { statfs } from 'node:fs/promises'
import { bytesText } from './format.ts'

/** Throws when the disk of `folder` has no room for so many bytes more. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (bytes > free) {
    throw new Error(`it needs ${bytesText(bytes)}, and ${folder} has ${bytesText(free)} free`)
  }
}
