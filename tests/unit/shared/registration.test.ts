import { describe, expect, test } from 'vitest'
import { createOpenApiDocument } from '../../../server/http/openapi.ts'
import { registrationSchema } from '../../../shared/schemas/model.ts'

/** The fields that are refused, by their paths. */
function refused(more: object): string[] {
  const parsed = registrationSchema.safeParse({
    slug: 'one',
    name: 'One',
    organization: 'O',
    license: 'MIT',
    provider: { kind: 'onnx', model: 'm' },
    ...more,
  })
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}
const extra = (value: unknown) =>
  refused({
    provider: { kind: 'openai-compatible', model: 'm', baseUrl: 'https://x.test', extra: value },
  })
const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown

describe('further fields of a request', () => {
  test.each([{}, { a: null }, { a: { b: [1, 'x', true, null, {}] } }, { a: nested(16) }])(
    '%j are taken',
    (value) => expect(extra(value)).toEqual([]),
  )

  test.each<[string, unknown]>([
    ['seventeen levels', nested(17)],
    // So deep that whoever follows it runs out of stack.
    ['ninety thousand levels', nested(90_000)],
    ['infinity', Infinity],
    ['a date', new Date(0)],
    ['undefined', undefined],
  ])('%s is refused', (_, value) => {
    expect(extra({ a: value })).toEqual(['provider.extra.a'])
  })

  test.each<[unknown, string]>([
    [{ a: 'x'.repeat(4000) }, 'provider.extra'],
    [{ 'a b': 1 }, 'provider.extra.a b'],
    [{ model: 'other' }, 'provider.extra.model'],
    [[1], 'provider.extra'],
    ['x', 'provider.extra'],
  ])('%j is refused at its place', (value, field) => {
    expect(extra(value)).toEqual([field])
  })

  test('stand in the OpenAPI document as any JSON', () => {
    expect(JSON.stringify(createOpenApiDocument())).toContain('"description":"Any JSON"')
  })
})

describe('names', () => {
  test.each([
    'GPT-4o mini',
    'Größe 7',
    'Qwen通义 2',
    'हिन्दी मॉडल',
    'Tiếng Việt',
    'Модель 3',
    'α-Modell β2',
    'שלום',
    '🚀 Rocket',
    'C++ & co. (8B, Q4_K_M) 50 %',
  ])('%j is one', (name) => expect(refused({ name })).toEqual([]))

  test.each([
    '<script>',
    'a > b',
    'GPT\u202e4',
    'GPT\u200b4',
    'GPT\u00ad4',
    'GPT\u2060',
    '\u3164',
    'a\u115fb',
    '\u2800',
    'a\u00a0b',
    'a  b',
    ' a',
    'a\tb',
    'a\nb',
    'a\u2028b',
    'a\ue000b',
    'GP\u0422-4',
    'C\u03bfder',
    'ＧＰＴ',
    '𝐆𝐏𝐓',
    'q\u0301\u0302\u0303\u0304',
    '\ud800',
    '',
    'x'.repeat(81),
  ])('%j is none', (name) => expect(refused({ name })).toContain('name'))

  test('are kept in one form, however they were typed', () => {
    const parsed = registrationSchema.parse({
      slug: 'one',
      name: 'Cafe\u0301',
      organization: 'O',
      license: 'MIT',
      provider: { kind: 'onnx', model: 'm' },
    })
    expect(parsed.name).toBe('Café')
  })
})
