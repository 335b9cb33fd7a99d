import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newModel, splitProvider } from '../../../../../server/models/change.ts'
import { parseModels, printModels } from '../../../../../server/models/exchange/document.ts'
import { entrySchema, toEntry, type Entry } from '../../../../../server/models/exchange/entry.ts'
import type { Model } from '../../../../../server/models/model.ts'
import { DIALECTS } from '../../../../../shared/schemas/model.ts'

const entry = (slug: string): Entry => ({
  slug,
  name: 'N',
  organization: 'O',
  license: 'MIT',
  provider: { kind: 'onnx', model: 'm' },
})
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const text = (max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: max })
    .map((drawn) => drawn.replaceAll('\0', ' '))
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false })

const provider = fc.oneof(
  fc.record({ kind: fc.constant('onnx' as const), model: fc.constantFrom('a', 'b-2') }),
  fc.record({
    kind: fc.constant('openai-compatible' as const),
    baseUrl: fc.constantFrom('https://a.example/v1', 'http://10.0.0.1:8000/v1'),
    model: fc.constantFrom('yes', '1.0', 'org/model:free', '2024-10-21', '~', 'null', '0x1F'),
    dialect: optional(fc.constantFrom(...DIALECTS)),
    apiVersion: optional(fc.constant('2024-10-21')),
    extra: optional(fc.dictionary(fc.constantFrom('reasoning_effort', 'a.b', 'top_a'), json)),
  }),
  fc.record({
    kind: fc.constantFrom('anthropic' as const, 'google' as const),
    model: fc.constant('m'),
    baseUrl: optional(fc.constant('https://proxy.example/x')),
  }),
)

/** Registrations of every shape, with texts that YAML could take for something else. */
const registration = fc
  .record({
    slug: fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,8})?$/),
    name: fc.constantFrom('no', '1e3', 'Größe 7', '- x', 'a: b # c', '日本', '"q"', "it's", '*a'),
    organization: fc.constantFrom('O', 'true', '0o7'),
    license: fc.constantFrom('MIT', '&x', '!y'),
    description: optional(text(60)),
    provider,
    systemPrompt: optional(text(60)),
    sampling: optional(
      fc.record({
        temperature: optional(number(0, 2)),
        maxTokens: optional(fc.integer({ min: 1, max: 999 })),
      }),
    ),
    caps: optional(fc.record({ maxOutputTokens: optional(fc.integer({ min: 1, max: 99 })) })),
    weight: optional(number(0, 1000)),
    enabled: optional(fc.boolean()),
    limits: optional(
      fc.record({
        requestsPerMinute: optional(fc.integer({ min: 1, max: 9 })),
        costPerDay: optional(number(0.001, 1e6)),
      }),
    ),
    prices: fc.record({ inputPerMillion: number(0, 1e4), outputPerMillion: number(0, 1e4) }),
    tags: optional(fc.uniqueArray(fc.constantFrom('open', 'C++', '1.5', 'yes'))),
    links: optional(
      fc.array(fc.constant({ label: 'Card', url: 'https://x.example/?a=b#c' }), { maxLength: 2 }),
    ),
  })
  .map((drawn) => JSON.parse(JSON.stringify(drawn)) as unknown)
  .map((drawn) => entrySchema.safeParse(drawn))
  .filter((parsed) => parsed.success)
  .map(({ data }) => data)

const toModel = (data: Entry): Model => newModel(data, splitProvider(data.provider).provider, 0)

describe('what is exported', () => {
  test.each(['yaml', 'json'] as const)('comes back the same as %s', (format) => {
    fc.assert(
      fc.property(fc.array(registration, { minLength: 1, maxLength: 5 }), (registrations) => {
        const models = registrations.map(toModel)
        const written = printModels(format, models.map(toEntry))
        const read = parseModels(written, undefined)
        if (!read.ok) throw new Error(read.error)
        expect(read.value.format).toBe(format)
        const again = read.value.entries.map((one) => toModel(entrySchema.parse(one)))
        expect(again).toEqual(models)
        expect(printModels(format, again.map(toEntry))).toBe(written)
      }),
      { numRuns: 300 },
    )
  })

  test('tells of retired models when and why', () => {
    const model = { ...toModel(entry('a')), retired: { at: 86_400_000, reason: 'old' } }
    const [read] = (
      parseModels(printModels('yaml', [toEntry(model)]), 'yaml') as never as {
        value: { entries: unknown[] }
      }
    ).value.entries
    expect(entrySchema.parse(read).retired).toEqual({
      at: '1970-01-02T00:00:00.000Z',
      reason: 'old',
    })
  })
})

describe('a file', () => {
  const parse = (source: string, format?: 'yaml' | 'json' | 'fastchat') =>
    parseModels(source, format)

  test.each<[string, string]>([
    ['- slug: a', 'yaml'],
    ['models:\n  - slug: a', 'yaml'],
    ['{models: [{slug: a}]}', 'yaml'],
    ['[{"slug":"a"}]', 'json'],
    [' {"models":[{"slug":"a"}]}', 'json'],
    ['{"A":{"model_name":"a","api_type":"openai"}}', 'fastchat'],
  ])('%j is found out to be %s', (source, format) => {
    expect(parse(source)).toMatchObject({ ok: true, value: { format } })
  })

  const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((name, index) => {
      const before = 'abcdefgh'[index]
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
    })
    .join('\n')}`

  test.each<[string, string, RegExp]>([
    ['a YAML bomb', BOMB, /alias.* in line 2/],
    ['an alias', 'models:\n  - &a {slug: a}\n  - *a', /alias.* in line 3/],
    ['an unknown alias', 'models: *a', /line 1/],
    ['a field twice', 'models:\n - slug: a\n   slug: b', /line 3, duplicate key/],
    ['a field twice in JSON', '{"models":[{"slug":"a",\n"slug":"b"}]}', /twice, in line 2/],
    ['two documents', '- slug: a\n---\n- slug: b', /multiple docs/],
    ['a tab', 'models:\n\t- slug: a', /line 2/],
    ['broken JSON and no YAML either', '{"models": [', /not valid JSON/],
    ['deep JSON', '['.repeat(90_000) + ']'.repeat(90_000), /nested/],
    ['deep YAML', `models: ${'['.repeat(90_000)}`, /nested|not valid YAML/],
    ['deep, but read', `models: ${'['.repeat(40)}${']'.repeat(40)}`, /levels deep/],
    ['a number', '7', /must be a list/],
    ['nothing', ' ', /must be a list/],
    ['no list', 'models: 7', /must have a list/],
    ['an empty list', 'models: []', /holds no models/],
    ['other fields', 'models: []\nversion: 2\n', /nobody knows: "version"/],
    ['too many', `models:\n${'- a\n'.repeat(1001)}`, /1001 models/],
  ])('%s is refused in words', (_, source, expected) => {
    expect(parse(source)).toEqual({ ok: false, error: expect.stringMatching(expected) as string })
  })

  test('is never quoted: it may hold keys', () => {
    const canary = 'sk-canary-0815'
    for (const source of [
      `{"models": [{"apiKey": "${canary}" "x"}]}`,
      `{"apiKey": ${canary}}`,
      `models:\n  - apiKey: ${canary}\n   x`,
      `models: *${canary}`,
      `apiKey: "${canary}`,
      canary,
    ]) {
      for (const format of ['yaml', 'json', 'fastchat', undefined] as const) {
        const read = parse(source, format)
        if (read.ok) continue
        expect(read.error).not.toContain(canary)
      }
    }
  })

  test('any text is read or refused, never more', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc
            .array(
              fc.constantFrom(
                '[',
                ']',
                '{',
                '}',
                ':',
                '- ',
                '\n',
                '  ',
                'a',
                '&',
                '*',
                '!',
                '"',
                '|',
                '>',
              ),
            )
            .map((all) => all.join('')),
        ),
        (source) => {
          expect(typeof parse(source).ok).toBe('boolean')
        },
      ),
      { numRuns: 500 },
    )
  })
})
