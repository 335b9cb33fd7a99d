import { describe, expect, test } from 'vitest'
import { entrySchema } from '../../../../../server/models/exchange/entry.ts'
import { fromFastChat, toFastChat } from '../../../../../server/models/exchange/fastchat.ts'
import { makeModel } from '../../../../support/providers/model.ts'

/** A file as FastChat's documentation has it. */
const FILE = {
  'GPT-4o (May 2024)': {
    model_name: 'gpt-4o-2024-05-13',
    api_type: 'openai',
    api_base: 'https://api.openai.com/v1',
    api_key: 'sk-one',
    anony_only: false,
    recommended_config: { temperature: 0.7, top_p: 1 },
    'text-arena': true,
    'vision-arena': false,
  },
  'claude-3-opus': {
    model_name: 'claude-3-opus-20240229',
    api_type: 'anthropic_message',
    api_base: null,
    api_key: 'sk-two',
    anony_only: true,
  },
  'Gemini 1.5 Pro': {
    model_name: 'gemini-1.5-pro',
    api_type: 'gemini',
    api_key: 'k',
    api_base: '',
  },
  'mistral-large': { model_name: 'mistral-large', api_type: 'mistral', api_key: 'k' },
  'my vLLM': {
    model_name: 'llama',
    api_type: 'openai',
    api_base: 'http://10.0.0.7:8000/v1/chat/completions',
    api_key: '',
    recommended_config: { max_new_tokens: 500, extra_body: { top_k: 5 } },
  },
}

const read = (name: string, value: unknown) => {
  const found = fromFastChat(name, value)
  if (!found.ok) throw new Error(found.message)
  return { entry: entrySchema.parse(found.entry), notes: found.notes }
}

describe("FastChat's entries", () => {
  test('are registrations', () => {
    const entries = Object.entries(FILE).map(([name, value]) => read(name, value).entry)
    expect(entries.map(({ slug }) => slug)).toEqual([
      'gpt-4o-may-2024',
      'claude-3-opus',
      'gemini-1.5-pro',
      'mistral-large',
      'my-vllm',
    ])
    expect(entries.map(({ provider }) => provider)).toEqual([
      {
        kind: 'openai-compatible',
        baseUrl: 'https://api.openai.com/v1',
        model: 'gpt-4o-2024-05-13',
        apiKey: 'sk-one',
      },
      { kind: 'anthropic', model: 'claude-3-opus-20240229', apiKey: 'sk-two' },
      { kind: 'google', model: 'gemini-1.5-pro', apiKey: 'k' },
      {
        kind: 'openai-compatible',
        baseUrl: 'https://api.mistral.ai/v1',
        model: 'mistral-large',
        apiKey: 'k',
      },
      {
        kind: 'openai-compatible',
        baseUrl: 'http://10.0.0.7:8000/v1',
        model: 'llama',
        extra: { top_k: 5 },
      },
    ])
    expect(entries.map(({ sampling }) => sampling)).toEqual([
      { temperature: 0.7, topP: 1 },
      undefined,
      undefined,
      undefined,
      { maxTokens: 500 },
    ])
  })

  test('say what could not be taken over', () => {
    const { notes, entry } = read('V', {
      model_name: 'v',
      api_type: 'openai',
      'text-arena': false,
      custom_system_prompt: true,
      colour: 'red',
      recommended_config: { top_a: 1 },
    })
    expect(entry.enabled).toBe(false)
    expect(notes.join('\n')).toMatch(
      /organization and license[^]*not enabled[^]*system prompt[^]*colour, recommended_config.top_a/,
    )
  })

  test.each([
    ['vertex', 'api_type'],
    ['anthropic_message_vertex', 'api_type'],
    ['yandexgpt', 'api_type'],
    ['reka', 'api_type'],
    [7, 'api_type'],
  ])('of type %j are refused, since we do not speak it', (api_type, field) => {
    expect(fromFastChat('x', { model_name: 'x', api_type })).toMatchObject({ ok: false, field })
  })

  test.each([null, 7, 'x', [], [1]])('%j is none', (value) => {
    expect(fromFastChat('x', value)).toMatchObject({ ok: false })
  })

  test.each(['<b>', '///', '', '日本', 'a\u202eb', 'x'.repeat(200), 'a..b', '-.-'])(
    'a display name %j makes a slug that is checked like any other, and no other error',
    (name) => {
      const found = fromFastChat(name, { model_name: 'x' })
      const parsed = found.ok ? entrySchema.safeParse(found.entry) : undefined
      if (parsed?.success === false) {
        expect(['slug', 'name']).toContain(String(parsed.error.issues[0]?.path[0]))
      }
      expect(found.ok).toBe(true)
    },
  )
})

describe('an export for FastChat', () => {
  test('holds what it can ask, without keys, and is read again', () => {
    const what = { sampling: { temperature: 0.5, topK: 3 } }
    const models = [
      makeModel({ slug: 'a', name: 'A', sealedKey: 'sealed' }, what),
      makeModel({ slug: 'b', name: 'Twin' }),
      makeModel({ slug: 'c', name: 'Twin', enabled: false }),
      makeModel({ slug: 'd', name: 'D' }, { provider: { kind: 'anthropic', model: 'm' } }),
      makeModel({ slug: 'e', name: 'E' }, { provider: { kind: 'onnx', model: 'm' } }),
    ]
    const text = toFastChat(models)
    const file = JSON.parse(text) as Record<string, Record<string, unknown>>
    expect(Object.keys(file)).toEqual(['A', 'b', 'c'])
    expect(file['A']).toMatchObject({
      model_name: 'm',
      api_type: 'openai',
      api_base: 'https://x.test/v1',
      api_key: '',
      recommended_config: { temperature: 0.5 },
    })
    expect(text).not.toContain('sealed')
    expect(read('A', file['A']).entry).toMatchObject({
      slug: 'a',
      provider: { kind: 'openai-compatible', baseUrl: 'https://x.test/v1', model: 'm' },
      sampling: { temperature: 0.5 },
    })
    expect(read('c', file['c']).entry.enabled).toBe(false)
  })
})
