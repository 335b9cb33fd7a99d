import type { ProviderDefinition } from '../../shared/schemas/model.ts'

/** Where the companies' own APIs are. */
export const DEFAULT_BASE_URLS = {
  anthropic: 'https://api.anthropic.com',
  google: 'https://generativelanguage.googleapis.com/v1beta',
} as const

/**
 * The address that a provider is reached at: its own, or the one of its company. The embedded
 * inference has none that could be told.
 */
export function effectiveBaseUrl(provider: ProviderDefinition): string | undefined {
  switch (provider.kind) {
    case 'onnx':
      return undefined
    case 'openai-compatible':
      return provider.baseUrl
    case 'anthropic':
    case 'google':
      return provider.baseUrl ?? DEFAULT_BASE_URLS[provider.kind]
  }
}
