import type { IncomingMessage } from 'node:http'
import { AnswerReader } from './answer-reader.ts'
import { linkAbort, type LinkedAbort } from './linked-abort.ts'
import { forOperators } from './operator-words.ts'
import { ProviderError, type AnswerPart, type AnswerRequest, type Provider } from './provider.ts'
import { requestBody } from './request-body.ts'
import { checkResponse } from './response-check.ts'
import type { Transport } from './transport.ts'

export type OpenAiEndpoint = {
  /** Ends before `/chat/completions`. */
  baseUrl: string
  model: string
  apiKey?: string | undefined
}

/** A model behind an HTTP API like OpenAI's: vLLM, llama.cpp, Ollama, and our own inference. */
export function createOpenAiProvider(
  endpoint: OpenAiEndpoint,
  transport: Transport,
  now: () => number = Date.now,
): Provider {
  const url = new URL(`${endpoint.baseUrl.replace(/\/+$/, '')}/chat/completions`)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    // Tokens are small, and a compressed stream would be held back by whoever compresses it.
    'accept-encoding': 'identity',
    ...(endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
  }

  const open: Open = async (request, signal) => {
    const body = requestBody(endpoint.model, request)
    const response = await transport.post(url, headers, body, signal)
    await checkResponse(response, now)
    return response
  }
  const redact = (cause: unknown) => forOperators(cause, endpoint.apiKey)

  return (request, signal) => ({
    [Symbol.asyncIterator]: () => new OpenAiAnswer(request, signal, open, redact),
  })
}

type Step = IteratorResult<AnswerPart, undefined>
type Open = (request: AnswerRequest, signal: AbortSignal) => Promise<IncomingMessage>

/** One answer: sends its request at the first `next`, then hands on what the reader has. */
class OpenAiAnswer implements AsyncIterator<AnswerPart, undefined> {
  readonly #request: AnswerRequest
  readonly #link: LinkedAbort
  readonly #open: Open
  readonly #redact: (cause: unknown) => unknown
  #opening: Promise<AnswerReader> | undefined
  #reader: AnswerReader | undefined

  constructor(
    request: AnswerRequest,
    signal: AbortSignal,
    open: Open,
    redact: (cause: unknown) => unknown,
  ) {
    this.#request = request
    this.#link = linkAbort(signal)
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
      this.#reader = new AnswerReader(response, { signal, redact: this.#redact, onClose: unlink })
      return this.#reader
    } catch (cause) {
      unlink()
      signal.throwIfAborted()
      throw this.#redact(cause)
    }
  }
}
