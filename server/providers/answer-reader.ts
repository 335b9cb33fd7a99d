import type { IncomingMessage } from 'node:http'
import { AnswerWords, MAX_ANSWER_CHARACTERS } from './answer-words.ts'
import { ChunkReader } from './chunk-reader.ts'
import type { Chunk, Ending, EventFormat } from './event-format.ts'
import { EventSplitter, EventTooLarge } from './event-splitter.ts'
import { ProviderError, type AnswerPart, type Usage } from './provider.ts'

/**
 * Most bytes of one stream that are looked at, framing and comments included: ten times what the
 * longest honest answer has. A read counts as some bytes at least, since it costs as much: a flood
 * of nothing must not take the arena's time for as long as its time-outs allow.
 */
const MAX_STREAM_BYTES = 64 * 1024 * 1024
const LEAST_READ_BYTES = 512

/**
 * After so many bytes a stream lets others have their turn: from a provider that floods, one turn of
 * the loop would otherwise read two megabytes.
 */
const BYTES_A_TURN = 64 * 1024

/** How long a stream may stay open after its end was told, in milliseconds. */
const CLOSING_GRACE_MS = 1000

type Step = IteratorResult<AnswerPart, undefined>
type Waiter = { resolve(step: Step): void; reject(cause: unknown): void }

/**
 * Reads one streamed answer of any API; its format says how one event is read. Each network read
 * becomes at most one part of text and one of reasoning, and what arrives while nobody asks is
 * joined: the hot path of the arena runs through here.
 */
export class AnswerReader implements AsyncIterator<AnswerPart, undefined> {
  readonly #response: IncomingMessage
  readonly #signal: AbortSignal
  readonly #redact: (cause: unknown) => unknown
  readonly #splitter = new EventSplitter((data) => this.#onEvent(data))
  readonly #chunks: ChunkReader
  readonly #ending: EventFormat['ending']
  readonly #onAbort = () => this.#fail(this.#signal.reason)
  readonly #words: AnswerWords
  #bytes = 0
  #pauseAt = BYTES_A_TURN
  #finish: string | undefined
  #usage: Partial<Usage> = {}
  #state: 'reading' | 'complete' | 'failed' | 'over' = 'reading'
  #failure: unknown
  #waiter: Waiter | undefined
  #closing: NodeJS.Timeout | undefined

  constructor(
    response: IncomingMessage,
    format: EventFormat,
    options: {
      signal: AbortSignal
      /** Whether the stream goes on from an answer's first words, so that no thinking can come. */
      continues?: boolean
      /** Takes out of an error what nobody may read. */
      redact?: (cause: unknown) => unknown
      onClose?: () => void
    },
  ) {
    const { signal, continues = false, redact = (cause) => cause, onClose } = options
    this.#response = response
    this.#chunks = new ChunkReader(format)
    this.#ending = (reason) => format.ending(reason)
    this.#words = new AnswerWords(continues)
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
    const value = this.#words.take()
    if (value !== undefined) return { done: false, value }
    if (this.#state !== 'complete') return undefined
    this.#state = 'over'
    const end = this.#endingOf(this.#finish) === 'length' ? 'length' : 'stop'
    return { done: false, value: { end, usage: this.#wholeUsage() } }
  }

  #endingOf(finish: string | undefined): Ending {
    return finish === undefined ? 'stop' : this.#ending(finish)
  }

  #wholeUsage(): Usage | undefined {
    const { promptTokens, completionTokens } = this.#usage
    if (promptTokens === undefined || completionTokens === undefined) return undefined
    return { promptTokens, completionTokens }
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
    this.#bytes += Math.max(bytes.length, LEAST_READ_BYTES)
    if (this.#bytes > MAX_STREAM_BYTES) {
      this.#fail(new ProviderError('protocol', 'the stream is larger than 64 MiB'))
      return
    }
    if (this.#bytes >= this.#pauseAt) {
      this.#pauseAt = this.#bytes + BYTES_A_TURN
      this.#response.pause()
      setImmediate(() => this.#response.resume())
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
    if (chunk.reasoning !== undefined) this.#words.addReasoning(chunk.reasoning)
    if (chunk.text !== '') this.#words.addText(chunk.text)
    // Some streams give each event a reason to end: it is none while words come.
    if (chunk.reasoning !== undefined || chunk.text !== '') this.#closing?.refresh()
    this.#checkLength()
    if (chunk.usage !== undefined) this.#usage = { ...this.#usage, ...chunk.usage }
    if (chunk.finish !== undefined) {
      this.#finish = chunk.finish
      // The usage and a mark of the end may follow, or nothing ever.
      this.#closeSoon()
    }
    if (chunk.done === true) {
      this.#finish ??= 'stop'
      this.#complete()
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
    this.#fail(chunk.error)
    return undefined
  }

  #checkLength(): void {
    const what = this.#words.tooLong
    if (what === undefined) return
    const message = `the ${what} is longer than ${MAX_ANSWER_CHARACTERS} characters`
    this.#fail(new ProviderError('protocol', message))
  }

  #complete(): void {
    if (this.#state !== 'reading') return
    this.#words.end()
    const ending = this.#endingOf(this.#finish)
    if (ending === 'failed') {
      const message = `the provider gave up before the answer's end (${this.#finish})`
      this.#fail(new ProviderError('interrupted', message))
    } else if (this.#words.spoken) {
      this.#state = 'complete'
      this.#closeSoon()
    } else {
      this.#words.dropText()
      this.#fail(emptyAnswer(ending, this.#finish))
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
    if (this.#signal.aborted) this.#words.dropAll()
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

function emptyAnswer(ending: Ending, finish: string | undefined): ProviderError {
  if (ending === 'withheld') {
    return new ProviderError('empty', `the provider withheld the answer (${finish})`)
  }
  // The cause tells a probe that the model thinks longer than the probe allows.
  return ending === 'length'
    ? new ProviderError('empty', 'all tokens were used without a word of answer', { cause: ending })
    : new ProviderError('empty', 'the answer is empty')
}
