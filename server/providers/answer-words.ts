import type { AnswerPart } from './provider.ts'
import { ThinkSplitter } from './think-splitter.ts'

/**
 * Longest answer that is read, in characters: fifty times what the longest prompt may have. What a
 * model thinks is counted apart and bounded alike.
 */
export const MAX_ANSWER_CHARACTERS = 400_000

/** The words of one answer that came and were not taken yet, what was thought apart from the rest. */
export class AnswerWords {
  /** Looks for thoughts at the start of the text; gone once it has found out. */
  #thinking: ThinkSplitter | undefined
  #text = ''
  #length = 0
  #spoken = false
  #reasoning = ''
  #reasoningLength = 0

  /** @param continues whether an answer's first words were given, so that no thinking can come */
  constructor(continues: boolean) {
    this.#thinking = continues ? undefined : new ThinkSplitter()
  }

  /** Whether there was any text but blanks, taken or not. */
  get spoken(): boolean {
    return this.#spoken
  }

  /** What of the answer has become too long, if anything. */
  get tooLong(): 'answer' | 'reasoning' | undefined {
    if (this.#length > MAX_ANSWER_CHARACTERS) return 'answer'
    return this.#reasoningLength > MAX_ANSWER_CHARACTERS ? 'reasoning' : undefined
  }

  addText(text: string): void {
    if (this.#thinking === undefined) {
      this.#keep(text)
      return
    }
    const pieces = this.#thinking.push(text)
    if (this.#thinking.isDone) this.#thinking = undefined
    this.addReasoning(pieces.reasoning)
    this.#keep(pieces.text)
  }

  addReasoning(piece: string): void {
    // Empty blocks of thinking are blanks; a part never is.
    const reasoning = this.#reasoningLength === 0 ? piece.trimStart() : piece
    this.#reasoning += reasoning
    this.#reasoningLength += reasoning.length
  }

  /** No more comes: what was held back, for it might have been the start of a tag, is decided. */
  end(): void {
    const pieces = this.#thinking?.end()
    this.#thinking = undefined
    if (pieces === undefined) return
    this.addReasoning(pieces.reasoning)
    this.#keep(pieces.text)
  }

  /** All reasoning that came, else all text. */
  take(): AnswerPart | undefined {
    if (this.#reasoning !== '') {
      const reasoning = this.#reasoning
      this.#reasoning = ''
      return { reasoning }
    }
    if (this.#text === '') return undefined
    const text = this.#text
    this.#text = ''
    return { text }
  }

  dropText(): void {
    this.#text = ''
  }

  dropAll(): void {
    this.#text = ''
    this.#reasoning = ''
  }

  #keep(text: string): void {
    this.#text += text
    this.#length += text.length
    this.#spoken ||= text.trim() !== ''
  }
}
