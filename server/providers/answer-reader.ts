import type { IncomingMessage } from 'node:http'
import { ChunkReader, type Chunk } from './chunk-reader.ts'
import { EventSplitter, EventTooLarge } from './event-splitter.ts'
import { ProviderError, type AnswerPart, type Usage } from './provider.ts'

/** Longest answer that is read, in characters: fifty times what the longest prompt may have. */
export const MAX_ANSWER_CHARACTERS = 400_000

/** How long a stream may stay open after its end was told, in milliseconds. */
const CLOSING_GRACE_MS = 1000

type Step = IteratorResult<AnswerPart, undefined>
type Waiter = { resolve(step: Step): void; reject(cause: unknown): void }

/**
 * Reads one streamed answer. Each network read becomes at most one part, and what arrives while
 * nobody asks is joined to one text: the hot path of the arena runs through here.
 */
export class AnswerReader implements AsyncIterator<AnswerPart, undefined> {
  readonly #response: IncomingMessage
  readonly #signal: AbortSignal
  readonly #redact: (cause: unknown) => unknown
  readonly #splitter = new EventSplitter((data) => this.#onEvent(data))
  readonly #chunks = new ChunkReader()
  readonly #onAbort = () => this.#fail(this.#signal.reason)
  #text = ''
  #length = 0
  #spoken = false
  #finish: string | undefined
  #usage: Usage | undefined
  #state: 'reading' | 'complete' | 'failed' | 'over' = 'reading'
  #failure: unknown
  #waiter: Waiter | undefined
  #closing: NodeJS.Timeout | undefined

  constructor(
    response: IncomingMessage,
    options: {
      signal: AbortSignal
      /** Takes out of an error what nobody may read. */
      redact?: (cause: unknown) => unknown
      onClose?: () => void
    },
  ) {
    const { signal, redact = (cause) => cause, onClose } = options
    this.#response = response
    this.#signal = signal
    this.#redact = redact
    response.on('data', (bytes: Buffer) => this.#onData(bytes))
    response.on('end', () => this.#onEnd())
    response.on('error', (cause) => this.#onBreak(cause))
    response.on('close', () => {
      clearTimeout(this.#closing)
      signal.removeEventListener('abort', this.#onAbort)
      this.#onBreak()
      onClose?.()
    })
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  next(): Promise<Step> {
    const step = this.#take()
    if (step !== undefined) return Promise.resolve(step)
    if (this.#state === 'failed') {
      this.#state = 'over'
      return Promise.reject(this.#failure)
    }
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  return(): Promise<Step> {
    this.#state = 'over'
    if (!this.#response.complete) this.#response.destroy()
    return Promise.resolve({ done: true, value: undefined })
  }

  #take(): Step | undefined {
    if (this.#state === 'over') return { done: true, value: undefined }
    if (this.#text !== '') {
      const value = { text: this.#text }
      this.#text = ''
      return { done: false, value }
    }
    if (this.#state !== 'complete') return undefined
    this.#state = 'over'
    const end = this.#finish === 'length' ? 'length' : 'stop'
    return { done: false, value: { end, usage: this.#usage } }
  }

  #wake(): void {
    const waiter = this.#waiter
    if (waiter === undefined) return
    const step = this.#take()
    if (step === undefined && this.#state !== 'failed') return
    this.#waiter = undefined
    if (step !== undefined) {
      waiter.resolve(step)
      return
    }
    this.#state = 'over'
    waiter.reject(this.#failure)
  }

  #onData(bytes: Buffer): void {
    // After its end an answer has nothing to say; what follows must not keep the connection.
    if (this.#state !== 'reading') {
      this.#closeSoon()
      return
    }
    try {
      this.#splitter.push(bytes)
    } catch (cause) {
      if (!(cause instanceof EventTooLarge)) throw cause
      this.#fail(new ProviderError('protocol', 'an event of the stream is larger than 1 MiB'))
    }
    this.#wake()
  }

  #onEvent(data: string): void {
    if (this.#state !== 'reading') return
    if (data === '[DONE]') {
      this.#finish ??= 'stop'
      this.#complete()
      return
    }
    const chunk = this.#parse(data)
    if (chunk === undefined) return
    if (chunk.text !== '') this.#addText(chunk.text)
    if (chunk.usage !== undefined) this.#usage = chunk.usage
    if (chunk.finish !== undefined) {
      this.#finish = chunk.finish
      // The usage and [DONE] may follow, or nothing ever.
      this.#closeSoon()
    }
  }

  #parse(data: string): Chunk | undefined {
    let chunk: Chunk
    try {
      chunk = this.#chunks.read(data)
    } catch {
      this.#fail(new ProviderError('protocol', 'an event of the stream is no valid JSON'))
      return undefined
    }
    if (chunk.error === undefined) return chunk
    this.#fail(new ProviderError('protocol', `the stream reported an error: ${chunk.error}`))
    return undefined
  }

  #addText(text: string): void {
    this.#text += text
    this.#length += text.length
    this.#spoken ||= text.trim() !== ''
    if (this.#length > MAX_ANSWER_CHARACTERS) {
      const message = `the answer is longer than ${MAX_ANSWER_CHARACTERS} characters`
      this.#fail(new ProviderError('protocol', message))
    }
  }

  #complete(): void {
    if (this.#state !== 'reading') return
    if (this.#spoken) {
      this.#state = 'complete'
      this.#closeSoon()
    } else {
      this.#text = ''
      this.#fail(emptyAnswer(this.#finish))
    }
  }

  #onEnd(): void {
    if (this.#state !== 'reading') return
    try {
      this.#splitter.end()
    } catch (cause) {
      if (!(cause instanceof EventTooLarge)) throw cause
    }
    this.#onBreak()
  }

  /** The stream is over, in good or bad order: what counts is whether its end had been told. */
  #onBreak(cause?: Error): void {
    if (this.#state !== 'reading') return
    if (this.#finish === undefined) {
      const how = cause === undefined ? 'ended' : `broke (${cause.message})`
      this.#fail(new ProviderError('interrupted', `the stream ${how} before its end`, { cause }))
    } else {
      this.#complete()
    }
    this.#wake()
  }

  #fail(cause: unknown): void {
    if (this.#state !== 'reading' && this.#state !== 'complete') return
    // Who aborts wants nothing more; otherwise the text before the failure is still given out.
    if (this.#signal.aborted) this.#text = ''
    this.#state = 'failed'
    this.#failure = this.#redact(cause)
    this.#response.destroy()
    this.#wake()
  }

  /** Lets the connection end in good order, so that it can be used again, but does not wait long. */
  #closeSoon(): void {
    this.#closing ??= setTimeout(() => {
      this.#complete()
      this.#wake()
      this.#response.destroy()
    }, CLOSING_GRACE_MS).unref()
  }
}

function emptyAnswer(finish: string | undefined): ProviderError {
  if (finish === 'content_filter') {
    return new ProviderError('empty', "the provider's content filter withheld the answer")
  }
  // The cause tells a probe that the model thinks longer than the probe allows.
  return finish === 'length'
    ? new ProviderError('empty', 'all tokens were used without a word of answer', { cause: finish })
    : new ProviderError('empty', 'the answer is empty')
}
