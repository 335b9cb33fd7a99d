import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importResultSchema, type ImportResult } from '../../shared/schemas/admin.ts'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call, type Answer } from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

const KEY = 'sk-a-very-secret-provider-key'

let stage: Stage
let other: Stage
beforeAll(async () => {
  stage = await setStage({}, [])
  other = await setStage({}, [])
})
afterAll(async () => {
  await stage.close()
  await other.close()
})

const admin = (method: string, path: string, body?: unknown, at = stage): Promise<Answer> =>
  call(`${at.arena.url}/api/v1/admin${path}`, { method, token: ADMIN_TOKEN, body })
async function imported(body: object, at = stage): Promise<ImportResult> {
  const answer = await admin('POST', '/models/import', body, at)
  if (answer.status !== 200) throw new Error(answer.text)
  return importResultSchema.strict().parse(answer.json())
}
const exported = async (query = '', at = stage) =>
  (await admin('GET', `/models/export${query}`, undefined, at)).text
const listed = async (at = stage) => {
  const { items } = (await admin('GET', '/models?limit=200', undefined, at)).json() as {
    items: Record<string, unknown>[]
  }
  return items
}
/** One entry, as YAML. */
const entry = (slug: string, more = '') => `
  - slug: ${slug}
    name: Name of ${slug}
    organization: Maker
    license: MIT
    weight: 0
    provider: { kind: openai-compatible, baseUrl: "${stage.provider.baseUrl}", model: m${more} }`

describe('POST /admin/models/import', () => {
  test('says what it would do, then does it, then finds it done', async () => {
    const text = `models:${entry('a')}${entry('b', `, apiKey: ${KEY}`)}`
    const dry = await imported({ text, dryRun: true })
    expect(dry).toMatchObject({ format: 'yaml', dryRun: true, registered: 0 })
    expect(dry.items.map(({ outcome }) => outcome)).toEqual(['would-register', 'would-register'])
    expect(await listed()).toEqual([])

    const done = await imported({ text })
    expect(done).toMatchObject({
      registered: 2,
      items: [
        { entry: 1, slug: 'a', outcome: 'registered' },
        { entry: 2, slug: 'b', outcome: 'registered' },
      ],
    })
    expect(await listed()).toMatchObject([
      { slug: 'a', weight: 0, provider: { hasApiKey: false } },
      { slug: 'b', version: 1, provider: { hasApiKey: true } },
    ])
    const again = await imported({ text: text.replaceAll('Maker', 'Other') })
    expect(again).toMatchObject({
      registered: 0,
      items: [{ outcome: 'exists' }, { outcome: 'exists' }],
    })
    expect(await listed()).toMatchObject([{ organization: 'Maker' }, { organization: 'Maker' }])

    // The key reaches the provider, and comes out nowhere else.
    await admin('POST', '/models/b/check')
    expect(stage.provider.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${KEY}`)
    const seen = [
      JSON.stringify([dry, done, again]),
      await exported(),
      await exported('?format=json'),
    ]
    seen.push((await admin('GET', '/audit?limit=200')).text, stage.arena.logs.join('\n'))
    for (const one of seen) expect(one).not.toContain(KEY)
    const audit = (await admin('GET', '/audit?limit=200')).text
    expect(audit).toContain('"model.register"')
    // Once for each import that was more than a question.
    expect(audit.match(/"registry\.import"/g)).toHaveLength(2)
    expect(audit).not.toContain('"models.import"')
  })

  test('registers nothing while one entry cannot be used, and says which and why', async () => {
    const before = (await listed()).length
    const text = `models:${entry('good')}${entry('bad', ', colour: red')}${entry('good')}
  - slug: inside
    name: N
    organization: O
    license: MIT
    provider: { kind: openai-compatible, baseUrl: "http://10.0.0.1/v1", model: m }
  - slug: broke
    name: <b>
    organization: O
    license: MIT
    provider: { kind: onnx, model: m }
  - slug: budget
    name: N
    organization: O
    license: MIT
    limits: { costPerDay: 1 }
    provider: { kind: onnx, model: m }
  - 7`
    for (const dryRun of [true, false]) {
      const result = await imported({ text, dryRun })
      expect(result.registered).toBe(0)
      expect(result.items).toMatchObject(
        [
          { entry: 1, outcome: 'would-register' },
          { entry: 2, outcome: 'invalid', slug: 'bad', field: 'provider.colour' },
          { entry: 3, outcome: 'invalid', slug: 'good', field: 'slug', message: /entry 1/ },
          { entry: 4, outcome: 'invalid', field: 'provider.baseUrl' },
          { entry: 5, outcome: 'invalid', field: 'name' },
          { entry: 6, outcome: 'invalid', field: 'limits.costPerDay' },
          { entry: 7, outcome: 'invalid', slug: null },
        ].map((item) => ({
          ...item,
          ...(item.message === undefined
            ? {}
            : { message: expect.stringMatching(item.message) as string }),
        })),
      )
    }
    expect(await listed()).toHaveLength(before)
  })

  test("takes FastChat's file", async () => {
    const text = JSON.stringify({
      'My Llama': {
        model_name: 'llama',
        api_type: 'openai',
        api_base: stage.provider.baseUrl,
        api_key: KEY,
        anony_only: true,
        recommended_config: { temperature: 0.7, top_p: 0.9 },
        'text-arena': false,
      },
    })
    const result = await imported({ text })
    expect(result).toMatchObject({
      format: 'fastchat',
      registered: 1,
      items: [{ slug: 'my-llama' }],
    })
    expect(result.items[0]?.notes.join()).toContain('organization and license')
    expect((await admin('GET', '/models/my-llama')).json()).toMatchObject({
      name: 'My Llama',
      enabled: false,
      sampling: { temperature: 0.7, topP: 0.9 },
      provider: { model: 'llama', hasApiKey: true },
    })
    const back = JSON.parse(await exported('?format=fastchat')) as Record<string, object>
    expect(back['My Llama']).toMatchObject({ model_name: 'llama', api_key: '' })
    const vertex = JSON.stringify({ V: { model_name: 'v', api_type: 'vertex' } })
    expect((await imported({ text: vertex })).items).toMatchObject([
      { outcome: 'invalid', field: 'api_type' },
    ])
  })

  test('a slip of the pen in a field is named, and what it leaves missing', async () => {
    const text = `- { slug: slip, name: N, organisation: O, license: MIT, provider: { kind: onnx, model: m } }`
    expect((await imported({ text, dryRun: true })).items).toMatchObject([
      {
        outcome: 'invalid',
        field: 'organisation',
        message: 'organisation: there is no such field; organization: is missing',
      },
    ])
  })

  test('a key that has to be given afterwards is said to be', async () => {
    const text = `- slug: claude
  name: Claude
  organization: Anthropic
  license: Proprietary
  enabled: false
  provider: { kind: anthropic, model: m, baseUrl: "${stage.provider.baseUrl}" }`
    const { items } = await imported({ text })
    expect(items).toMatchObject(
      [{ outcome: 'registered', notes: [/key/] }].map((item) => ({
        ...item,
        notes: [expect.stringMatching(/key/) as string],
      })),
    )
    expect((await imported({ text })).items).toMatchObject([{ outcome: 'exists', notes: [] }])
    const own = await imported({ text: `models:${entry('keyless')}`, dryRun: true })
    expect(own.items[0]?.notes).toEqual([
      'no key is given: give one afterwards if its service asks for one',
    ])
    const withKey = await imported({ text: `models:${entry('k', ', apiKey: k')}`, dryRun: true })
    expect(withKey.items[0]?.notes).toEqual([])
    const keyed = await admin('PATCH', '/models/claude', { provider: { apiKey: KEY } })
    expect(keyed.json()).toMatchObject({ version: 1, provider: { hasApiKey: true } })
  })

  test.each<[string, object]>([
    ['an alias', { text: 'models:\n  - &a { slug: a }\n  - *a' }],
    ['no list', { text: 'models: 7' }],
    ['nothing at all', { text: '{}' }],
    ['broken JSON', { text: `{"models":[{"apiKey":"${KEY}"`, format: 'json' }],
    ['too much', { text: 'x'.repeat(200_001) }],
    ['nothing', { text: '' }],
  ])('%s is refused as a whole: `text`', async (_, body) => {
    const answer = await admin('POST', '/models/import', body)
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.json()).toMatchObject({ details: { field: 'text' } })
    expect(answer.text).not.toContain(KEY)
  })

  test('a long file in many bytes is read', async () => {
    const text = `models:${entry('long')}\n    description: "${'語'.repeat(3900)}"\n${'# 語\n'.repeat(38_000)}`
    expect(text.length).toBeLessThan(200_000)
    expect(await imported({ text, dryRun: true })).toMatchObject({
      items: [{ outcome: 'would-register' }],
    })
  })

  test.each(['operator', 'read', undefined])('is not for scope %s', async (scope) => {
    const made =
      scope === undefined
        ? undefined
        : ((await admin('POST', '/tokens', { name: 'x', scope })).json() as { token: string }).token
    for (const [method, path] of [
      ['POST', '/models/import'],
      ['GET', '/models/export'],
    ] as const) {
      const answer = await call(`${stage.arena.url}/api/v1/admin${path}`, {
        method,
        token: made,
        ...(method === 'POST' ? { body: { text: 'x' } } : {}),
      })
      expect(answer.status).toBe(scope === undefined ? 401 : 403)
    }
  })
})

describe('GET /admin/models/export', () => {
  test('makes, in an empty arena, the same registry', async () => {
    const rich = {
      slug: 'rich',
      name: 'Größe "7": no',
      organization: 'yes',
      license: '1.0',
      description: 'Two\n\n  lines # and a comment\t',
      systemPrompt: ' - a\n- b:\n',
      answerPrefix: '',
      sampling: { temperature: 0.1, seed: 2 ** 40 },
      caps: { maxOutputTokens: 5 },
      limits: { costPerDay: 0.25 },
      prices: { inputPerMillion: 0.1, outputPerMillion: 1e-3 },
      tags: ['a b', '1.5'],
      links: [{ label: 'Card', url: 'https://example.org/#x' }],
      weight: 0.125,
      enabled: false,
      provider: {
        kind: 'openai-compatible',
        baseUrl: stage.provider.baseUrl,
        model: 'a:b',
        dialect: 'vllm',
        extra: { a: [true, null, { b: '~' }] },
        apiKey: KEY,
      },
    }
    const { answerPrefix: _, ...body } = rich
    expect((await admin('POST', '/models', body)).status).toBe(201)
    await admin('POST', '/models', { ...body, slug: 'old' })
    await admin('DELETE', '/models/old', { reason: 'replaced: by #2' })

    expect(await exported()).not.toContain('slug: old')
    for (const format of ['yaml', 'json'] as const) {
      const text = await exported(`?format=${format}&retired=1`)
      expect(text).toContain('replaced: by #2')
      expect(text).not.toContain(KEY)
      const fresh = await setStage({}, [])
      try {
        const result = await imported({ text }, fresh)
        expect(result.format).toBe(format)
        expect(new Set(result.items.map(({ outcome }) => outcome))).toEqual(new Set(['registered']))
        expect(await exported(`?format=${format}&retired=1`, fresh)).toBe(text)
        const VARY = ['createdAt', 'updatedAt', 'health', 'activity', 'status', 'statusReason']
        const comparable = (items: Record<string, unknown>[]) =>
          items.map((item) => ({
            ...Object.fromEntries(
              Object.entries(item).filter(([name]) => !VARY.includes(name) && name !== 'version'),
            ),
            provider: { ...(item['provider'] as object), hasApiKey: false },
          }))
        expect(comparable(await listed(fresh))).toEqual(comparable(await listed()))
      } finally {
        await fresh.close()
      }
    }
  })

  test('is a file of its format', async () => {
    const typeOf = async (query: string) => {
      const { headers, status } = await admin('GET', `/models/export${query}`)
      return [status, headers.get('content-type'), headers.get('content-disposition')]
    }
    expect(await typeOf('')).toEqual([
      200,
      'application/yaml; charset=utf-8',
      'attachment; filename="trivium-models.yaml"',
    ])
    expect((await typeOf('?format=fastchat'))[2]).toContain('api_endpoints.json')
    expect((await admin('GET', '/models/export?format=xml')).status).toBe(422)
  })
})
