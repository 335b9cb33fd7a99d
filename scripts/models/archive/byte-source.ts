/** Reads a stream by so many bytes as are asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** The next `length` bytes, or null at the end. Throws when the stream ends within them. */
  async read(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = []
    for await (const part of this.take(length, true)) parts.push(part)
    return parts.length === 0 && length > 0 ? null : Buffer.concat(parts)
  }

  /** The next `length` bytes as they come. */
  async *take(length: number, mayEnd = false): AsyncGenerator<Buffer, void, undefined> {
    let left = length
    while (left > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next()
        if (next.done === true) {
          if (mayEnd && left === length) return
          throw new Error('it is cut off: copy it again')
        }
        this.#rest = next.value
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      if (part.length > 0) yield part
    }
  }
}
