import type { Sampling } from '../../shared/schemas/model.ts'
import type { AnswerRequest } from './provider.ts'

// Our names of the sampling parameters, and those of the HTTP API (vLLM's beside the standard).
const WIRE_NAMES = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
  maxTokens: 'max_tokens',
  seed: 'seed',
} as const satisfies Record<keyof Sampling, string>

const SAMPLING_NAMES = Object.keys(WIRE_NAMES) as (keyof Sampling)[]

/** The body of `POST /chat/completions`: nothing is sent that was not set. */
export function requestBody(model: string, request: AnswerRequest): string {
  const { messages, answerPrefix, sampling } = request
  const body: Record<string, unknown> = {
    model,
    messages:
      answerPrefix === undefined
        ? messages
        : [...messages, { role: 'assistant', content: answerPrefix }],
    stream: true,
    stream_options: { include_usage: true },
  }
  if (answerPrefix !== undefined) {
    body['continue_final_message'] = true
    body['add_generation_prompt'] = false
  }
  for (const name of SAMPLING_NAMES) {
    if (sampling[name] !== undefined) body[WIRE_NAMES[name]] = sampling[name]
  }
  return JSON.stringify(body)
}
