import type { ExtraFields } from '../../shared/schemas/model.ts'
import type { AnswerRequest } from './provider.ts'
import { namedSampling, systemText, withExtra } from './request-body.ts'

/** The API needs a cap; this one is for models that were given none. */
const DEFAULT_MAX_TOKENS = 4096
/** The least that the API takes as a budget for thinking. */
const LEAST_THINKING = 1024

export const ANTHROPIC_SAMPLING = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  maxTokens: 'max_tokens',
} as const

/** Where a request goes; an address that ends in a version is used as it is. */
export function messagesUrl(baseUrl: string): URL {
  const base = baseUrl.replace(/\/+$/, '')
  return new URL(`${base}${base.endsWith('/v1') ? '' : '/v1'}/messages`)
}

/** The body of `POST /v1/messages`. */
export function anthropicBody(
  target: { readonly model: string; readonly extra?: ExtraFields | undefined },
  request: AnswerRequest,
): string {
  const { messages, answerPrefix, sampling } = request
  const system = systemText(messages)
  // The API refuses blanks at the end of words to go on from.
  const prefix = answerPrefix?.trimEnd() ?? ''
  const body = {
    model: target.model,
    ...(system === undefined ? {} : { system }),
    messages: [
      ...messages.filter(({ role }) => role !== 'system'),
      ...(prefix === '' ? [] : [{ role: 'assistant', content: prefix }]),
    ],
    max_tokens: DEFAULT_MAX_TOKENS + (thinkingBudget(target.extra) ?? 0),
    ...namedSampling(ANTHROPIC_SAMPLING, sampling),
    stream: true,
  }
  return JSON.stringify(withExtra(body, fittingExtra(target.extra, body.max_tokens)))
}

function thinkingBudget(extra: ExtraFields | undefined): number | undefined {
  const thinking = extra?.['thinking']
  if (typeof thinking !== 'object' || thinking === null || Array.isArray(thinking)) return undefined
  const budget = thinking['budget_tokens']
  return typeof budget === 'number' ? budget : undefined
}

/**
 * The budget for thinking has to be below the cap of the whole answer. The cap is what an
 * administrator pays for, and a probe asks for a few tokens only: so the budget gives way.
 */
function fittingExtra(extra: ExtraFields | undefined, maxTokens: number): ExtraFields | undefined {
  const budget = thinkingBudget(extra)
  if (extra === undefined || budget === undefined || budget < maxTokens) return extra
  const { thinking, ...others } = extra
  if (maxTokens <= LEAST_THINKING) return others
  return { ...others, thinking: { ...(thinking as ExtraFields), budget_tokens: maxTokens - 1 } }
}
