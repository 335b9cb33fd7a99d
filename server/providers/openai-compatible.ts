import type { Dialect, ExtraFields } from '../../shared/schemas/model.ts'
import { createHttpProvider } from './http-provider.ts'
import { DIALECT_RULES, dialectOf } from './openai-dialects.ts'
import { openAiEvents } from './openai-events.ts'
import { completionsUrl, openAiBody, type OpenAiTarget } from './openai-request.ts'
import type { Provider } from './provider.ts'
import type { Transport } from './transport.ts'

export type OpenAiEndpoint = {
  /** Ends before `/chat/completions`. */
  baseUrl: string
  model: string
  apiKey?: string | undefined
  /** Guessed from the address where it is left out. */
  dialect?: Dialect | undefined
  /** Azure's `api-version`. */
  apiVersion?: string | undefined
  /** Further fields of the request body. */
  extra?: ExtraFields | undefined
}

/** A model behind an HTTP API like OpenAI's: vLLM, llama.cpp, Ollama, and our own inference. */
export function createOpenAiProvider(
  endpoint: OpenAiEndpoint,
  transport: Transport,
  now: () => number = Date.now,
): Provider {
  const { apiKey } = endpoint
  const target: OpenAiTarget = { ...endpoint, dialect: dialectOf(endpoint) }
  return createHttpProvider(
    {
      url: completionsUrl(target),
      headers: apiKey === undefined ? {} : keyHeader(target.dialect, apiKey),
      body: (request) => openAiBody(target, request),
      format: openAiEvents,
      apiKey,
    },
    transport,
    now,
  )
}

function keyHeader(dialect: Dialect, apiKey: string): Record<string, string> {
  return DIALECT_RULES[dialect].key === 'api-key'
    ? { 'api-key': apiKey }
    : { authorization: `Bearer ${apiKey}` }
}
