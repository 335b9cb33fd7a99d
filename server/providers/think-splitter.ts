/** The tags that open models put around what they think, at the very start of their words. */
const TAGS = ['think', 'thinking'].map((name) => ({ open: `<${name}>`, close: `</${name}>` }))
/** Blanks before the tag that are waited through, at most. */
const MAX_BLANKS = 64

type Pieces = { text: string; reasoning: string }

/**
 * Tells a block of thinking at the very start of an answer from the answer, however the stream
 * cuts it. Further blocks are text: an answer may well be about such tags.
 */
export class ThinkSplitter {
  #state: 'start' | 'thinking' | 'after' | 'text' = 'start'
  #close = ''
  /** What came but is not decided yet. */
  #held = ''

  /** Whether all that comes is text, so that nobody need ask any more. */
  get isDone(): boolean {
    return this.#state === 'text'
  }

  push(piece: string): Pieces {
    const pieces: Pieces = { text: '', reasoning: '' }
    this.#held += piece
    if (this.#state === 'start') this.#findOpen()
    if (this.#state === 'thinking') pieces.reasoning = this.#takeThoughts()
    if (this.#state === 'after') {
      // Blanks between the block and the answer belong to neither.
      this.#held = this.#held.trimStart()
      if (this.#held !== '') this.#state = 'text'
    }
    if (this.#state === 'text') {
      pieces.text = this.#held
      this.#held = ''
    }
    return pieces
  }

  /** What was held back when nothing more comes. */
  end(): Pieces {
    const held = this.#held
    this.#held = ''
    if (this.#state === 'thinking') return { text: '', reasoning: held }
    this.#state = 'text'
    return { text: held, reasoning: '' }
  }

  #findOpen(): void {
    const start = this.#held.trimStart()
    const tooLate = this.#held.length - start.length > MAX_BLANKS
    const tag = tooLate ? undefined : TAGS.find(({ open }) => start.startsWith(open))
    if (tag !== undefined) {
      this.#state = 'thinking'
      this.#close = tag.close
      this.#held = start.slice(tag.open.length)
    } else if (tooLate || !TAGS.some(({ open }) => open.startsWith(start))) {
      this.#state = 'text'
    }
  }

  #takeThoughts(): string {
    const at = this.#held.indexOf(this.#close)
    if (at >= 0) {
      const thoughts = this.#held.slice(0, at)
      this.#held = this.#held.slice(at + this.#close.length)
      this.#state = 'after'
      return thoughts
    }
    // All but what may be the start of the closing tag is decided.
    const open = this.#held.lastIndexOf('<')
    const kept =
      open >= 0 && this.#close.startsWith(this.#held.slice(open)) ? open : this.#held.length
    const thoughts = this.#held.slice(0, kept)
    this.#held = this.#held.slice(kept)
    return thoughts
  }
}
