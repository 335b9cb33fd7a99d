import { isUtf8 } from 'node:buffer'

const LINE_FEED = 0x0a
/** Longer lines cannot be votes, and would not fit into one string. */
const MAX_LINE_BYTES = 256 * 1024 * 1024

/** A line without its end, or undefined where its bytes are not UTF-8; lines count from 1. */
export type LineVisitor = (line: string | undefined, number: number) => void

/** A line that is longer than any text of votes. */
export class LineTooLong extends Error {
  readonly line: number
  constructor(line: number) {
    super(`line ${line} is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`)
    this.line = line
  }
}

/**
 * Visits the lines of a UTF-8 text: LF or CR LF, the last line with or without its
 * end. Whole chunks are decoded at once, and only where one is not UTF-8 line by line.
 *
 * @throws {LineTooLong} instead of holding a file without line ends in memory
 */
export async function visitLines(chunks: AsyncIterable<Buffer>, visit: LineVisitor): Promise<void> {
  let number = 0
  let carried: Buffer[] = []
  let carriedBytes = 0
  const visitComplete = (bytes: Buffer) => {
    const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined
    if (text === undefined) visitBytes(bytes)
    else visitText(text)
  }
  const visitText = (text: string) => {
    let from = 0
    while (from < text.length) {
      const end = text.indexOf('\n', from)
      const until = end === -1 ? text.length : end
      visit(
        text.slice(from, text[until - 1] === '\r' && until > from ? until - 1 : until),
        ++number,
      )
      from = until + 1
    }
  }
  const visitBytes = (bytes: Buffer) => {
    let from = 0
    while (from < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, from)
      const line = bytes.subarray(from, end === -1 ? bytes.length : end + 1)
      if (isUtf8(line)) visitText(line.toString('utf8'))
      else visit(undefined, ++number)
      from += line.length
    }
  }
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    if (end > 0) {
      visitComplete(
        carried.length === 0
          ? chunk.subarray(0, end)
          : Buffer.concat([...carried, chunk.subarray(0, end)]),
      )
      carried = []
      carriedBytes = 0
    }
    if (end < chunk.length) {
      carried.push(chunk.subarray(end))
      carriedBytes += chunk.length - end
      if (carriedBytes > MAX_LINE_BYTES) throw new LineTooLong(number + 1)
    }
  }
  if (carriedBytes > 0) visitComplete(Buffer.concat(carried))
}
