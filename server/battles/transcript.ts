import type { DeltaSide, EndReason } from '../../shared/schemas/battle.ts'

/** One attempt at an answer: the sequence numbers after `from`, up to `end.seq` once it has ended. */
type Attempt = { readonly from: number; end?: { readonly seq: number; readonly reason: EndReason } }

/** How a transcript is stored beside its text. */
export type StoredTranscript = {
  /** Lengths of the frames, in UTF-16 code units. */
  frames: number[]
  attempts: { from: number; seq: number; reason: EndReason }[]
}

/** A side's text with the transcript that divides it, and what it thought before. */
export type SavedAnswer = {
  readonly text: string
  readonly transcript: StoredTranscript
  /** Of the last attempt; null where its provider told nothing. */
  readonly reasoning: string | null
}

/** Of what a model thinks no more is kept. */
export const MAX_REASONING_CHARACTERS = 400_000

/** How far a reader has read: the last frame's number, and how many attempts' ends. */
export type Cursor = { seq: number; ends: number }

/** What a reader gets next. */
export type TranscriptItem =
  | { readonly frame: DeltaSide }
  | { readonly end: { readonly seq: number; readonly reason: EndReason } }

/**
 * What one side has said in one turn, as numbered frames. A number always stands for the same
 * text: readers replay from here after a reconnect, and this is what is stored. There is no second
 * buffer. After a retry the numbers go on, so that nothing ever changes its meaning.
 */
export class Transcript {
  #text = ''
  #pending = ''
  /** What the present attempt thought: beside the frames, so that no reader can meet it. */
  #reasoning = ''
  /** Where each frame ends in `#text`, by number less one. */
  readonly #frameEnds: number[] = []
  readonly #attempts: Attempt[] = [{ from: 0 }]

  /** Takes up a stored transcript. */
  static restore(
    text: string,
    stored: StoredTranscript,
    reasoning: string | null = null,
  ): Transcript {
    const transcript = new Transcript()
    transcript.#text = text
    transcript.#reasoning = reasoning ?? ''
    let end = 0
    for (const length of stored.frames) {
      end += length
      transcript.#frameEnds.push(end)
    }
    transcript.#attempts.length = 0
    for (const { from, seq, reason } of stored.attempts) {
      transcript.#attempts.push({ from, end: { seq, reason } })
    }
    return transcript
  }

  /** The number of the last frame. */
  get seq(): number {
    return this.#frameEnds.length
  }

  /** How the present attempt ended, if it has. */
  get end(): { readonly seq: number; readonly reason: EndReason } | undefined {
    return this.#attempts.at(-1)?.end
  }

  /**
   * The side's answer as readers have put it together, without what waits for its frame: the last
   * attempt that has said anything, since a reader learns of a new one by its first frame.
   */
  get answer(): string {
    const attempt = this.#attempts.findLast(({ from }) => from < this.seq)
    return this.#text.slice(this.#offset(attempt?.from ?? 0))
  }

  /** What the last attempt thought, not for anybody before the vote; null where nothing is known. */
  get reasoning(): string | null {
    return this.#reasoning === '' ? null : this.#reasoning
  }

  /** How often the side has been asked. */
  get attempts(): number {
    return this.#attempts.length
  }

  /** Takes text from a provider; it waits for the next frame. */
  push(text: string): void {
    this.#pending += text
  }

  /** Takes what a model thinks; it is in no frame, and what is too long loses its end. */
  think(text: string): void {
    const room = MAX_REASONING_CHARACTERS - this.#reasoning.length
    if (room <= 0) return
    // Never half a character.
    const cut =
      text.length > room && /[\uD800-\uDBFF]/.test(text.charAt(room - 1)) ? room - 1 : room
    this.#reasoning += text.slice(0, cut)
  }

  /** Makes a frame of what waits. @returns whether there was anything */
  cut(): boolean {
    if (this.#pending === '') return false
    this.#text += this.#pending
    this.#pending = ''
    this.#frameEnds.push(this.#text.length)
    return true
  }

  /** Ends the present attempt; what waits becomes its last frame. */
  finish(reason: EndReason): void {
    const attempt = this.#attempts.at(-1)
    if (attempt === undefined || attempt.end !== undefined) return
    this.cut()
    attempt.end = { seq: this.seq, reason }
  }

  /** Begins a new attempt after an ended one. */
  restart(): void {
    if (this.end === undefined) return
    this.#attempts.push({ from: this.seq })
    this.#reasoning = ''
  }

  /**
   * Gives numbers that a reader holds, but that were lost with a crashed process, to an attempt
   * without text, so that a retry never gives them another meaning. Only after an end.
   */
  markLost(seq: number): void {
    const last = this.#attempts.at(-1)
    if (last?.end === undefined || seq <= this.seq) return
    const { reason } = last.end
    const from = this.seq
    while (this.seq < seq) this.#frameEnds.push(this.#text.length)
    if (from === 0) last.end = { seq, reason }
    else this.#attempts.push({ from, end: { seq, reason } })
  }

  /** A cursor for a reader who holds everything up to `seq`. Ends that were superseded are over. */
  cursorAt(seq: number): Cursor {
    const last = this.#attempts.length - 1
    const ends = this.#attempts.findIndex(
      ({ end }, index) => end === undefined || end.seq > seq || (end.seq === seq && index === last),
    )
    return { seq, ends: ends === -1 ? this.#attempts.length : ends }
  }

  /** What comes after a cursor, which moves on; undefined when the reader has everything. */
  next(cursor: Cursor): TranscriptItem | undefined {
    const end = this.#attempts[cursor.ends]?.end
    if (end !== undefined && end.seq <= cursor.seq) {
      cursor.ends += 1
      return { end }
    }
    if (cursor.seq >= this.seq) return undefined
    cursor.seq += 1
    return { frame: this.#frame(cursor.seq) }
  }

  /**
   * The form in which it is stored beside its text. An attempt under way is stored as one that
   * failed: that is what it will be if the process does not live to tell another end.
   */
  toStored(): SavedAnswer {
    let start = 0
    const frames = this.#frameEnds.map((end) => {
      const length = end - start
      start = end
      return length
    })
    const attempts = this.#attempts.map(({ from, end }) => ({
      from,
      ...(end ?? { seq: this.seq, reason: 'error' as const }),
    }))
    return { text: this.#text, transcript: { frames, attempts }, reasoning: this.reasoning }
  }

  #frame(seq: number): DeltaSide {
    const text = this.#text.slice(this.#offset(seq - 1), this.#offset(seq))
    const begins = this.#attempts.some(({ from }, index) => index > 0 && from === seq - 1)
    return begins ? { seq, text, restart: true } : { seq, text }
  }

  #offset(seq: number): number {
    return seq === 0 ? 0 : (this.#frameEnds[seq - 1] ?? this.#text.length)
  }
}
