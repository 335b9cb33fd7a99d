import { z } from 'zod'
import type { ChatMessage } from '../text/chat-template.ts'
import { ApiError } from './api-error.ts'
import { rejectUnsupported } from './unsupported-fields.ts'

const textPart = z.object({ type: z.literal('text'), text: z.string() })
const content = z.union([
  z.string(),
  z.array(textPart).transform((parts) => parts.map(({ text }) => text).join('')),
])
const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'user']), content }),
  // OpenAI's newer name for the system's voice.
  z.object({ role: z.literal('developer'), content }),
  z.object({ role: z.literal('assistant'), content: content.nullish() }),
])

const MAX_TOP_LOGPROBS = 20
const MAX_STOPS = 4

/** POST /v1/chat/completions: OpenAI's fields and, with vLLM's names, those that it does not have. */
const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  // Both -1 and 0 mean: all.
  top_k: z.int().min(-1).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repetition_penalty: z.number().gt(0).max(10).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  // Whose turn it is, where one address asks for several.
  user: z.string().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(MAX_STOPS)]).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(MAX_TOP_LOGPROBS).nullish(),
  // How likely the prompt itself was, and so many alternatives at each of its tokens.
  prompt_logprobs: z.int().min(0).max(MAX_TOP_LOGPROBS).nullish(),
  add_generation_prompt: z.boolean().nullish(),
  continue_final_message: z.boolean().nullish(),
})

/** A request whose values are all in range. */
export type ChatRequest = z.infer<typeof chatRequestSchema>

/** Checks a body. Throws ApiError that names the first field at fault. */
export function parseChatRequest(body: unknown): ChatRequest {
  const parsed = chatRequestSchema.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const param = issue ? pathOf(issue.path) : ''
    throw new ApiError('invalid_value', `${param || 'The body'}: ${issue?.message ?? 'invalid'}`, {
      param: param || null,
    })
  }
  rejectUnsupported(body)
  rejectContradictions(parsed.data)
  return parsed.data
}

/** The conversation as chat templates take it. */
export function messagesOf(request: ChatRequest): ChatMessage[] {
  return request.messages.map((message) => ({
    role: message.role === 'developer' ? 'system' : message.role,
    content: message.content ?? '',
  }))
}

function rejectContradictions(request: ChatRequest): void {
  if (typeof request.top_logprobs === 'number' && request.logprobs !== true) {
    throw new ApiError('invalid_value', 'top_logprobs needs logprobs: true', {
      param: 'top_logprobs',
    })
  }
  if (typeof request.prompt_logprobs === 'number' && request.stream === true) {
    throw new ApiError('invalid_value', 'prompt_logprobs needs stream: false', {
      param: 'prompt_logprobs',
    })
  }
  if (request.stream_options && request.stream !== true) {
    throw new ApiError('invalid_value', 'stream_options needs stream: true', {
      param: 'stream_options',
    })
  }
  if (request.continue_final_message !== true) return
  if (request.add_generation_prompt === true) {
    throw new ApiError('invalid_value', 'not together with continue_final_message', {
      param: 'add_generation_prompt',
    })
  }
  if (request.messages.at(-1)?.role !== 'assistant') {
    throw new ApiError(
      'invalid_value',
      'continue_final_message needs a last message of the assistant',
      {
        param: 'continue_final_message',
      },
    )
  }
}

/** As OpenAI writes it: `messages[0].content`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`,
    )
    .join('')
}
