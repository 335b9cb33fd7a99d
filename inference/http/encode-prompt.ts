import { TooLongError } from '../text/within-time.ts'
import { ApiError } from './api-error.ts'
import { type ChatRequest, messagesOf } from './chat-request.ts'
import type { LoadedModel } from '../loading/load-model.ts'

/**
 * No prose comes near it. Longer prompts are turned away unread, because to tokenise takes
 * a second for 100,000 characters and nobody is served meanwhile.
 */
const MAX_CHARACTERS_PER_TOKEN = 16

/**
 * The prompt of a request as token ids. Throws ApiError when the conversation does not fit into
 * the context with one token of an answer, or when the model's template refuses it.
 */
export function encodePrompt(model: LoadedModel, request: ChatRequest): number[] {
  const messages = messagesOf(request)
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0)
  if (characters > model.contextLength * MAX_CHARACTERS_PER_TOKEN) {
    throw tooLong(model, `${characters} characters`)
  }
  const end = request.continue_final_message
    ? 'inside-last-message'
    : request.add_generation_prompt === false
      ? 'messages'
      : 'answer'
  let ids: number[]
  try {
    ids = model.template.encode(messages, end)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof TooLongError) {
      throw new ApiError('invalid_value', `The messages take too long to read: ${reason}`, {
        param: 'messages',
      })
    }
    throw new ApiError(
      'invalid_value',
      `The model's chat template refuses the messages: ${reason}`,
      {
        param: 'messages',
      },
    )
  }
  if (ids.length === 0)
    throw new ApiError('invalid_value', 'The prompt is empty.', { param: 'messages' })
  if (ids.length >= model.contextLength) throw tooLong(model, `${ids.length} tokens`)
  return ids
}

function tooLong(model: LoadedModel, size: string): ApiError {
  return new ApiError(
    'context_length_exceeded',
    `This model's context holds ${model.contextLength} tokens; the messages have ${size}.`,
    { param: 'messages' },
  )
}
