import type { Use } from '../health/activity.ts'
import { ProviderError, type AnswerRequest, type Usage } from '../providers/provider.ts'

/** With these, nothing was written that a provider could ask money for. */
const UNPAID: ReadonlySet<string> = new Set<ProviderError['kind']>([
  'address-refused',
  'connect',
  'http-status',
  'overloaded',
  'unsupported',
  'not-running',
  'limit',
])

const CHARACTERS_PER_TOKEN = 4

/** So many tokens are taken for a text of which nobody has told how many it has. */
function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** The same for all that is sent: the messages, and the words that the answer goes on from. */
export function inputTokensOf({ messages, answerPrefix = '' }: AnswerRequest): number {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0)
  return tokensOf(characters + answerPrefix.length)
}

/**
 * What a request took: what the provider reports, and an estimate of what it does not.
 *
 * @param characters how many came, of text and of reasoning
 */
export function tokensTaken(request: AnswerRequest, characters: number, usage?: Usage): Use {
  // Some providers send counts of 0 with an answer that has text.
  const { promptTokens = 0, completionTokens = 0 } = usage ?? {}
  return {
    inputTokens: promptTokens > 0 ? promptTokens : inputTokensOf(request),
    outputTokens: completionTokens > 0 ? completionTokens : tokensOf(characters),
  }
}

/** What a request took that failed: nothing where it was refused before a word came. */
export function tokensTakenByFailed(
  request: AnswerRequest,
  characters: number,
  cause: unknown,
): Use {
  const kind = cause instanceof ProviderError ? cause.kind : 'internal'
  const paid = characters > 0 || !UNPAID.has(kind)
  return paid ? tokensTaken(request, characters) : { inputTokens: 0, outputTokens: 0 }
}
