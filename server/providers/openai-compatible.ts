import { AnswerReader } from './answer-reader.ts'
import { linkAbort } from './linked-abort.ts'
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

type Step = IteratorResult<AnswerPart, undefined>

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

  const open = async (request: AnswerRequest, signal: AbortSignal): Promise<AnswerReader> => {
    try {
      const body = requestBody(endpoint.model, request)
      const response = await transport.post(url, headers, body, signal)
      await checkResponse(response, now)
      return new AnswerReader(response, signal)
    } catch (cause) {
      signal.throwIfAborted()
      throw cause
    }
  }

  return (request, signal) => ({
    [Symbol.asyncIterator]() {
      const link = linkAbort(signal)
      let reader: Promise<AnswerReader> | AnswerReader | undefined
      const failed = (cause: unknown): never => {
        link.unlink()
        throw withoutKey(cause, endpoint.apiKey)
      }
      const watch = (step: Step): Step => {
        if (step.done === true || 'end' in step.value) link.unlink()
        return step
      }
      return {
        async next() {
          try {
            if (reader === undefined) {
              reader = open(request, link.signal)
              reader = await reader
            } else if (reader instanceof Promise) {
              reader = await reader
            }
            return watch(await reader.next())
          } catch (cause) {
            return failed(cause)
          }
        },
        async return() {
          link.unlink()
          if (reader instanceof AnswerReader) return reader.return()
          link.abort(new ProviderError('interrupted', 'nobody waits for this answer any more'))
          return { done: true, value: undefined }
        },
      }
    },
  })
}

/** Some providers quote the key that they refuse. */
function withoutKey(cause: unknown, apiKey: string | undefined): unknown {
  if (apiKey === undefined || !(cause instanceof ProviderError)) return cause
  if (!cause.message.includes(apiKey)) return cause
  const message = cause.message.replaceAll(apiKey, '[key]')
  return new ProviderError(cause.kind, message, { retryAfterMs: cause.retryAfterMs })
}
