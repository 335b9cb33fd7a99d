import type { TokenBytes } from './token-bytes.ts'

/**
 * Turns the tokens of one answer into text as they come. A character whose bytes are spread over
 * several tokens comes out with the last of them, never in broken parts.
 */
export class Detokenizer {
  readonly #tokens: TokenBytes
  // One decoder for the whole answer: in stream mode it keeps the bytes of an open character.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #dropSpace: boolean

  /** `continuing`: the answer goes on in the middle of a text, so a space it begins with counts. */
  constructor(tokens: TokenBytes, continuing: boolean) {
    this.#tokens = tokens
    // Metaspace vocabularies write every word with a space before it, the first one included.
    this.#dropSpace = tokens.spelling === 'metaspace' && !continuing
  }

  /** The text that this token completes; may be empty. */
  push(id: number): string {
    return this.#trimmed(this.#decoder.decode(this.#tokens.of(id), { stream: true }))
  }

  /** What is left at the end: a replacement character where one was not completed. */
  flush(): string {
    return this.#trimmed(this.#decoder.decode())
  }

  #trimmed(text: string): string {
    if (!this.#dropSpace || text === '') return text
    this.#dropSpace = false
    return text.startsWith(' ') ? text.slice(1) : text
  }
}
