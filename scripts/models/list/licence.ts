import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { visible } from '../format.ts'

const MAX_BYTES = 16 * 1024
const MAX_LENGTH = 40

/** The licence that a folder states: in the head of its README.md, else the first line of LICENSE. */
export async function licenceOf(folder: string): Promise<string | null> {
  const head = /^---\r?\n(.*?)\r?\n---/su.exec(await beginning(join(folder, 'README.md')))?.[1]
  const named = /^license:\s*["']?([\w.+-]+)/mu.exec(head ?? '')?.[1]
  if (named !== undefined) return named
  const first = (await beginning(join(folder, 'LICENSE'))).split('\n').map(visible).find(Boolean)
  return first === undefined ? null : first.slice(0, MAX_LENGTH)
}

async function beginning(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), { position: 0 })
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    return ''
  }
}
