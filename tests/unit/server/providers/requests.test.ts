import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnthropicProvider } from '../../../../server/providers/anthropic.ts'
import { createFixedGuard } from '../../../../server/providers/endpoint-guard.ts'
import { createGoogleProvider } from '../../../../server/providers/google.ts'
import { createOpenAiProvider } from '../../../../server/providers/openai-compatible.ts'
import { dialectOf } from '../../../../server/providers/openai-dialects.ts'
import type { AnswerRequest, Provider } from '../../../../server/providers/provider.ts'
import { createTransport, type Transport } from '../../../../server/providers/transport.ts'
import { DIALECTS, type Dialect } from '../../../../shared/schemas/model.ts'
import {
  startProviderServer,
  type ProviderServer,
} from '../../../support/providers/provider-server.ts'

// The bytes that each service gets, as its public documentation wants them.

const KEY = 'sk-test-key'
const SAMPLING = {
  temperature: 0.5,
  topP: 0.9,
  topK: 40,
  minP: 0.05,
  repetitionPenalty: 1.1,
  maxTokens: 100,
  seed: 7,
}
const MESSAGES = [
  { role: 'system' as const, content: 'Be kind.' },
  { role: 'user' as const, content: 'Hi' },
  { role: 'assistant' as const, content: 'Hello' },
  { role: 'user' as const, content: 'More' },
]
const FULL: AnswerRequest = { messages: MESSAGES, sampling: SAMPLING, answerPrefix: 'Well,' }
const PLAIN: AnswerRequest = { messages: MESSAGES.slice(1, 2), sampling: {} }

let server: ProviderServer
let origin: string
let transport: Transport
beforeAll(async () => {
  server = await startProviderServer((socket) => {
    socket.end('HTTP/1.1 400 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
  origin = `http://127.0.0.1:${server.port}`
  transport = createTransport({ guard: createFixedGuard('127.0.0.1'), connectTimeoutMs: 2000 })
})
afterAll(async () => {
  transport.close()
  await server.close()
})

/** The request that comes of asking: its first line, headers in lower case, and JSON. */
async function sent(provider: Provider, request: AnswerRequest) {
  const answer = provider(request, new AbortController().signal)[Symbol.asyncIterator]()
  await expect(answer.next()).rejects.toMatchObject({ status: 400 })
  const { head, body } = server.requests.at(-1) ?? { head: '', body: '' }
  const [line = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((text) => {
      const at = text.indexOf(':')
      return [text.slice(0, at).toLowerCase(), text.slice(at + 1).trim()]
    }),
  )
  return { line, headers, body: JSON.parse(body) as Record<string, unknown> }
}

const own = { model: 'm', messages: MESSAGES, stream: true }
const usage = { stream_options: { include_usage: true } }
const basic = { temperature: 0.5, top_p: 0.9 }
const open = { ...basic, top_k: 40, min_p: 0.05, repetition_penalty: 1.1, max_tokens: 100, seed: 7 }
const prefixed = [...MESSAGES, { role: 'assistant', content: 'Well,' }]
const flagged = [...MESSAGES, { role: 'assistant', content: 'Well,', prefix: true }]
const continued = {
  messages: prefixed,
  continue_final_message: true,
  add_generation_prompt: false,
}

const BODIES: Record<Dialect, object> = {
  generic: { ...own, ...usage, ...continued, ...open },
  openai: { ...own, ...usage, ...basic, max_completion_tokens: 100, seed: 7 },
  azure: { ...own, ...usage, ...basic, max_completion_tokens: 100, seed: 7 },
  openrouter: { ...own, ...usage, messages: prefixed, ...open },
  mistral: { ...own, messages: flagged, ...basic, max_tokens: 100, random_seed: 7 },
  groq: {
    ...own,
    ...usage,
    messages: prefixed,
    ...basic,
    max_completion_tokens: 100,
    seed: 7,
  },
  deepseek: { ...own, ...usage, messages: flagged, ...basic, max_tokens: 100 },
  together: { ...own, ...open },
  vllm: { ...own, ...usage, ...continued, ...open },
  llamacpp: {
    ...own,
    ...usage,
    messages: prefixed,
    ...basic,
    top_k: 40,
    min_p: 0.05,
    repeat_penalty: 1.1,
    max_tokens: 100,
    seed: 7,
  },
  ollama: { ...own, ...usage, ...basic, max_tokens: 100, seed: 7 },
  lmstudio: {
    ...own,
    ...usage,
    ...basic,
    top_k: 40,
    repeat_penalty: 1.1,
    max_tokens: 100,
    seed: 7,
  },
}

describe('OpenAI-compatible', () => {
  test.each(DIALECTS)('the body and the key of %s', async (dialect) => {
    const endpoint = { baseUrl: `${origin}/v1`, model: 'm', apiKey: KEY, dialect }
    const { line, headers, body } = await sent(createOpenAiProvider(endpoint, transport), FULL)
    expect(line).toBe('POST /v1/chat/completions HTTP/1.1')
    expect(body).toEqual(BODIES[dialect])
    expect(headers).toMatchObject(
      dialect === 'azure' ? { 'api-key': KEY } : { authorization: `Bearer ${KEY}` },
    )
    expect('authorization' in headers).toBe(dialect !== 'azure')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
    })
  })

  test.each(DIALECTS)('%s is sent nothing that was not set', async (dialect) => {
    const endpoint = { baseUrl: `${origin}/v1/`, model: 'm', dialect }
    const { line, headers, body } = await sent(createOpenAiProvider(endpoint, transport), PLAIN)
    expect(line).toBe('POST /v1/chat/completions HTTP/1.1')
    const { stream_options: options, ...rest } = body
    expect(rest).toEqual({ model: 'm', messages: PLAIN.messages, stream: true })
    const silent = dialect === 'mistral' || dialect === 'together'
    expect(options).toEqual(silent ? undefined : { include_usage: true })
    expect(Object.keys(headers)).not.toContain('authorization')
    expect(Object.keys(headers)).not.toContain('api-key')
  })

  test.each([
    ['openai/deployments/gpt', undefined, '?api-version=2024-10-21', 'max_completion_tokens'],
    [
      'openai/deployments/gpt',
      '2025-01-01-preview',
      '?api-version=2025-01-01-preview',
      'max_completion_tokens',
    ],
    ['openai/deployments/gpt', '2024-06-01', '?api-version=2024-06-01', 'max_tokens'],
    ['openai/v1', undefined, '', 'max_completion_tokens'],
    ['openai/v1', 'preview', '?api-version=preview', 'max_completion_tokens'],
  ])('Azure at %s, version %s', async (path, apiVersion, query, cap) => {
    const endpoint = { baseUrl: `${origin}/${path}`, model: 'm', dialect: 'azure', apiVersion }
    const provider = createOpenAiProvider({ ...endpoint, dialect: 'azure' }, transport)
    const { line, body } = await sent(provider, FULL)
    expect(line).toBe(`POST /${path}/chat/completions${query} HTTP/1.1`)
    expect(body[cap]).toBe(100)
    expect('stream_options' in body).toBe(cap !== 'max_tokens')
  })

  test('a version that is not Azure’s is not sent', async () => {
    const endpoint = { baseUrl: `${origin}/v1`, model: 'm', apiVersion: '2024-10-21' }
    const { line } = await sent(createOpenAiProvider(endpoint, transport), PLAIN)
    expect(line).toBe('POST /v1/chat/completions HTTP/1.1')
  })

  test('further fields add, and replace nothing that the arena set', async () => {
    const extra = {
      reasoning_effort: 'low',
      chat_template_kwargs: { enable_thinking: false },
      temperature: 2,
      model: 'another',
      messages: [],
      stream: false,
      n: 5,
      stream_options: null,
    }
    const endpoint = { baseUrl: `${origin}/v1`, model: 'm', dialect: 'vllm' as const, extra }
    const { body } = await sent(createOpenAiProvider(endpoint, transport), FULL)
    expect(body).toEqual({
      ...BODIES.vllm,
      reasoning_effort: 'low',
      chat_template_kwargs: { enable_thinking: false },
    })
  })

  test.each<[string, Dialect]>([
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://company.openai.azure.com/openai/v1', 'azure'],
    ['https://company.services.ai.azure.com/openai/v1', 'azure'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.mistral.ai/v1', 'mistral'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://API.DeepSeek.com./beta', 'deepseek'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://api.openai.com.example.org/v1', 'generic'],
    ['https://openai.azure.com.example.org/v1', 'generic'],
    ['http://127.0.0.1:11434/v1', 'generic'],
    ['http://[::1]:8000/v1', 'generic'],
  ])('%s speaks %s', (baseUrl, dialect) => {
    expect(dialectOf({ baseUrl })).toBe(dialect)
    expect(dialectOf({ baseUrl, dialect: 'ollama' })).toBe('ollama')
  })
})

describe('Anthropic', () => {
  const ask = (request: AnswerRequest, more: object = {}) =>
    sent(
      createAnthropicProvider({ baseUrl: origin, model: 'm', apiKey: KEY, ...more }, transport),
      request,
    )

  test('the whole of a request', async () => {
    const { line, headers, body } = await ask(FULL)
    expect(line).toBe('POST /v1/messages HTTP/1.1')
    expect(headers).toMatchObject({
      'x-api-key': KEY,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    })
    expect(headers).not.toHaveProperty('authorization')
    expect(body).toEqual({
      model: 'm',
      system: 'Be kind.',
      messages: [...MESSAGES.slice(1), { role: 'assistant', content: 'Well,' }],
      max_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stream: true,
    })
  })

  test('a cap is always sent, and nothing else that was not set', async () => {
    expect((await ask(PLAIN)).body).toEqual({
      model: 'm',
      messages: PLAIN.messages,
      max_tokens: 4096,
      stream: true,
    })
  })

  test.each(['', '/', '/v1', '/v1/', '/proxy', '/proxy/v1'])('an address with %j', async (path) => {
    const { line } = await ask(PLAIN, { baseUrl: origin + path })
    const base = path.replace(/\/$/, '').replace(/\/v1$/, '')
    expect(line).toBe(`POST ${base}/v1/messages HTTP/1.1`)
  })

  test('blanks at the end of words to go on from are not sent', async () => {
    const { body } = await ask({ ...PLAIN, answerPrefix: 'Well, \n' })
    expect(body['messages']).toEqual([...PLAIN.messages, { role: 'assistant', content: 'Well,' }])
    expect((await ask({ ...PLAIN, answerPrefix: ' ' })).body['messages']).toEqual(PLAIN.messages)
  })

  test.each([
    [undefined, { max_tokens: 4096 + 8000, thinking: { type: 'enabled', budget_tokens: 8000 } }],
    [10_000, { max_tokens: 10_000, thinking: { type: 'enabled', budget_tokens: 8000 } }],
    [5000, { max_tokens: 5000, thinking: { type: 'enabled', budget_tokens: 4999 } }],
    [16, { max_tokens: 16, thinking: undefined }],
  ])('a budget for thinking stays below a cap of %s', async (maxTokens, expected) => {
    const extra = { thinking: { type: 'enabled', budget_tokens: 8000 }, top_p: 1, system: 'x' }
    const { body } = await ask({ ...PLAIN, sampling: { maxTokens } }, { extra })
    const { max_tokens: cap, thinking } = body
    expect({ max_tokens: cap, thinking }).toEqual(expected)
    expect(body).toMatchObject({ top_p: 1 })
    expect(body).not.toHaveProperty('system')
  })
})

describe('Google', () => {
  const ask = (request: AnswerRequest, more: object = {}) =>
    sent(
      createGoogleProvider({ baseUrl: origin, model: 'm-1.5', apiKey: KEY, ...more }, transport),
      request,
    )

  test('the whole of a request', async () => {
    const { line, headers, body } = await ask({ ...FULL, answerPrefix: undefined })
    expect(line).toBe('POST /v1beta/models/m-1.5:streamGenerateContent?alt=sse HTTP/1.1')
    expect(headers).toMatchObject({ 'x-goog-api-key': KEY, 'content-type': 'application/json' })
    expect(line).not.toContain(KEY)
    expect(headers).not.toHaveProperty('authorization')
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ text: 'Hello' }] },
        { role: 'user', parts: [{ text: 'More' }] },
      ],
      generationConfig: { temperature: 0.5, topP: 0.9, topK: 40, maxOutputTokens: 100, seed: 7 },
    })
  })

  test('nothing that was not set', async () => {
    expect((await ask(PLAIN)).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    })
  })

  test('what was never answered is one turn with what was asked next', async () => {
    const messages = [
      { role: 'user' as const, content: 'one' },
      { role: 'user' as const, content: 'two' },
    ]
    const { body } = await ask({ messages, sampling: {} })
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'one' }, { text: 'two' }] }])
  })

  test.each([
    ['', 'm', '/v1beta/models/m'],
    ['/', 'models/m', '/v1beta/models/m'],
    ['/v1', 'm', '/v1/models/m'],
    ['/v1beta/', 'm', '/v1beta/models/m'],
    ['/v1alpha', 'tunedModels/mine-1', '/v1alpha/tunedModels/mine-1'],
    ['/proxy', 'm', '/proxy/v1beta/models/m'],
    ['', 'a b?key=x#y', '/v1beta/models/a%20b%3Fkey%3Dx%23y'],
  ])('an address with %j and the model %j', async (path, model, expected) => {
    const { line } = await ask(PLAIN, { baseUrl: origin + path, model })
    expect(line).toBe(`POST ${expected}:streamGenerateContent?alt=sse HTTP/1.1`)
  })

  test.each(['../../other', 'models/../x', '.', 'a//b'])('a model %j is refused', (model) => {
    const endpoint = { baseUrl: origin, model, apiKey: KEY }
    expect(() => createGoogleProvider(endpoint, transport)).toThrow(`"${model}" is no name`)
  })

  test('further fields join the arena’s own objects', async () => {
    const extra = {
      generationConfig: { thinkingConfig: { includeThoughts: true }, temperature: 2 },
      safetySettings: [],
      contents: [],
      systemInstruction: 'x',
    }
    const { body } = await ask({ ...PLAIN, sampling: { temperature: 0.5 } }, { extra })
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.5, thinkingConfig: { includeThoughts: true } },
      safetySettings: [],
    })
  })
})
