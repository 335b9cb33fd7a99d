import type { IncomingMessage } from 'node:http'
import { AnswerReader } from './answer-reader.ts'
import type { EventFormat } from './event-format.ts'
import { linkAbort, type LinkedAbort } from './linked-abort.ts'
import { forOperators } from './operator-words.ts'
import { ProviderError, type AnswerPart, type AnswerRequest, type Provider } from './provider.ts'
import { checkResponse } from './response-check.ts'
import type { Transport } from './transport.ts'

/** One model behind an HTTP API that streams events: what its requests are and how it is read. */
export type ChatApi = {
  readonly url: URL
  /** Beyond those of every request: how the key is shown, and versions. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: (request: AnswerRequest) => string
  readonly format: EventFormat
  /** Is in the headers, and must be in no error. */
  readonly apiKey: string | undefined
}

const HEADERS = {
  'content-type': 'application/json',
  accept: 'text/event-stream',
  // Tokens are small, and a compressed stream would be held back by whoever compresses it.
  'accept-encoding': 'identity',
}

/** A provider that asks over HTTP; each answer is one request. */
export function createHttpProvider(
  api: ChatApi,
  transport: Transport,
  now: () => number,
): Provider {
  const headers = { ...HEADERS, ...api.headers }
  const open: Open = async (request, signal) => {
    const response = await transport.post(api.url, headers, api.body(request), signal)
    await checkResponse(response, now)
    return response
  }
  const redact = (cause: unknown) => forOperators(cause, api.apiKey)

  return (request, signal) => ({
    [Symbol.asyncIterator]: () => new HttpAnswer(request, signal, api.format, open, redact),
  })
}

type Step = IteratorResult<AnswerPart, undefined>
type Open = (request: AnswerRequest, signal: AbortSignal) => Promise<IncomingMessage>

/** One answer: sends its request at the first `next`, then hands on what the reader has. */
class HttpAnswer implements AsyncIterator<AnswerPart, undefined> {
  readonly #request: AnswerRequest
  readonly #link: LinkedAbort
  readonly #format: EventFormat
  readonly #open: Open
  readonly #redact: (cause: unknown) => unknown
  #opening: Promise<AnswerReader> | undefined
  #reader: AnswerReader | undefined

  constructor(
    request: AnswerRequest,
    signal: AbortSignal,
    format: EventFormat,
    open: Open,
    redact: (cause: unknown) => unknown,
  ) {
    this.#request = request
    this.#link = linkAbort(signal)
    this.#format = format
    this.#open = open
    this.#redact = redact
  }

  // Not async, and no promise of its own: this runs for every token.
  next(): Promise<Step> {
    if (this.#reader !== undefined) return this.#reader.next()
    this.#opening ??= this.#start()
    return this.#opening.then((reader) => reader.next())
  }

  async return(): Promise<Step> {
    if (this.#reader !== undefined) return this.#reader.return()
    this.#link.abort(new ProviderError('interrupted', 'nobody waits for this answer any more'))
    this.#link.unlink()
    return { done: true, value: undefined }
  }

  async #start(): Promise<AnswerReader> {
    const { signal } = this.#link
    const unlink = () => this.#link.unlink()
    try {
      const response = await this.#open(this.#request, signal)
      this.#reader = new AnswerReader(response, this.#format, {
        signal,
        continues: this.#request.answerPrefix !== undefined,
        redact: this.#redact,
        onClose: unlink,
      })
      return this.#reader
    } catch (cause) {
      unlink()
      signal.throwIfAborted()
      throw this.#redact(cause)
    }
  }
}
