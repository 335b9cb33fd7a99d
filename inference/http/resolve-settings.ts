import type { ChatRequest } from './chat-request.ts'
import type { GenerationConfig } from '../loading/model-configs.ts'
import type { GenerationSettings } from '../generation/generation.ts'
import { freshSeed } from '../generation/random.ts'

/** Tokens of an answer when nobody says how many; more would keep others waiting for minutes. */
const DEFAULT_MAX_TOKENS = 1024

/**
 * What a request asks for, completed by what the model's maker recommends. `room`: the tokens that
 * the prompt leaves free in the context, at least 1; an answer never gets more.
 */
export function resolveSettings(
  request: ChatRequest,
  recommended: GenerationConfig,
  room: number,
): GenerationSettings {
  const greedy = recommended.do_sample === false ? 0 : null
  const maxTokens =
    request.max_completion_tokens ??
    request.max_tokens ??
    recommended.max_new_tokens ??
    DEFAULT_MAX_TOKENS
  const { stop } = request
  return {
    sampling: {
      temperature: request.temperature ?? greedy ?? recommended.temperature ?? 1,
      topP: request.top_p ?? recommended.top_p ?? 1,
      topK: request.top_k ?? recommended.top_k ?? 0,
      minP: request.min_p ?? recommended.min_p ?? 0,
      repetitionPenalty: request.repetition_penalty ?? recommended.repetition_penalty ?? 1,
      presencePenalty: request.presence_penalty ?? 0,
      frequencyPenalty: request.frequency_penalty ?? 0,
    },
    seed: request.seed ?? freshSeed(),
    stops: typeof stop === 'string' ? [stop] : (stop ?? []),
    maxTokens: Math.min(maxTokens, room),
    continuing: request.continue_final_message === true,
    promptLogprobs: request.prompt_logprobs ?? null,
    topLogprobs: request.logprobs === true ? (request.top_logprobs ?? 0) : null,
  }
}
