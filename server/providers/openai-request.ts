import type { Dialect, ExtraFields } from '../../shared/schemas/model.ts'
import { DIALECT_RULES, type DialectRules, type PrefixStyle } from './openai-dialects.ts'
import type { AnswerRequest, Message } from './provider.ts'
import { namedSampling, withExtra } from './request-body.ts'

/** Azure's newest stable version, for addresses that need one and registrations that name none. */
const AZURE_DEFAULT_VERSION = '2024-10-21'
/** The first of Azure's versions that knows `max_completion_tokens` and `stream_options`. */
const AZURE_MODERN_VERSION = '2024-09-01'

export type OpenAiTarget = {
  /** Ends before `/chat/completions`. */
  readonly baseUrl: string
  readonly model: string
  readonly dialect: Dialect
  readonly apiVersion?: string | undefined
  readonly extra?: ExtraFields | undefined
}

/** Where a request goes. */
export function completionsUrl(target: OpenAiTarget): URL {
  const url = new URL(`${target.baseUrl.replace(/\/+$/, '')}/chat/completions`)
  const version = apiVersionOf(target)
  if (version !== undefined) url.searchParams.set('api-version', version)
  return url
}

/** The `api-version` that is sent; undefined where none is. */
export function apiVersionOf({
  baseUrl,
  dialect,
  apiVersion: named,
}: Pick<OpenAiTarget, 'baseUrl' | 'dialect' | 'apiVersion'>): string | undefined {
  if (dialect !== 'azure') return undefined
  // Addresses of Azure's own `v1` API need none.
  return named ?? (baseUrl.includes('/deployments/') ? AZURE_DEFAULT_VERSION : undefined)
}

/** The rules of a target's dialect, in the version that it speaks. */
function rulesOf(target: OpenAiTarget): DialectRules {
  const rules = DIALECT_RULES[target.dialect]
  const version = apiVersionOf(target)
  if (version === undefined || !/^\d{4}-/.test(version) || version >= AZURE_MODERN_VERSION) {
    return rules
  }
  return { ...rules, asksForUsage: false, sampling: { ...rules.sampling, maxTokens: 'max_tokens' } }
}

/** The body of `POST /chat/completions`: nothing is sent that was not set or is not known. */
export function openAiBody(target: OpenAiTarget, request: AnswerRequest): string {
  const rules = rulesOf(target)
  const { messages, answerPrefix, sampling } = request
  const continued = answerPrefix !== undefined && rules.prefix === 'continue-final'
  const body = {
    model: target.model,
    messages: withPrefix(messages, answerPrefix, rules.prefix),
    stream: true,
    ...(rules.asksForUsage ? { stream_options: { include_usage: true } } : {}),
    ...(continued ? { continue_final_message: true, add_generation_prompt: false } : {}),
    ...namedSampling(rules.sampling, sampling),
  }
  return JSON.stringify(withExtra(body, target.extra))
}

function withPrefix(
  messages: readonly Message[],
  answerPrefix: string | undefined,
  style: PrefixStyle,
): readonly object[] {
  if (answerPrefix === undefined || style === 'none') return messages
  const last = { role: 'assistant', content: answerPrefix }
  return [...messages, style === 'prefix-flag' ? { ...last, prefix: true } : last]
}
