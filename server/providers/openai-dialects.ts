import type { Dialect, Sampling } from '../../shared/schemas/model.ts'

/**
 * How an answer is continued from its first words: `continue-final`, vLLM's switch; `prefix-flag`,
 * a mark on the last message; `last-message`, by ending with words of the assistant; or not at all.
 */
export type PrefixStyle = 'continue-final' | 'prefix-flag' | 'last-message' | 'none'

/** What sets one server that speaks OpenAI's API apart from another. */
export type DialectRules = {
  /** How the key is shown. */
  readonly key: 'bearer' | 'api-key'
  /** The names of the sampling fields that it knows; what has none here is not sent. */
  readonly sampling: Readonly<Partial<Record<keyof Sampling, string>>>
  /** Whether usage has to be asked for by `stream_options`, and may be. */
  readonly asksForUsage: boolean
  readonly prefix: PrefixStyle
}

const BASIC = { temperature: 'temperature', topP: 'top_p' } as const
const OPENAI = { ...BASIC, maxTokens: 'max_completion_tokens', seed: 'seed' } as const
const SERVER = { ...BASIC, maxTokens: 'max_tokens', seed: 'seed' } as const
const OPEN = {
  ...SERVER,
  topK: 'top_k',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
} as const

const bearer = { key: 'bearer', asksForUsage: true } as const

/** All dialects. What each line relies on is in docs/providers.md. */
export const DIALECT_RULES: Readonly<Record<Dialect, DialectRules>> = {
  generic: { ...bearer, sampling: OPEN, prefix: 'continue-final' },
  openai: { ...bearer, sampling: OPENAI, prefix: 'none' },
  azure: { ...bearer, key: 'api-key', sampling: OPENAI, prefix: 'none' },
  openrouter: { ...bearer, sampling: OPEN, prefix: 'last-message' },
  mistral: {
    key: 'bearer',
    sampling: { ...BASIC, maxTokens: 'max_tokens', seed: 'random_seed' },
    // Fields that it does not know are refused; usage comes unasked.
    asksForUsage: false,
    prefix: 'prefix-flag',
  },
  groq: { ...bearer, sampling: OPENAI, prefix: 'last-message' },
  deepseek: {
    ...bearer,
    sampling: { ...BASIC, maxTokens: 'max_tokens' },
    prefix: 'prefix-flag',
  },
  together: { ...bearer, asksForUsage: false, sampling: OPEN, prefix: 'none' },
  vllm: { ...bearer, sampling: OPEN, prefix: 'continue-final' },
  llamacpp: {
    ...bearer,
    sampling: { ...SERVER, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repeat_penalty' },
    prefix: 'last-message',
  },
  ollama: { ...bearer, sampling: SERVER, prefix: 'none' },
  lmstudio: {
    ...bearer,
    sampling: { ...SERVER, topK: 'top_k', repetitionPenalty: 'repeat_penalty' },
    prefix: 'none',
  },
}

const HOSTS: readonly (readonly [RegExp, Dialect])[] = [
  [/^api\.openai\.com$/, 'openai'],
  [/^(?:eu|us)\.api\.openai\.com$/, 'openai'],
  [/\.(?:openai|services\.ai|cognitiveservices)\.azure\.com$/, 'azure'],
  [/^openrouter\.ai$/, 'openrouter'],
  [/^(?:api|codestral)\.mistral\.ai$/, 'mistral'],
  [/^api\.groq\.com$/, 'groq'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^api\.together\.(?:xyz|ai)$/, 'together'],
]

/** The dialect that an endpoint speaks: the one that was named, or the one of a known host. */
export function dialectOf(endpoint: { baseUrl: string; dialect?: Dialect | undefined }): Dialect {
  if (endpoint.dialect !== undefined) return endpoint.dialect
  const host = new URL(endpoint.baseUrl).hostname.replace(/\.$/, '')
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? 'generic'
}
