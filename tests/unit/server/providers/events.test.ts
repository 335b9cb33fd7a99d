import { Readable } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { anthropicEvents } from '../../../../server/providers/anthropic-events.ts'
import { AnswerReader } from '../../../../server/providers/answer-reader.ts'
import type { EventFormat } from '../../../../server/providers/event-format.ts'
import { googleEvents } from '../../../../server/providers/google-events.ts'
import { openAiEvents } from '../../../../server/providers/openai-events.ts'
import type { AnswerPart } from '../../../../server/providers/provider.ts'

// Streams as the services document them, shortened.

async function read(format: EventFormat, text: string) {
  const response = Object.assign(Readable.from([Buffer.from(text)], { objectMode: false }), {
    complete: true,
  })
  const reader = new AnswerReader(response as unknown as IncomingMessage, format, {
    signal: new AbortController().signal,
  })
  const parts: AnswerPart[] = []
  for (;;) {
    const step = await reader.next()
    if (step.done === true) break
    parts.push(step.value)
  }
  return {
    text: parts.map((part) => ('text' in part ? part.text : '')).join(''),
    reasoning: parts.map((part) => ('reasoning' in part ? part.reasoning : '')).join(''),
    ...(parts.find((part) => 'end' in part) as { end: string; usage?: object | undefined }),
  }
}

const lines = (...events: (object | string)[]) =>
  events
    .map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}`))
    .map((event) => `${event}\n\n`)
    .join('')

const chunk = (delta: object, more: object = {}, finish: string | null = null) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'x',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
})

describe('dialects of OpenAI’s stream', () => {
  test.each<[string, string, object]>([
    [
      'OpenAI, a refusal',
      lines(
        chunk({ role: 'assistant', content: '', refusal: null }),
        chunk({ refusal: 'I can’t ' }),
        chunk({ refusal: 'do that.' }),
        chunk({}, {}, 'stop'),
        { choices: [], usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 } },
        'data: [DONE]',
      ),
      {
        text: 'I can’t do that.',
        reasoning: '',
        end: 'stop',
        usage: { promptTokens: 5, completionTokens: 6 },
      },
    ],
    [
      'Azure, with what its filter found first',
      lines(
        { choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
        chunk({ role: 'assistant', content: '' }),
        { choices: [{ index: 0, delta: { content: 'Hi' }, content_filter_results: { hate: {} } }] },
        { choices: [{ index: 0, finish_reason: null, content_filter_offsets: {} }] },
        chunk({}, {}, 'content_filter'),
        'data: [DONE]',
      ),
      { text: 'Hi', reasoning: '', end: 'stop', usage: undefined },
    ],
    [
      'OpenRouter, comments and reasoning in two forms',
      lines(
        ': OPENROUTER PROCESSING',
        chunk({
          role: 'assistant',
          content: '',
          reasoning: 'Let me',
          reasoning_details: [{ type: 'reasoning.text', text: 'Let me', index: 0 }],
        }),
        chunk({
          role: 'assistant',
          content: '',
          reasoning: ' think',
          reasoning_details: [{ type: 'reasoning.text', text: ' think', index: 0 }],
        }),
        ': OPENROUTER PROCESSING',
        chunk({ role: 'assistant', content: 'Yes' }, { provider: 'Some' }),
        {
          ...chunk({ role: 'assistant', content: '' }, { provider: 'Some' }, 'length'),
          native_finish_reason: 'max_tokens',
        },
        chunk({ content: '' }, { usage: { prompt_tokens: 4, completion_tokens: 5, cost: 0.1 } }),
        'data: [DONE]',
      ),
      {
        text: 'Yes',
        reasoning: 'Let me think',
        end: 'length',
        usage: { promptTokens: 4, completionTokens: 5 },
      },
    ],
    [
      'Mistral, thinking in parts',
      lines(
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Okay' }] }] }),
        chunk({
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: ', so' }], closed: true },
            { type: 'text', text: 'It ' },
          ],
        }),
        chunk({ content: 'is.' }),
        chunk(
          { content: '' },
          { usage: { prompt_tokens: 7, completion_tokens: 8 } },
          'model_length',
        ),
        'data: [DONE]',
      ),
      {
        text: 'It is.',
        reasoning: 'Okay, so',
        end: 'length',
        usage: { promptTokens: 7, completionTokens: 8 },
      },
    ],
    [
      'Groq, parsed reasoning and usage of its own',
      lines(
        chunk({ role: 'assistant', content: '' }, { x_groq: { id: 'req_1' } }),
        chunk({ reasoning: 'Hm' }),
        chunk({ content: 'Yes' }),
        chunk(
          {},
          { x_groq: { id: 'req_1', usage: { prompt_tokens: 2, completion_tokens: 3 } } },
          'stop',
        ),
        'data: [DONE]',
      ),
      {
        text: 'Yes',
        reasoning: 'Hm',
        end: 'stop',
        usage: { promptTokens: 2, completionTokens: 3 },
      },
    ],
    [
      'DeepSeek, the other of both null, and a keep-alive',
      lines(
        ': keep-alive',
        chunk({ role: 'assistant', content: null, reasoning_content: '' }),
        chunk({ content: null, reasoning_content: 'First' }),
        chunk({ content: null, reasoning_content: ', we' }),
        chunk({ content: 'A', reasoning_content: null }),
        chunk({ content: 'nswer', reasoning_content: null }),
        chunk(
          { content: '', reasoning_content: null },
          { usage: { prompt_tokens: 1, completion_tokens: 9 } },
          'stop',
        ),
        'data: [DONE]',
      ),
      {
        text: 'Answer',
        reasoning: 'First, we',
        end: 'stop',
        usage: { promptTokens: 1, completionTokens: 9 },
      },
    ],
    [
      'vLLM, the same reasoning under two names',
      lines(
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'So', reasoning: 'So' }),
        chunk({ reasoning: ' far' }),
        chunk({ content: 'Good' }),
        { ...chunk({ content: '' }, {}, 'stop'), usage: null },
        { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
        'data: [DONE]',
      ),
      {
        text: 'Good',
        reasoning: 'So far',
        end: 'stop',
        usage: { promptTokens: 1, completionTokens: 2 },
      },
    ],
    [
      'llama.cpp, with its timings',
      lines(
        chunk({ role: 'assistant', content: null }),
        chunk({ reasoning_content: 'Hm' }),
        chunk({ content: 'Hi' }),
        chunk({}, { timings: { prompt_n: 1 } }, 'stop'),
        {
          choices: [],
          usage: { prompt_tokens: 1, completion_tokens: 2 },
          timings: { predicted_n: 2 },
        },
        'data: [DONE]',
      ),
      {
        text: 'Hi',
        reasoning: 'Hm',
        end: 'stop',
        usage: { promptTokens: 1, completionTokens: 2 },
      },
    ],
    [
      'Together, a reason of its own and usage in the last event',
      lines(
        chunk({ token_id: 1, role: 'assistant', content: 'Hi', reasoning: null }),
        chunk({ content: '' }, { usage: { prompt_tokens: 1, completion_tokens: 2 } }, 'eos'),
        'data: [DONE]',
      ),
      { text: 'Hi', reasoning: '', end: 'stop', usage: { promptTokens: 1, completionTokens: 2 } },
    ],
    [
      'Ollama, thinking inline',
      lines(
        chunk({ role: 'assistant', content: '<think>' }),
        chunk({ role: 'assistant', content: '\n\n' }),
        chunk({ role: 'assistant', content: '</think>' }),
        chunk({ role: 'assistant', content: '\n\nHi' }),
        chunk({ role: 'assistant', content: '' }, {}, 'stop'),
        'data: [DONE]',
      ),
      { text: 'Hi', reasoning: '', end: 'stop', usage: undefined },
    ],
  ])('%s', async (_, stream, expected) => {
    expect(await read(openAiEvents, stream)).toEqual(expected)
  })

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'stop'],
    ['function_call', 'stop'],
    ['content_filter', 'stop'],
    ['eos', 'stop'],
    ['something new', 'stop'],
  ])('a text that ends with %s ends with %s', async (reason, end) => {
    const stream = lines(chunk({ content: 'a' }), chunk({}, {}, reason))
    expect(await read(openAiEvents, stream)).toMatchObject({ text: 'a', end })
  })

  test.each(['error', 'abort', 'insufficient_system_resource'])(
    'an answer that ends with %s has failed',
    async (reason) => {
      const stream = lines(chunk({ content: 'a' }), chunk({}, {}, reason), 'data: [DONE]')
      await expect(read(openAiEvents, stream)).rejects.toMatchObject({
        kind: 'interrupted',
        message: expect.stringContaining(reason) as string,
      })
    },
  )

  test.each<[string, object, object]>([
    [
      'OpenRouter’s error in the middle',
      {
        error: { code: 429, message: 'Provider returned error', metadata: { raw: 'slow down' } },
        choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
      },
      {
        kind: 'overloaded',
        status: 429,
        message: 'the stream reported an error: Provider returned error: slow down (429)',
      },
    ],
    [
      'an error of one choice',
      { choices: [{ delta: {}, error: { code: 502, message: 'bad gateway' } }] },
      { kind: 'protocol', status: 502 },
    ],
    [
      'vLLM’s',
      { object: 'error', error: { message: 'no', type: 'X', code: 400 } },
      { status: 400 },
    ],
    ['a bare text', { error: 'model failed to load' }, { kind: 'protocol', status: undefined }],
    [
      'Groq’s',
      { error: { message: 'later', type: 'tokens', code: 'rate_limit_exceeded' } },
      { kind: 'overloaded' },
    ],
    ['no words', { error: {} }, { kind: 'protocol' }],
  ])('%s', async (_, event, expected) => {
    await expect(read(openAiEvents, lines(chunk({ content: 'a' }), event))).rejects.toMatchObject(
      expected,
    )
  })
})

describe('Anthropic’s stream', () => {
  const start = (usage: object) => ({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage },
  })
  const delta = (body: object, index = 0) => ({ type: 'content_block_delta', index, delta: body })
  const end = (stopReason: string, usage: object = { output_tokens: 30 }) => [
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage,
    },
    { type: 'message_stop' },
  ]

  test('thinking, signatures, what is hidden, tools and pings', async () => {
    const stream = lines(
      start({ input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: 7 }),
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      },
      { type: 'ping' },
      delta({ type: 'thinking_delta', thinking: 'Let me' }),
      delta({ type: 'thinking_delta', thinking: ' see' }),
      delta({ type: 'signature_delta', signature: 'EqQBCgIYAhIM' }),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'redacted_thinking', data: 'EmwKAhgB' },
      },
      { type: 'content_block_start', index: 2, content_block: { type: 'text', text: '' } },
      delta({ type: 'text_delta', text: 'Hel' }, 2),
      delta({ type: 'text_delta', text: 'lo' }, 2),
      delta({ type: 'citations_delta', citation: { cited_text: 'no' } }, 2),
      delta({ type: 'input_json_delta', partial_json: '{"text":"no"}' }, 3),
      { type: 'some_new_event', text: 'no' },
      ...end('end_turn'),
    )
    expect(await read(anthropicEvents, stream)).toEqual({
      text: 'Hello',
      reasoning: 'Let me see',
      end: 'stop',
      usage: { promptTokens: 22, completionTokens: 30 },
    })
  })

  test('the last usage counts, also of the prompt', async () => {
    const stream = lines(
      start({ input_tokens: 10, output_tokens: 1 }),
      delta({ type: 'text_delta', text: 'a' }),
      ...end('end_turn', { input_tokens: 12, cache_read_input_tokens: 100, output_tokens: 5 }),
    )
    expect(await read(anthropicEvents, stream)).toMatchObject({
      usage: { promptTokens: 112, completionTokens: 5 },
    })
  })

  test('a stream whose last event is missing has ended all the same', async () => {
    const [last] = end('max_tokens')
    const stream = lines(start({}), delta({ type: 'text_delta', text: 'a' }), last ?? '')
    expect(await read(anthropicEvents, stream)).toMatchObject({ text: 'a', end: 'length' })
  })

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_use', 'stop'],
    ['pause_turn', 'stop'],
    ['refusal', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
  ])('a text that ends with %s ends with %s', async (reason, expected) => {
    const stream = lines(start({}), delta({ type: 'text_delta', text: 'a' }), ...end(reason))
    expect(await read(anthropicEvents, stream)).toMatchObject({ text: 'a', end: expected })
  })

  test('a refusal without a word is no answer', async () => {
    const stream = lines(start({}), ...end('refusal'))
    await expect(read(anthropicEvents, stream)).rejects.toMatchObject({
      kind: 'empty',
      message: 'the provider withheld the answer (refusal)',
    })
  })

  test.each([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'overloaded'],
    ['api_error', 'protocol'],
  ])('an error of type %s is of kind %s', async (type, kind) => {
    const stream = lines(start({}), { type: 'error', error: { type, message: 'Sorry' } })
    await expect(read(anthropicEvents, stream)).rejects.toMatchObject({
      kind,
      message: `the stream reported an error: Sorry (${type})`,
    })
  })
})

describe('Google’s stream', () => {
  const event = (parts: object[] | undefined, more: object = {}, finishReason?: string) => ({
    candidates: [{ content: { parts, role: 'model' }, index: 0, finishReason }],
    ...more,
  })

  test('thoughts, text, and usage that grows', async () => {
    const stream = lines(
      event([{ text: 'Thinking', thought: true }], { usageMetadata: { promptTokenCount: 4 } }),
      event([{ text: 'a' }, { text: 'b', thought: true }, { text: 'c', thoughtSignature: 'x' }], {
        usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 },
      }),
      event([{ functionCall: { name: 'no' } }]),
      event(
        undefined,
        {
          usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 6, thoughtsTokenCount: 20 },
        },
        'STOP',
      ),
    )
    expect(await read(googleEvents, stream)).toEqual({
      text: 'ac',
      reasoning: 'Thinkingb',
      end: 'stop',
      usage: { promptTokens: 4, completionTokens: 26 },
    })
  })

  test('a reason to end with every event ends nothing while words come', async () => {
    const stream = lines(event([{ text: 'a' }], {}, 'STOP'), event([{ text: 'b' }], {}, 'STOP'))
    expect(await read(googleEvents, stream)).toMatchObject({ text: 'ab', end: 'stop' })
  })

  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'stop'],
    ['RECITATION', 'stop'],
    ['OTHER', 'stop'],
    ['MALFORMED_FUNCTION_CALL', 'stop'],
  ])('a text that ends with %s ends with %s', async (reason, end) => {
    const stream = lines(event([{ text: 'a' }], {}, reason))
    expect(await read(googleEvents, stream)).toMatchObject({ text: 'a', end })
  })

  test.each([
    'SAFETY',
    'RECITATION',
    'LANGUAGE',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'OTHER',
  ])('an answer withheld for %s says so', async (reason) => {
    await expect(read(googleEvents, lines(event(undefined, {}, reason)))).rejects.toMatchObject({
      kind: 'empty',
      message: `the provider withheld the answer (${reason})`,
    })
  })

  test('a prompt that is blocked says why', async () => {
    const stream = lines({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })
    await expect(read(googleEvents, stream)).rejects.toMatchObject({
      kind: 'empty',
      message: 'the provider withheld the answer (the prompt was blocked: PROHIBITED_CONTENT)',
    })
  })

  test('an unspecified reason is none', async () => {
    const stream = lines(event([{ text: 'a' }], {}, 'FINISH_REASON_UNSPECIFIED'))
    await expect(read(googleEvents, stream)).rejects.toMatchObject({ kind: 'interrupted' })
  })

  test('an error in the middle, with the time to wait', async () => {
    const error = {
      code: 429,
      message: 'Resource has been exhausted',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.QuotaFailure' },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.0746s' },
      ],
    }
    await expect(
      read(googleEvents, lines(event([{ text: 'a' }]), { error })),
    ).rejects.toMatchObject({
      kind: 'overloaded',
      status: 429,
      retryAfterMs: 34_075,
      message:
        'the stream reported an error: Resource has been exhausted (RESOURCE_EXHAUSTED, 429)',
    })
  })
})
