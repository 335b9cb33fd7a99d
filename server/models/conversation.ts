import type { AnswerRequest, Message } from '../providers/provider.ts'
import type { Sampling } from '../../shared/schemas/model.ts'
import type { Exchange } from './entrants.ts'
import type { ModelVersion } from './model.ts'

/** What of a version decides what is sent. */
export type Asked = Pick<ModelVersion, 'systemPrompt' | 'answerPrefix' | 'sampling' | 'caps'>

/**
 * What a version is asked: its system prompt, as much of the conversation as its caps let in, and
 * how it answers. Every request, of battles, probes and tries, is built here.
 *
 * @param mostTokens the answer gets no longer than this, whatever its sampling says
 */
export function toAnswerRequest(
  version: Asked,
  conversation: readonly Exchange[],
  mostTokens = Infinity,
): AnswerRequest {
  const { systemPrompt, answerPrefix, caps } = version
  return {
    messages: toMessages(
      systemPrompt,
      fitting(conversation, systemPrompt, caps.maxInputCharacters),
    ),
    answerPrefix: answerPrefix ?? undefined,
    sampling: effectiveSampling(version, mostTokens),
  }
}

/** A conversation as chat APIs take it. An exchange that was never answered has no answer there. */
export function toMessages(
  systemPrompt: string | null,
  conversation: readonly Exchange[],
): Message[] {
  const system: Message[] = systemPrompt === null ? [] : [{ role: 'system', content: systemPrompt }]
  return [
    ...system,
    ...conversation.flatMap(({ prompt, answer }): Message[] => [
      { role: 'user', content: prompt },
      ...(answer === undefined || answer === ''
        ? []
        : [{ role: 'assistant' as const, content: answer }]),
    ]),
  ]
}

/** Characters that go in with a prompt of this length, when nothing was said before. */
export function inputCharacters(
  version: Pick<Asked, 'systemPrompt'>,
  promptLength: number,
): number {
  return (version.systemPrompt?.length ?? 0) + promptLength
}

/** The sampling that a version is asked with: its answers get no longer than its cap. */
function effectiveSampling({ sampling, caps }: Asked, mostTokens: number): Sampling {
  const { maxTokens = Infinity } = sampling
  const most = Math.min(maxTokens, caps.maxOutputTokens ?? Infinity, mostTokens)
  return most === Infinity ? sampling : { ...sampling, maxTokens: most }
}

/** The conversation without its oldest exchanges, as many as have to go; the last always stays. */
function fitting(
  conversation: readonly Exchange[],
  systemPrompt: string | null,
  cap: number | undefined,
): readonly Exchange[] {
  if (cap === undefined) return conversation
  let left = cap - (systemPrompt?.length ?? 0)
  let first = conversation.length
  while (first > 0) {
    const { prompt, answer = '' } = conversation[first - 1] ?? { prompt: '' }
    left -= prompt.length + answer.length
    if (left < 0 && first < conversation.length) break
    first -= 1
  }
  return conversation.slice(first)
}
