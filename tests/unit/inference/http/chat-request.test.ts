import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../inference/http/api-error.ts'
import { messagesOf, parseChatRequest } from '../../../../inference/http/chat-request.ts'

const valid = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }

function errorOf(body: unknown): ApiError {
  try {
    parseChatRequest(body)
  } catch (error) {
    if (error instanceof ApiError) return error
  }
  throw new Error(`accepted: ${JSON.stringify(body)}`)
}

describe('parseChatRequest', () => {
  it.each<[string, object, string]>([
    ['no model', { model: undefined }, 'model'],
    ['no messages', { messages: [] }, 'messages'],
    ['messages that are none', { messages: 'hi' }, 'messages'],
    ['an unknown role', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    ['no content', { messages: [{ role: 'user' }] }, 'messages[0].content'],
    [
      'a picture',
      {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] }],
      },
      'messages[0].content',
    ],
    ['a temperature above 2', { temperature: 2.1 }, 'temperature'],
    ['a temperature below 0', { temperature: -0.1 }, 'temperature'],
    ['a temperature in words', { temperature: '1' }, 'temperature'],
    ['top_p 0', { top_p: 0 }, 'top_p'],
    ['top_p above 1', { top_p: 1.01 }, 'top_p'],
    ['top_k below -1', { top_k: -2 }, 'top_k'],
    ['half a top_k', { top_k: 1.5 }, 'top_k'],
    ['min_p above 1', { min_p: 1.5 }, 'min_p'],
    ['repetition_penalty 0', { repetition_penalty: 0 }, 'repetition_penalty'],
    ['presence_penalty above 2', { presence_penalty: 2.1 }, 'presence_penalty'],
    ['frequency_penalty below -2', { frequency_penalty: -3 }, 'frequency_penalty'],
    ['prompt_logprobs above 20', { prompt_logprobs: 21 }, 'prompt_logprobs'],
    ['prompt_logprobs of a stream', { prompt_logprobs: 1, stream: true }, 'prompt_logprobs'],
    ['half a seed', { seed: 1.5 }, 'seed'],
    ['max_tokens 0', { max_tokens: 0 }, 'max_tokens'],
    ['max_completion_tokens below 1', { max_completion_tokens: -1 }, 'max_completion_tokens'],
    ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    ['an empty stop', { stop: '' }, 'stop'],
    ['an empty stop in a list', { stop: ['a', ''] }, 'stop[1]'],
    ['stream in words', { stream: 'yes' }, 'stream'],
    [
      'stream_options without a stream',
      { stream_options: { include_usage: true } },
      'stream_options',
    ],
    ['top_logprobs above 20', { logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    ['top_logprobs without logprobs', { top_logprobs: 2 }, 'top_logprobs'],
    [
      'an answer of the visitor continued',
      { continue_final_message: true },
      'continue_final_message',
    ],
    [
      'both ends of a prompt',
      {
        continue_final_message: true,
        add_generation_prompt: true,
        messages: [{ role: 'assistant', content: 'a' }],
      },
      'add_generation_prompt',
    ],
  ])('refuses %s and names the field', (_, change, param) => {
    const error = errorOf({ ...valid, ...change })
    expect(error).toMatchObject({ status: 400, code: 'invalid_value', param })
    expect(error.message).toContain(param === 'add_generation_prompt' ? 'not together' : param)
  })

  it.each([[null], ['text'], [[valid]], [7]])('refuses %j as a body', (body) => {
    expect(errorOf(body)).toMatchObject({ status: 400, param: null })
  })

  it.each<[string, unknown]>([
    ['n', 2],
    ['tools', [{ type: 'function', function: { name: 'f' } }]],
    ['tool_choice', 'required'],
    ['response_format', { type: 'json_object' }],
    ['logit_bias', { 50: 100 }],
    ['modalities', ['audio']],
    ['stop_token_ids', [7]],
    ['ignore_eos', true],
  ])('refuses %s when it would change the answer', (param, value) => {
    expect(errorOf({ ...valid, [param]: value })).toMatchObject({
      status: 400,
      code: 'unsupported_value',
      param,
    })
  })

  it('takes what changes nothing', () => {
    const harmless = {
      n: 1,
      user: 'me',
      logit_bias: {},
      tools: [],
      tool_choice: 'none',
      response_format: { type: 'text' },
      modalities: ['text'],
      metadata: { a: 'b' },
      store: false,
      toString: 1,
      something_new: { deep: true },
    }
    expect(parseChatRequest({ ...valid, ...harmless })).toEqual({ ...valid, user: 'me' })
  })

  it('takes null for every optional field', () => {
    const optional = [
      'stream',
      'stream_options',
      'max_tokens',
      'temperature',
      'top_p',
      'top_k',
      'seed',
      'stop',
      'logprobs',
      'tools',
      'n',
      'response_format',
      'continue_final_message',
    ]
    const body = { ...valid, ...Object.fromEntries(optional.map((field) => [field, null])) }
    expect(parseChatRequest(body)).toMatchObject(valid)
  })
})

describe('messagesOf', () => {
  it('makes plain text of every way to write a message', () => {
    const messages = [
      { role: 'developer', content: 'd' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        name: 'n',
      },
      { role: 'assistant', content: null },
      { role: 'assistant' },
    ]
    expect(messagesOf(parseChatRequest({ ...valid, messages }))).toEqual([
      { role: 'system', content: 'd' },
      { role: 'user', content: 'ab' },
      { role: 'assistant', content: '' },
      { role: 'assistant', content: '' },
    ])
  })
})
