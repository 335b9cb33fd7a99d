import { isUtf8 } from 'node:buffer'
import { JsonRows } from './json-rows.ts'
import { DataError, flaw, placeOf } from './problems.ts'
import type { RowSink } from './sink.ts'

/** One element is a vote; longer ones would not fit into one string. */
const MAX_ELEMENT_BYTES = 256 * 1024 * 1024

/**
 * Reads votes from one JSON array of objects. The array is split into its elements as it streams
 * by, so that only one element is held in memory.
 *
 * @throws {DataError} if it is no array, or is cut off
 */
export async function readJsonArray(
  file: string,
  chunks: AsyncIterable<Buffer>,
  sink: RowSink,
): Promise<void> {
  const rows = new JsonRows(file, sink)
  const splitter = new ArraySplitter(
    (bytes, line) => {
      if (isUtf8(bytes)) {
        rows.add(bytes.toString('utf8'), line)
      } else {
        sink.bad({ unit: 'line', number: line }, flaw('not UTF-8', 'it holds other encodings'))
      }
    },
    (line, message) => {
      throw new DataError(`${placeOf(file, { unit: 'line', number: line })}: ${message}`)
    },
  )
  for await (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  rows.end()
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

type State = 'before' | 'first' | 'element' | 'inside' | 'after' | 'closed'

/**
 * Cuts a JSON array into the bytes of its elements. It only tells strings and brackets apart; what
 * an element says is for `JSON.parse`.
 */
export class ArraySplitter {
  readonly #visit: (bytes: Buffer, line: number) => void
  readonly #fail: (line: number, message: string) => never
  #state: State = 'before'
  #line = 1
  #depth = 0
  #inString = false
  #escaped = false
  /** What earlier chunks held of the element that is open. */
  #parts: Buffer[] = []
  #partBytes = 0
  #elementLine = 1

  /**
   * @param visit told every element with the line that it begins on, counted from 1
   * @param fail told what makes the array unreadable; must throw
   */
  constructor(
    visit: (bytes: Buffer, line: number) => void,
    fail: (line: number, message: string) => never,
  ) {
    this.#visit = visit
    this.#fail = fail
  }

  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#state !== 'inside') {
        at = this.#between(chunk, at)
        continue
      }
      const end = this.#endOfElement(chunk, at)
      if (end < chunk.length) this.#close(chunk.subarray(at, end))
      else this.#keep(chunk.subarray(at))
      at = end
    }
  }

  end(): void {
    if (this.#state === 'closed') return
    if (this.#state === 'inside') {
      this.#fail(this.#elementLine, 'the file is cut off inside the element that begins here')
    }
    this.#fail(this.#line, 'the file is cut off: its array is not closed')
  }

  /** @returns where the open element ends, at a comma or bracket of the array; or the chunk's end */
  #endOfElement(chunk: Buffer, from: number): number {
    let depth = this.#depth
    let inString = this.#inString
    let escaped = this.#escaped
    let lines = 0
    let at = from
    for (const { length } = chunk; at < length; at++) {
      const byte = chunk[at]!
      if (inString) {
        if (escaped) escaped = false
        else if (byte === QUOTE) inString = false
        else if (byte === BACKSLASH) escaped = true
        continue
      }
      switch (byte) {
        case QUOTE:
          inString = true
          continue
        case LF:
          lines++
          continue
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          depth++
          continue
        case COMMA:
          if (depth > 0) continue
          break
        case CLOSE_ARRAY:
          if (depth-- > 0) continue
          break
        case CLOSE_OBJECT:
          depth--
          continue
        default:
          continue
      }
      break
    }
    this.#line += lines
    this.#depth = depth
    this.#inString = inString
    this.#escaped = escaped
    return at
  }

  #close(rest: Buffer): void {
    const bytes = this.#parts.length === 0 ? rest : Buffer.concat([...this.#parts, rest])
    this.#parts = []
    this.#partBytes = 0
    this.#state = 'after'
    this.#visit(bytes, this.#elementLine)
  }

  #keep(part: Buffer): void {
    this.#parts.push(part)
    this.#partBytes += part.length
    if (this.#partBytes > MAX_ELEMENT_BYTES) {
      this.#fail(this.#elementLine, 'an element begins here that is too long for a vote')
    }
  }

  /** Takes the byte between elements that stands at `at`. @returns where the next one stands */
  #between(chunk: Buffer, at: number): number {
    const byte = chunk[at]
    if (byte === LF) this.#line++
    if (byte === SPACE || byte === LF || byte === CR || byte === TAB) return at + 1
    switch (this.#state) {
      case 'before':
        if (byte !== OPEN_ARRAY) this.#fail(this.#line, 'this is no JSON array')
        this.#state = 'first'
        return at + 1
      case 'first':
      case 'element':
        if (byte === CLOSE_ARRAY && this.#state === 'first') {
          this.#state = 'closed'
          return at + 1
        }
        if (byte === COMMA || byte === CLOSE_ARRAY) {
          this.#fail(this.#line, 'an element of the array is missing')
        }
        this.#state = 'inside'
        this.#elementLine = this.#line
        this.#depth = 0
        return at
      case 'after':
        this.#state = byte === COMMA ? 'element' : 'closed'
        return at + 1
      case 'inside':
      case 'closed':
        return this.#fail(this.#line, 'something follows after the end of the array')
    }
  }
}
