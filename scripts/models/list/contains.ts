import { createReadStream } from 'node:fs'

/** Whether a file has `text` somewhere; it may be larger than memory. */
export async function contains(path: string, text: string): Promise<boolean> {
  let end = Buffer.alloc(0)
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = Buffer.concat([end, part as Buffer])
    if (bytes.includes(text)) return true
    // It may lie across two parts.
    end = Buffer.from(bytes.subarray(-text.length))
  }
  return false
}
