import { createAnthropicProvider } from '../../../server/providers/anthropic.ts'
import { createGoogleProvider } from '../../../server/providers/google.ts'
import { createOpenAiProvider } from '../../../server/providers/openai-compatible.ts'
import type { Provider } from '../../../server/providers/provider.ts'
import type { Transport } from '../../../server/providers/transport.ts'

/** What the streams of one API look like, written down from its public documentation. */
export type ApiShape = {
  readonly name: string
  /** A provider of a model "m" at a local server. */
  readonly provider: (
    baseUrl: string,
    apiKey: string,
    transport: Transport,
    now: () => number,
  ) => Provider
  /** What comes before the first words. */
  readonly start: string
  readonly text: (words: string) => string
  readonly reasoning: (words: string) => string
  /** The last events of a good answer. */
  readonly end: string
  /** An error inside the stream. */
  readonly error: (message: string) => string
  /** The body of an answer that is an error. */
  readonly errorBody: (message: string) => string
}

function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
}

function completion(delta: object, finish: string | null = null): string {
  return event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'm-2026',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })
}

export const openAiShape: ApiShape = {
  name: 'OpenAI',
  provider: (baseUrl, apiKey, transport, now) =>
    createOpenAiProvider({ baseUrl, model: 'm', apiKey }, transport, now),
  start: completion({ role: 'assistant', content: '', refusal: null }),
  text: (content) => completion({ content }),
  reasoning: (words) => completion({ reasoning_content: words, content: null }),
  end:
    completion({}, 'stop') +
    event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 9 } }) +
    'data: [DONE]\n\n',
  error: (message) => event({ error: { message, type: 'server_error', code: null } }),
  errorBody: (message) =>
    JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
}

function block(delta: object, index = 0): string {
  return event({ type: 'content_block_delta', index, delta }, 'content_block_delta')
}

export const anthropicShape: ApiShape = {
  name: 'Anthropic',
  provider: (baseUrl, apiKey, transport, now) =>
    createAnthropicProvider({ baseUrl, model: 'm', apiKey }, transport, now),
  start:
    event(
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          content: [],
          model: 'm-2026',
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 3, output_tokens: 1 },
        },
      },
      'message_start',
    ) +
    event(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      'content_block_start',
    ) +
    event({ type: 'ping' }, 'ping'),
  text: (text) => block({ type: 'text_delta', text }),
  reasoning: (thinking) => block({ type: 'thinking_delta', thinking }),
  end:
    event({ type: 'content_block_stop', index: 0 }, 'content_block_stop') +
    event(
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 9 },
      },
      'message_delta',
    ) +
    event({ type: 'message_stop' }, 'message_stop'),
  error: (message) => event({ type: 'error', error: { type: 'api_error', message } }, 'error'),
  errorBody: (message) =>
    JSON.stringify({
      type: 'error',
      error: { type: 'invalid_request_error', message },
      request_id: 'req_1',
    }),
}

function candidate(parts: object[], more: object = {}): string {
  return event({
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
    usageMetadata: {
      promptTokenCount: 3,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 4,
      totalTokenCount: 12,
    },
    modelVersion: 'm-2026',
    responseId: 'r1',
  })
}

export const googleShape: ApiShape = {
  name: 'Google',
  provider: (baseUrl, apiKey, transport, now) =>
    createGoogleProvider({ baseUrl, model: 'm', apiKey }, transport, now),
  start: '',
  text: (text) => candidate([{ text }]),
  reasoning: (text) => candidate([{ text, thought: true }]),
  end: candidate([{ text: '' }], { finishReason: 'STOP' }),
  error: (message) => event({ error: { code: 500, message, status: 'INTERNAL' } }),
  errorBody: (message) =>
    JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
}

export const API_SHAPES: readonly ApiShape[] = [openAiShape, anthropicShape, googleShape]
