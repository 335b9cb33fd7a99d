import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChunkReader } from '../../../../server/providers/chunk-reader.ts'
import { openAiEvents } from '../../../../server/providers/openai-events.ts'

const parseChunk = (data: string) => openAiEvents.parse(JSON.parse(data))

function event(content: string | null, extra: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    ...extra,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })
}

function readAll(events: readonly string[]): string {
  const reader = new ChunkReader(openAiEvents)
  return events.map((data) => reader.read(data).text).join('')
}

describe('ChunkReader', () => {
  test('reads what the strict parser reads, whatever the events hold', () => {
    const content = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', '\\', '\\"', '","x":"', '\n', '\u2028', 'a"},"error":{"message":"x'),
    )
    const extra = fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      fc.record({ created: fc.nat(3) }),
      fc.constantFrom<Record<string, unknown>>(
        { note: '"content":"' },
        { other: { content: 'not this' } },
        { usage: { prompt_tokens: 1, completion_tokens: 2 } },
        { error: { message: 'broken' } },
        { choices: [] },
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(content, extra), { maxLength: 30 }), (parts) => {
        const reader = new ChunkReader(openAiEvents)
        for (const [text, more] of parts) {
          const data = event(text, more)
          const { text: read, ...rest } = parseChunk(data)
          expect({
            error: undefined,
            finish: undefined,
            usage: undefined,
            ...reader.read(data),
          }).toEqual({ text: read, ...rest })
        }
      }),
      { numRuns: 500 },
    )
  })

  test('of several answers at once only the first is read', () => {
    const numbered = (index: number, content: string) =>
      JSON.stringify({ choices: [{ index, delta: { content }, finish_reason: null }] })
    const second = [
      { index: 1, delta: { content: 'no' } },
      { index: 0, delta: { content: '!' } },
    ]
    const events = [numbered(0, 'yes'), numbered(1, 'no'), numbered(0, ', I do')]
    expect(readAll([...events, JSON.stringify({ choices: second })])).toBe('yes, I do!')
  })

  test('a text that holds another member after a bare quote is not taken for text', () => {
    const reader = new ChunkReader(openAiEvents)
    reader.read(event('one'))
    const [before = '', after = ''] = event('SPLIT').split('SPLIT')
    const data = `${before}x"},"finish_reason":"stop"},{"delta":{"content":"y${after}`
    expect(reader.read(data)).toMatchObject({ text: 'x', finish: 'stop' })
  })

  test('joins the halves of a character from two events, and mends what stays alone', () => {
    const raw = (content: string) => `{"choices":[{"delta":{"content":"${content}"}}]}`
    expect(readAll([raw('a'), raw('\\ud83d'), raw('\\ude00'), raw('b')])).toBe('a😀b')
    expect(readAll([raw('a'), raw('\\ud83d'), raw('b')])).toBe('a\ufffdb')
    expect(readAll([raw('\\ude00'), raw('\\u0000')])).toBe('\ufffd\ufffd')
  })

  test('learns the template of the text after reasoning whose events differ each time', () => {
    const reader = new ChunkReader(openAiEvents)
    const chunk = (delta: object) => JSON.stringify({ choices: [{ index: 0, delta }] })
    for (let index = 0; index < 20; index += 1) {
      const words = `thought ${index}`
      const delta = { reasoning: words, reasoning_details: [{ text: words }] }
      expect(reader.read(chunk(delta))).toMatchObject({ text: '', reasoning: words })
    }
    reader.read(chunk({ content: 'one' }))
    // The fast path gives nothing but the text; the strict one tells of all that is absent.
    expect(Object.keys(reader.read(chunk({ content: 'two' })))).toEqual(['text'])
  })

  test('goes on reading when every event differs', () => {
    const words = Array.from({ length: 50 }, (_, index) => `w${index} `)
    const events = words.map((word, index) => event(word, { obfuscation: 'x'.repeat(index) }))
    expect(readAll(events)).toBe(words.join(''))
  })

  test('reasoning is no answer, and odd shapes are no text', () => {
    const shapes = [
      '{"choices":[{"delta":{"reasoning_content":"hm"}}]}',
      '{"choices":[{"delta":{"content":null}}]}',
      '{"choices":[{}]}',
      '{"choices":{}}',
      '[]',
      'null',
      '1',
    ]
    for (const data of shapes) expect(parseChunk(data).text).toBe('')
    expect(() => new ChunkReader(openAiEvents).read('{"choices":')).toThrow(SyntaxError)
  })
})
