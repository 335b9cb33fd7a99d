import type { CompanyEndpoint } from './anthropic.ts'
import { DEFAULT_BASE_URLS } from './effective-base-url.ts'
import { googleEvents } from './google-events.ts'
import { googleBody, streamUrl } from './google-request.ts'
import { createHttpProvider } from './http-provider.ts'
import type { Provider } from './provider.ts'
import type { Transport } from './transport.ts'

/**
 * A model behind Google's Gemini API.
 *
 * @throws ProviderError if the model's name cannot be part of an address
 */
export function createGoogleProvider(
  endpoint: CompanyEndpoint,
  transport: Transport,
  now: () => number = Date.now,
): Provider {
  const { baseUrl = DEFAULT_BASE_URLS.google, apiKey } = endpoint
  return createHttpProvider(
    {
      url: streamUrl(baseUrl, endpoint.model),
      // Never in the address: addresses get into logs.
      headers: { 'x-goog-api-key': apiKey },
      body: (request) => googleBody(endpoint.extra, request),
      format: googleEvents,
      apiKey,
    },
    transport,
    now,
  )
}
