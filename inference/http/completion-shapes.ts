import { randomUUID } from 'node:crypto'
import type { Delta, FinishReason } from '../generation/generation.ts'
import type { PromptLogprobs } from '../generation/prompt-logprobs.ts'

/** Tokens read and written. */
export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** What every part of one answer repeats. */
export interface CompletionHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

/** The head of a new answer of `model`. */
export function completionHead(model: string): CompletionHead {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
}

/** Counts of one answer. */
export function usageOf(promptTokens: number, completionTokens: number): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

/** The whole answer at once. */
export function completion(
  head: CompletionHead,
  { text, logprobs }: Delta,
  reason: FinishReason,
  usage: Usage,
  withLogprobs: boolean,
  prompt: PromptLogprobs | null,
): object {
  return {
    ...head,
    object: 'chat.completion',
    ...(prompt !== null && { prompt_logprobs: prompt }),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: withLogprobs ? { content: logprobs, refusal: null } : null,
        finish_reason: reason,
      },
    ],
    usage,
  }
}

/** What one chunk of a stream brings. */
export interface ChunkParts {
  readonly role?: 'assistant'
  readonly delta?: Delta
  readonly reason?: FinishReason
}

/**
 * One chunk of a stream. `withUsage` says that the stream will end with a chunk of usage; then all
 * others say that it is not theirs.
 */
export function chunk(
  head: CompletionHead,
  { role, delta, reason }: ChunkParts,
  { withUsage, withLogprobs }: { withUsage: boolean; withLogprobs: boolean },
): object {
  const content = delta?.text ?? (role ? '' : undefined)
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [
      {
        index: 0,
        delta: { ...(role && { role }), ...(content !== undefined && { content }) },
        logprobs: withLogprobs && delta ? { content: delta.logprobs, refusal: null } : null,
        finish_reason: reason ?? null,
      },
    ],
    ...(withUsage && { usage: null }),
  }
}

/** The chunk of usage, which has no choices. */
export function usageChunk(head: CompletionHead, usage: Usage): object {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage }
}
