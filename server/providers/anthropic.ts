import type { ExtraFields } from '../../shared/schemas/model.ts'
import { anthropicEvents } from './anthropic-events.ts'
import { anthropicBody, messagesUrl } from './anthropic-request.ts'
import { DEFAULT_BASE_URLS } from './effective-base-url.ts'
import { createHttpProvider } from './http-provider.ts'
import type { Provider } from './provider.ts'
import type { Transport } from './transport.ts'

const API_VERSION = '2023-06-01'

/** A model and its key at one company's own API. */
export type CompanyEndpoint = {
  /** The company's own where it is left out. */
  baseUrl?: string | undefined
  model: string
  apiKey: string
  /** Further fields of the request body. */
  extra?: ExtraFields | undefined
}

/** A model behind Anthropic's Messages API. */
export function createAnthropicProvider(
  endpoint: CompanyEndpoint,
  transport: Transport,
  now: () => number = Date.now,
): Provider {
  const { baseUrl = DEFAULT_BASE_URLS.anthropic, apiKey } = endpoint
  return createHttpProvider(
    {
      url: messagesUrl(baseUrl),
      headers: { 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
      body: (request) => anthropicBody(endpoint, request),
      format: anthropicEvents,
      apiKey,
    },
    transport,
    now,
  )
}
