/** In every field, header and error that is not the answer's text: no visitor may ever see it. */
export const CANARY = 'canarybird'

/** The key that models are registered with: nobody at all may see it again. */
export const API_KEY = 'sk-nobody-may-see-this-key-0123456789'

export const FAULT_DIALECTS = ['openai', 'anthropic', 'google'] as const
export type FaultDialect = (typeof FAULT_DIALECTS)[number]

/**
 * What a provider says on the wire, in one dialect: written down by hand from the public
 * documentation of OpenAI's chat completions, Anthropic's messages and Google's Gemini API. Every
 * member is whole events, to be joined as they are.
 */
export type Speech = {
  /** What comes before the first text. */
  readonly opening: string
  text(piece: string): string
  /** The data of such an event alone. */
  textData(piece: string): string
  /** Makes an event of data. */
  event(data: string): string
  /** That the answer is over, and why. */
  finish(reason?: 'stop' | 'length'): string
  /** What stands at the end of a stream, after its finish; Google has nothing. */
  readonly marker: string
  reasoning(piece: string): string
  /** Token counts, and nothing else. */
  readonly usage: string
  /** An error in the midst of a stream. */
  readonly error: string
  readonly toolCall: string
  /** The finish of an answer that a filter or a refusal cut off. */
  readonly filtered: string
  /** An event that only says who speaks. */
  readonly role: string
  /** A text whose event has null, or nothing, wherever it may. */
  sparse(piece: string): string
  /** Events of the right shape, their fields of the wrong types. */
  readonly wrongTypes: string
  /** A text of a second answer that nobody asked for; undefined where there is no such thing. */
  readonly second: ((piece: string) => string) | undefined
  /** The body of a refusal. */
  errorBody(status: number): string
  /** A whole answer that is not streamed. */
  readonly whole: string
}

const plain = (data: string) => `data: ${data}\n\n`
const json = (value: unknown) => JSON.stringify(value)

const openai: Speech = (() => {
  const chunk = (choices: unknown[], more: object = {}) =>
    json({
      id: `chatcmpl-${CANARY}`,
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: CANARY,
      system_fingerprint: CANARY,
      service_tier: 'default',
      choices,
      usage: null,
      ...more,
    })
  const choice = (delta: object, finish_reason: string | null = null, index = 0) => ({
    index,
    delta,
    logprobs: null,
    finish_reason,
  })
  const usage = { prompt_tokens: 987_651, completion_tokens: 987_652, total_tokens: 1_975_303 }
  const error = { message: `${CANARY} is overloaded`, type: CANARY, param: null, code: CANARY }
  const textData = (piece: string) => chunk([choice({ content: piece })])
  const role = plain(chunk([choice({ role: 'assistant', content: '', refusal: null })]))
  return {
    opening: role,
    text: (piece) => plain(textData(piece)),
    textData,
    event: plain,
    finish: (reason = 'stop') => plain(chunk([choice({}, reason)])),
    marker: 'data: [DONE]\n\n',
    reasoning: (piece) => plain(chunk([choice({ content: null, reasoning_content: piece })])),
    usage: plain(chunk([], { usage })),
    error: plain(json({ error })),
    toolCall:
      plain(
        chunk([
          choice({
            content: null,
            tool_calls: [
              {
                index: 0,
                id: CANARY,
                type: 'function',
                function: { name: CANARY, arguments: '{}' },
              },
            ],
          }),
        ]),
      ) + plain(chunk([choice({}, 'tool_calls')])),
    filtered: plain(chunk([choice({}, 'content_filter')])),
    role,
    sparse: (piece) =>
      plain(json({ id: null, model: null, choices: null })) +
      plain(json({})) +
      plain(json({ choices: [null] })) +
      plain(json({ choices: [{ delta: null }] })) +
      plain(json({ choices: [{ delta: { role: null, content: null }, finish_reason: null }] })) +
      plain(json({ choices: [{ delta: { content: piece } }], usage: null })),
    wrongTypes:
      plain('5') +
      plain('null') +
      plain('"text"') +
      plain('[]') +
      plain(json({ choices: {} })) +
      plain(json({ choices: 'x' })) +
      plain(json({ choices: [{ delta: 'x', finish_reason: 7 }] })) +
      plain(json({ choices: [{ delta: { content: 5 } }], usage: 'many' })),
    second: (piece) => plain(chunk([choice({ content: piece }, null, 1)])),
    errorBody: (status) =>
      json({ error: { ...error, message: `${CANARY} says ${status} to ${API_KEY}` } }),
    whole: json({
      id: CANARY,
      object: 'chat.completion',
      model: CANARY,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'A whole answer at once.' },
          finish_reason: 'stop',
        },
      ],
      usage,
    }),
  }
})()

const anthropic: Speech = (() => {
  const named = (data: string) => {
    const { type } = JSON.parse(data) as { type: string }
    return `event: ${type}\ndata: ${data}\n\n`
  }
  const of = (type: string, more: object = {}) => named(json({ type, ...more }))
  const delta = (what: object, index = 0) =>
    json({ type: 'content_block_delta', index, delta: what })
  const block = (content_block: object, index = 0) =>
    of('content_block_start', { index, content_block })
  const message = {
    id: `msg_${CANARY}`,
    type: 'message',
    role: 'assistant',
    content: [],
    model: CANARY,
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 987_651, output_tokens: 1, service_tier: 'standard' },
  }
  const begin = of('message_start', { message }) + of('ping')
  const textData = (piece: string) => delta({ type: 'text_delta', text: piece })
  const finish = (stop_reason: string) =>
    of('content_block_stop', { index: 0 }) +
    of('message_delta', {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: 987_652 },
    })
  const error = { type: 'overloaded_error', message: `${CANARY} is overloaded` }
  return {
    opening: begin + block({ type: 'text', text: '' }),
    text: (piece) => named(textData(piece)),
    textData,
    event: (data) => `event: content_block_delta\ndata: ${data}\n\n`,
    finish: (reason = 'stop') => finish(reason === 'stop' ? 'end_turn' : 'max_tokens'),
    marker: of('message_stop'),
    reasoning: (piece) =>
      block({ type: 'thinking', thinking: '', signature: '' }, 1) +
      named(delta({ type: 'thinking_delta', thinking: piece }, 1)) +
      named(delta({ type: 'signature_delta', signature: CANARY }, 1)) +
      of('content_block_stop', { index: 1 }),
    usage: of('message_delta', { delta: {}, usage: { output_tokens: 987_652 } }),
    error: of('error', { error, request_id: CANARY }),
    toolCall:
      block({ type: 'tool_use', id: CANARY, name: CANARY, input: {} }, 1) +
      named(delta({ type: 'input_json_delta', partial_json: '{"a":1}' }, 1)) +
      of('content_block_stop', { index: 1 }) +
      finish('tool_use'),
    filtered: finish('refusal'),
    role: begin,
    sparse: (piece) =>
      of('message_start') +
      of('message_start', { message: null }) +
      of('content_block_start', { content_block: null }) +
      of('content_block_delta') +
      of('content_block_delta', { delta: null }) +
      of('content_block_delta', { delta: { type: 'text_delta', text: null } }) +
      of('message_delta', { delta: null, usage: null }) +
      of('a_type_of_the_future', { delta: { text: CANARY } }) +
      of('content_block_delta', { index: null, delta: { type: 'text_delta', text: piece } }),
    wrongTypes:
      plain('5') +
      plain('null') +
      plain('"text"') +
      plain('[]') +
      of('message_start', { message: 7 }) +
      of('content_block_delta', { delta: 'x' }) +
      of('content_block_delta', { delta: { type: 'text_delta', text: 5 } }) +
      of('message_delta', { delta: 'x', usage: 'many' }) +
      plain(json({ type: 9 })),
    second: undefined,
    errorBody: (status) =>
      json({
        type: 'error',
        error: { ...error, message: `${CANARY} says ${status} to ${API_KEY}` },
        request_id: CANARY,
      }),
    whole: json({
      ...message,
      content: [{ type: 'text', text: 'A whole answer at once.' }],
      stop_reason: 'end_turn',
    }),
  }
})()

const google: Speech = (() => {
  const usageMetadata = {
    promptTokenCount: 987_651,
    candidatesTokenCount: 987_652,
    totalTokenCount: 1_975_303,
  }
  const candidate = (parts: unknown[], more: object = {}) => ({
    content: { parts, role: 'model' },
    index: 0,
    ...more,
  })
  const response = (candidates: unknown[] | undefined, more: object = {}) =>
    json({
      ...(candidates === undefined ? {} : { candidates }),
      usageMetadata: { promptTokenCount: 987_651, totalTokenCount: 987_651 },
      modelVersion: CANARY,
      responseId: CANARY,
      ...more,
    })
  const textData = (piece: string) => response([candidate([{ text: piece }])])
  const finish = (finishReason: string) =>
    plain(response([candidate([{ text: '' }], { finishReason })], { usageMetadata }))
  const error = { code: 503, message: `${CANARY} is overloaded`, status: 'UNAVAILABLE' }
  const role = plain(response([candidate([])]))
  return {
    opening: '',
    text: (piece) => plain(textData(piece)),
    textData,
    event: plain,
    finish: (reason = 'stop') => finish(reason === 'stop' ? 'STOP' : 'MAX_TOKENS'),
    marker: '',
    reasoning: (piece) =>
      plain(response([candidate([{ text: piece, thought: true, thoughtSignature: CANARY }])])),
    usage: plain(response(undefined, { usageMetadata })),
    error: plain(json({ error })),
    toolCall: plain(
      response([
        candidate([{ functionCall: { name: CANARY, args: {} } }], { finishReason: 'STOP' }),
      ]),
    ),
    filtered: plain(
      response([
        { finishReason: 'SAFETY', index: 0, safetyRatings: [{ category: CANARY, blocked: true }] },
      ]),
    ),
    role,
    sparse: (piece) =>
      plain(json({})) +
      plain(json({ candidates: null, usageMetadata: null })) +
      plain(json({ candidates: [null] })) +
      plain(json({ candidates: [{ content: null, finishReason: null }] })) +
      plain(json({ candidates: [{ content: { parts: null } }] })) +
      plain(json({ candidates: [{ content: { parts: [null, {}, { text: null }] } }] })) +
      plain(json({ candidates: [{ content: { parts: [{ text: piece }] } }] })),
    wrongTypes:
      plain('5') +
      plain('null') +
      plain('"text"') +
      plain('[]') +
      plain(json({ candidates: {} })) +
      plain(json({ candidates: 'x' })) +
      plain(json({ candidates: [{ content: 'x', finishReason: 7 }] })) +
      plain(json({ candidates: [{ content: { parts: 'x' } }], usageMetadata: 'many' })) +
      plain(json({ candidates: [{ content: { parts: [{ text: 5 }, 'x'] } }] })),
    second: (piece) => plain(response([candidate([{ text: piece }], { index: 1 })])),
    errorBody: (status) =>
      json({
        error: {
          ...error,
          code: status,
          message: `${CANARY} says ${status} to ${API_KEY}`,
          details: [{ reason: CANARY }],
        },
      }),
    whole: response([candidate([{ text: 'A whole answer at once.' }], { finishReason: 'STOP' })]),
  }
})()

export const SPEECH: Readonly<Record<FaultDialect, Speech>> = { openai, anthropic, google }
