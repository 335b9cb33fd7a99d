import { StringDecoder } from 'node:string_decoder'

/** Largest event that is kept, in characters; a token's event has a few hundred. */
export const MAX_EVENT_CHARACTERS = 1024 * 1024

/** An event was larger than any honest one. */
export class EventTooLarge extends Error {}

/**
 * Splits a byte stream into the data of server-sent events: LF, CR and CRLF, several `data` lines,
 * comments and other fields, split anywhere, even inside a character.
 */
export class EventSplitter {
  readonly #onData: (data: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #splitCharacter = false
  /** The start of a line whose end has not come yet. */
  #partial = ''
  #data: string | undefined
  #afterCr = false
  #first = true

  constructor(onData: (data: string) => void) {
    this.#onData = onData
  }

  /** @throws EventTooLarge */
  push(bytes: Buffer): void {
    let text = this.#decode(bytes)
    if (text === '') return
    if (this.#first) {
      this.#first = false
      if (text.startsWith('\ufeff')) text = text.slice(1)
    }
    if (this.#afterCr) {
      this.#afterCr = false
      if (text.startsWith('\n')) text = text.slice(1)
    }
    if (text.includes('\r')) {
      this.#afterCr = text.endsWith('\r')
      text = text.replaceAll(/\r\n?/g, '\n')
    }
    let from = 0
    let to = text.indexOf('\n')
    if (to >= 0 && this.#partial !== '') {
      this.#line(this.#partial + text.slice(0, to))
      this.#partial = ''
      from = to + 1
      to = text.indexOf('\n', from)
    }
    while (to >= 0) {
      this.#line(text.slice(from, to))
      from = to + 1
      to = text.indexOf('\n', from)
    }
    if (from < text.length) this.#partial += text.slice(from)
    if (this.#partial.length > MAX_EVENT_CHARACTERS) throw new EventTooLarge()
  }

  /** An event that the end of the stream completes: not by the standard, but some servers do it. */
  end(): void {
    if (this.#partial !== '') this.#line(this.#partial)
    this.#partial = ''
    this.#line('')
  }

  // Nearly every read ends with a line feed, and then no character is cut: no decoder is needed.
  #decode(bytes: Buffer): string {
    const last = bytes.at(-1)
    if (last === undefined) return ''
    if (last < 0x80 && !this.#splitCharacter) return bytes.toString('utf8')
    this.#splitCharacter = last >= 0x80
    return this.#decoder.write(bytes)
  }

  #line(line: string): void {
    if (line === '') {
      const data = this.#data
      this.#data = undefined
      if (data !== undefined) this.#onData(data)
      return
    }
    if (!line.startsWith('data')) return
    let value: string
    if (line[4] === ':') value = line.slice(line[5] === ' ' ? 6 : 5)
    else if (line.length === 4) value = ''
    else return
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    if (this.#data.length > MAX_EVENT_CHARACTERS) throw new EventTooLarge()
  }
}
