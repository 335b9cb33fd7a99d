import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminModelSchema, modelCardSchema } from '../../shared/schemas/model.ts'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { newVisitor } from '../support/arena/client.ts'
import { ask, call, codeOf, connectOutsider, type Answer } from '../support/arena/outsider.ts'
import { goOn, play, setStage, start, vote, type Stage } from '../support/arena/stage.ts'

const KEY = 'sk-a-very-secret-provider-key'

let stage: Stage
beforeAll(async () => (stage = await setStage()))
afterAll(() => stage.close())

const admin = (method: string, path: string, body?: unknown, at = stage): Promise<Answer> =>
  call(`${at.arena.url}/api/v1/admin${path}`, { method, token: ADMIN_TOKEN, body })

const upstream = (more: object = {}) => ({
  kind: 'openai-compatible',
  baseUrl: stage.provider.baseUrl,
  model: 'm',
  ...more,
})

/** Registers a model that is not drawn, so that other tests stay what they are. */
async function registered(slug: string, more: object = {}, at = stage): Promise<string> {
  const body = {
    slug,
    name: `Name of ${slug}`,
    organization: 'Maker',
    license: 'MIT',
    provider: upstream({ baseUrl: at.provider.baseUrl }),
    weight: 0,
    ...more,
  }
  const answer = await admin('POST', '/models', body, at)
  if (answer.status !== 201) throw new Error(answer.text)
  return slug
}
const modelOf = async (slug: string, at = stage) =>
  adminModelSchema.parse((await admin('GET', `/models/${slug}`, undefined, at)).json())
const patch = (slug: string, body: unknown) => admin('PATCH', `/models/${slug}`, body)
const KEY_HEADERS = { anthropic: 'x-api-key', google: 'x-goog-api-key' } as const
const problemOf = (answer: Answer) => {
  const { details, detail } = answer.json() as { details?: { field?: string }; detail: string }
  return { status: answer.status, code: answer.code, field: details?.field, detail }
}

describe('registration', () => {
  test('keeps and shows everything, and the card what the public may know', async () => {
    const more = {
      provider: upstream({
        apiKey: KEY,
        dialect: 'vllm',
        apiVersion: '2024-10-21',
        extra: { reasoning_effort: 'low', nested: { deep: [1, null] } },
      }),
      caps: { maxInputCharacters: 5000, maxOutputTokens: 300 },
      limits: {
        requestsPerMinute: 60,
        concurrentRequests: 4,
        tokensPerDay: 1_000_000,
        costPerDay: 2.5,
      },
      prices: { inputPerMillion: 0.15, outputPerMillion: 0.6 },
      tags: ['open weights', 'C++'],
      links: [{ label: 'Model card', url: 'https://example.org/card?a=b' }],
    }
    await registered('everything', more)
    const model = await modelOf('everything')
    const { apiKey: _, ...shown } = more.provider as Record<string, unknown>
    expect(model).toMatchObject({ ...more, provider: { ...shown, hasApiKey: true } })
    expect(model).toMatchObject({ status: 'unweighted', version: 1 })
    const card = await call(`${stage.arena.url}/api/v1/models/everything`)
    expect(modelCardSchema.strict().parse(card.json())).toMatchObject({
      prices: more.prices,
      tags: more.tags,
      links: more.links,
    })
    for (const word of ['vllm', 'reasoning_effort', 'tokensPerDay', 'maxInputCharacters', KEY]) {
      expect(card.text).not.toContain(word)
    }
    await stage.restart()
    expect(await modelOf('everything')).toMatchObject({
      ...more,
      provider: { ...shown, hasApiKey: true },
    })
  })

  test.each(['anthropic', 'google'] as const)(
    '%s is told once its key, and no more',
    async (kind) => {
      const { baseUrl } = stage.provider
      const provider = { kind, model: 'm', baseUrl, apiKey: KEY }
      await registered(`by-${kind}`, { provider, enabled: false })
      expect((await modelOf(`by-${kind}`)).provider).toEqual({
        kind,
        model: 'm',
        baseUrl,
        hasApiKey: true,
      })
      const other = await patch(`by-${kind}`, { provider: { model: 'n' } })
      expect(other.json()).toMatchObject({ version: 2, provider: { model: 'n', hasApiKey: true } })
      // A key never goes where it was not given for.
      const moved = await patch(`by-${kind}`, { provider: { baseUrl: `${baseUrl}/elsewhere` } })
      expect(moved.json()).toMatchObject({ version: 3, provider: { hasApiKey: false } })
      expect(
        stage.provider.requests.some(({ headers }) => headers[KEY_HEADERS[kind]] === KEY),
      ).toBe(true)
      // Without an address of its own it is the company's again, and the key stays where it was.
      await patch(`by-${kind}`, { provider: { baseUrl, apiKey: KEY } })
      const home = await patch(`by-${kind}`, { provider: { baseUrl: null } })
      expect(home.json()).toMatchObject({ version: 5 })
      const { provider: shown } = await modelOf(`by-${kind}`)
      expect(shown).toEqual({ kind, model: 'n', hasApiKey: false })
      await patch(`by-${kind}`, { provider: { baseUrl } })
      const withKey = await patch(`by-${kind}`, { provider: { baseUrl: null, apiKey: KEY } })
      expect(withKey.json()).toMatchObject({ version: 7, provider: { hasApiKey: true } })
      const [, entry] = (
        (await admin('GET', `/audit?subject=by-${kind}`)).json() as {
          items: { details: Record<string, unknown> }[]
        }
      ).items.filter(({ details }) => details !== null)
      expect(entry?.details).toHaveProperty('provider.baseUrl')
    },
  )

  test('an address that there is no other for cannot be taken away', async () => {
    await registered('needs-address')
    const answer = await patch('needs-address', { provider: { baseUrl: null } })
    expect(problemOf(answer)).toMatchObject({ status: 422, field: 'provider.baseUrl' })
  })

  const at = (more: object) => ({
    provider: {
      kind: 'openai-compatible',
      baseUrl: 'http://127.0.0.1:1/v1',
      model: 'm',
      ...more,
    },
  })
  test.each<[string, object]>([
    ['slug', { slug: 'export' }],
    ['slug', { slug: 'import' }],
    ['slug', { slug: 'a--b' }],
    ['name', { name: '<script>alert(1)</script>' }],
    ['name', { name: 'GPT\u202e4' }],
    ['name', { name: 'GPT\u200b4' }],
    ['name', { name: 'GPT\u00a04' }],
    ['name', { name: '\u3164' }],
    ['name', { name: 'GP\u0422-4' }],
    ['name', { name: 'ＧＰＴ' }],
    ['organization', { organization: '<b>Maker</b>' }],
    ['organization', { organization: 'Ma\u0430ker' }],
    ['license', { license: '<img src=x>' }],
    ['tags.1', { tags: ['good', '<b>'] }],
    ['tags', { tags: ['twice', 'twice'] }],
    ['tags', { tags: Array.from({ length: 13 }, (_, index) => `tag ${index}`) }],
    ['links.0.label', { links: [{ label: '<b>', url: 'https://example.org' }] }],
    ['links.0.url', { links: [{ label: 'Card', url: 'javascript:alert(1)' }] }],
    ['links.0.url', { links: [{ label: 'Card', url: 'https://user:pw@example.org' }] }],
    ['links.0.url', { links: [{ label: 'Card', url: 'https://exa\nmple.org' }] }],
    ['links.0.colour', { links: [{ label: 'Card', url: 'https://example.org', colour: 1 }] }],
    ['provider.baseUrl', at({ baseUrl: 'https://example.org/v1?key=x' })],
    ['provider.baseUrl', at({ baseUrl: 'https://example.org/v1?' })],
    ['provider.baseUrl', at({ baseUrl: 'https://example.org/v1#' })],
    ['provider.dialect', at({ dialect: 'klingon' })],
    ['provider.apiVersion', at({ apiVersion: '2024 10' })],
    ['provider.extra.stream', at({ extra: { stream: false } })],
    ['provider.extra.messages', at({ extra: { messages: [] } })],
    ['provider.extra', at({ extra: { long: 'x'.repeat(5000) } })],
    ['provider.extra', { provider: { kind: 'onnx', model: 'm', extra: {} } }],
    ['caps.maxOutputTokens', { caps: { maxOutputTokens: 0 } }],
    ['caps.maxInputCharacters', { caps: { maxInputCharacters: 1e12 } }],
    ['caps.maxInputCharacters', { caps: { maxInputCharacters: 5 }, systemPrompt: 'Be brief.' }],
    ['limits.requestsPerMinute', { limits: { requestsPerMinute: -1 } }],
    ['limits.tokensPerDay', { limits: { tokensPerDay: 1e300 } }],
    ['limits.costPerDay', { limits: { costPerDay: 5 } }],
    ['prices.inputPerMillion', { prices: { inputPerMillion: -1, outputPerMillion: 1 } }],
    ['prices.outputPerMillion', { prices: { inputPerMillion: 1 } }],
    ['weight', { weight: 1e9 }],
    ['answerPrefix', { answerPrefix: 'Well,', ...at({ dialect: 'openai' }) }],
    [
      'answerPrefix',
      { answerPrefix: 'Well,', provider: { kind: 'google', model: 'm', apiKey: KEY } },
    ],
  ])('refuses with the field named: %s of %j', async (field, more) => {
    const body = {
      slug: 'faulty',
      name: 'Faulty',
      organization: 'Maker',
      license: 'MIT',
      provider: upstream(),
      ...more,
    }
    const problem = problemOf(await admin('POST', '/models', body))
    expect(problem).toMatchObject({ status: 422, code: 'invalid_input', field })
    expect(problem.detail).toContain(field)
  })

  test.each([
    'Größe 7',
    'Qwen通义 2',
    'हिन्दी मॉडल',
    'Модель 3',
    'α-Modell',
    'R2-D2 (8B, Q4_K_M) & co.',
    '🚀 Rocket',
  ])('the name %j is a name', async (name) => {
    await registered('named', { name }).catch(() => undefined)
    expect((await patch('named', { name })).json()).toMatchObject({ name })
  })
})

test('no body makes a call fail as a bug would', async () => {
  await registered('fuzzed')
  const field = fc.oneof(
    fc.constantFrom('slug', 'name', 'provider', 'kind', 'baseUrl', 'model', 'apiKey', 'extra'),
    fc.constantFrom('limits', 'caps', 'prices', 'tags', 'links', 'sampling', 'text', 'prompt'),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'openai-compatible',
        'google',
        'http://127.0.0.1:1',
        'yaml',
        'fuzzed',
        '',
        null,
      ),
      fc.double(),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(field, tie('value'), { maxKeys: 6 }),
    ),
  }))
  const calls = [
    ['POST', '/models'],
    ['PATCH', '/models/fuzzed'],
    ['POST', '/models/fuzzed/pause'],
    ['POST', '/models/import'],
    ['POST', '/try'],
  ] as const
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), value, async ([method, path], body) => {
      const { status } = await admin(method, path, body)
      expect([200, 201, 400, 404, 409, 422]).toContain(status)
    }),
    { numRuns: 300 },
  )
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  for (const [method, path] of calls) {
    const { status } = await admin(
      method,
      path,
      `{"provider":{"kind":"google","extra":{"a":${deep}}}}`,
    )
    expect(status).toBe(422)
  }
})

test('everything that is wrong is named at once, in plain words', async () => {
  const answer = await admin('POST', '/models', { slug: 'wrong', weight: null, nmae: 'x' })
  expect(answer.status).toBe(422)
  const { details, detail } = answer.json() as { details: object; detail: string }
  expect(detail).toBe('nmae: there is no such field')
  expect(details).toEqual({
    field: 'nmae',
    fields: [
      { field: 'nmae', message: 'there is no such field' },
      { field: 'name', message: 'is missing' },
      { field: 'organization', message: 'is missing' },
      { field: 'license', message: 'is missing' },
      { field: 'provider', message: 'is missing' },
      { field: 'weight', message: 'must be a number' },
    ],
  })
})

describe('versions', () => {
  test('what answers makes one, and nothing else does', async () => {
    await registered('versions', { prices: { inputPerMillion: 1, outputPerMillion: 1 } })
    const makes: [object, number][] = [
      [{ name: 'Other', organization: 'Other', license: 'Other', description: 'Other' }, 1],
      [{ weight: 2, enabled: false }, 1],
      [{ limits: { costPerDay: 1, requestsPerMinute: 1 } }, 1],
      [{ prices: { inputPerMillion: 2, outputPerMillion: 2 } }, 1],
      [{ tags: ['a'], links: [{ label: 'b', url: 'https://example.org' }] }, 1],
      [{ provider: { apiKey: KEY } }, 1],
      [{ provider: upstream() }, 1],
      [{ systemPrompt: 'Be brief.' }, 2],
      [{ answerPrefix: 'Well,' }, 3],
      [{ sampling: { temperature: 0.5 } }, 4],
      [{ caps: { maxOutputTokens: 100 } }, 5],
      [{ provider: { model: 'n' } }, 6],
      [{ provider: { extra: { a: 1, b: { c: 2 } } } }, 7],
      [{ provider: { extra: { b: { c: 2 }, a: 1 } } }, 7],
      [{ provider: { dialect: 'vllm' } }, 8],
      [{ provider: { apiVersion: '2024-10-21' } }, 9],
      // Null takes it away again, and going back makes a version like any other change.
      [{ provider: { dialect: null, apiVersion: null, extra: null } }, 10],
      [{ caps: null, sampling: null, systemPrompt: null, answerPrefix: null }, 11],
      [{ provider: { model: 'm' } }, 12],
      [{ caps: {}, sampling: {} }, 12],
      [{ limits: null, prices: null, tags: null, links: null, description: null }, 12],
    ]
    for (const [change, version] of makes) {
      const answer = await patch('versions', change)
      expect([change, answer.status, answer.json()]).toMatchObject([change, 200, { version }])
    }
    const { provider, caps, limits, prices, tags, links } = await modelOf('versions')
    expect({ provider, caps, limits, prices, tags, links }).toEqual({
      provider: { ...upstream(), hasApiKey: true },
      caps: {},
      limits: {},
      prices: null,
      tags: [],
      links: [],
    })
  })

  test('of limits, caps and prices a change names only what changes', async () => {
    const slug = await registered('field-by-field', {
      limits: { tokensPerDay: 1000, requestsPerMinute: 10 },
      caps: { maxOutputTokens: 100 },
      sampling: { temperature: 1, topP: 0.5 },
    })
    const changes: [object, object][] = [
      [
        { limits: { concurrentRequests: 2, tokensPerDay: null } },
        { limits: { requestsPerMinute: 10, concurrentRequests: 2 } },
      ],
      [{ limits: {} }, { limits: { requestsPerMinute: 10, concurrentRequests: 2 } }],
      [{ limits: { requestsPerMinute: null, concurrentRequests: null } }, { limits: {} }],
      [
        { caps: { maxInputCharacters: 900 } },
        { caps: { maxInputCharacters: 900, maxOutputTokens: 100 }, version: 2 },
      ],
      [{ caps: { maxInputCharacters: 900 } }, { version: 2 }],
      [{ caps: { maxInputCharacters: null } }, { caps: { maxOutputTokens: 100 }, version: 3 }],
      [{ prices: {} }, { prices: null }],
      [
        { prices: { inputPerMillion: 1, outputPerMillion: 2 } },
        { prices: { inputPerMillion: 1, outputPerMillion: 2 } },
      ],
      [
        { prices: { outputPerMillion: 3 } },
        { prices: { inputPerMillion: 1, outputPerMillion: 3 } },
      ],
      [{ prices: null }, { prices: null }],
      // What answers is sampled as a whole: it is replaced whole.
      [{ sampling: { temperature: 0.5 } }, { sampling: { temperature: 0.5 } }],
    ]
    for (const [change, expected] of changes) {
      const answer = await patch(slug, change)
      expect(answer.status).toBe(200)
      const found = answer.json() as Record<string, unknown>
      const named = Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]))
      expect([change, named]).toEqual([change, expected])
    }
    expect(problemOf(await patch(slug, { prices: { inputPerMillion: 1 } }))).toMatchObject({
      status: 422,
      field: 'prices.outputPerMillion',
    })
    expect(problemOf(await patch(slug, { prices: { inputPerMillion: null } }))).toMatchObject({
      status: 422,
      field: 'prices.inputPerMillion',
    })
  })

  test('a budget in money keeps its prices', async () => {
    const prices = { inputPerMillion: 1, outputPerMillion: 1 }
    await registered('budgeted', { prices, limits: { costPerDay: 1 } })
    for (const change of [{ prices: null }, { prices: null, limits: { costPerDay: 2 } }]) {
      expect(problemOf(await patch('budgeted', change))).toMatchObject({
        status: 422,
        field: 'limits.costPerDay',
      })
    }
    expect((await patch('budgeted', { prices: null, limits: null })).status).toBe(200)
    expect(problemOf(await patch('budgeted', { limits: { costPerDay: 1 } })).status).toBe(422)
    expect((await patch('budgeted', { prices, limits: { costPerDay: 1 } })).status).toBe(200)
  })
})

test('says which sampling its service has no setting for', async () => {
  const sampling = { temperature: 1, topK: 40, minP: 0.1 }
  const provider = upstream({ dialect: 'openai' })
  const slug = await registered('half-heard', { provider, sampling })
  expect((await modelOf(slug)).notes).toEqual([
    'sampling.topK is not sent: this service has no such setting',
    'sampling.minP is not sent: this service has no such setting',
  ])
  expect((await modelOf(await registered('heard', { sampling }))).notes).toEqual([])
})

describe('pause and resume', () => {
  test('take a model out of the draw with a reason, and back; twice is once', async () => {
    const slug = await registered('rested')
    const first = await admin('POST', `/models/${slug}/pause`, { reason: 'too dear' })
    expect(first.json()).toMatchObject({
      enabled: false,
      status: 'paused',
      statusReason: 'too dear',
    })
    const again = await admin('POST', `/models/${slug}/pause`)
    expect(again.json()).toEqual(first.json())
    const other = await admin('POST', `/models/${slug}/pause`, { reason: 'still too dear' })
    expect(other.json()).toMatchObject({ statusReason: 'still too dear' })
    await stage.restart()
    expect(await modelOf(slug)).toMatchObject({ status: 'paused', statusReason: 'still too dear' })
    const back = await admin('POST', `/models/${slug}/resume`)
    expect(back.json()).toMatchObject({ enabled: true, status: 'unweighted' })
    expect((await admin('POST', `/models/${slug}/resume`)).json()).toMatchObject({ enabled: true })
    expect(await modelOf(slug)).toMatchObject({ version: 1 })
    expect(problemOf(await admin('POST', `/models/${slug}/pause`, { reason: 7 }))).toMatchObject({
      status: 422,
      field: 'reason',
    })
  })

  test('say in the audit log who did it, and what changed', async () => {
    const slug = await registered('audited')
    await admin('POST', `/models/${slug}/pause`, { reason: 'too dear' })
    await admin('POST', `/models/${slug}/resume`)
    await patch(slug, {
      systemPrompt: 'x'.repeat(1000),
      provider: { apiKey: KEY },
      sampling: { topK: 3 },
    })
    await patch(slug, { provider: { apiKey: `${KEY}2` } })
    await admin('DELETE', `/models/${slug}`, { reason: 'old' })
    const answer = await admin('GET', `/audit?limit=6`)
    const { items } = answer.json() as { items: { action: string; details: unknown }[] }
    expect(items.toReversed()).toMatchObject([
      { action: 'model.register', details: { name: { from: null, to: 'Name of audited' } } },
      {
        action: 'model.pause',
        details: {
          enabled: { from: true, to: false },
          pausedReason: { from: null, to: 'too dear' },
        },
      },
      { action: 'model.resume', details: { enabled: { from: false, to: true } } },
      {
        action: 'model.change',
        details: {
          'sampling.topK': { from: null, to: 3 },
          systemPrompt: { to: expect.stringMatching(/^x{200}… \(1000 characters\)$/) as string },
          apiKey: 'added',
        },
      },
      { action: 'model.change', details: { apiKey: 'changed' } },
      { action: 'model.retire', details: { retiredReason: { from: null, to: 'old' } } },
    ])
    expect(answer.text).not.toContain(KEY)
  })

  test('not of a retired model, whose reason everybody may read', async () => {
    const slug = await registered('gone')
    await admin('DELETE', `/models/${slug}`, { reason: 'replaced by a newer one' })
    for (const act of ['pause', 'resume']) {
      expect((await admin('POST', `/models/${slug}/${act}`)).code).toBe('conflict')
    }
    expect((await admin('POST', '/models/nobody/pause')).status).toBe(404)
    const card = (await call(`${stage.arena.url}/api/v1/models/${slug}`)).json()
    expect(card).toMatchObject({ retired: { reason: 'replaced by a newer one' } })
    const list = (await call(`${stage.arena.url}/api/v1/models?limit=200`)).text
    expect(list).toContain('replaced by a newer one')
    expect(await modelOf(slug)).toMatchObject({ status: 'retired' })
  })
})

describe('caps', () => {
  test('bound what is asked for, and what is sent', async () => {
    const small = await setStage({}, ['gamma', 'delta'])
    try {
      for (const slug of small.slugs) {
        const change = {
          systemPrompt: 'Short!',
          sampling: { maxTokens: 500 },
          caps: { maxInputCharacters: 60, maxOutputTokens: 77 },
        }
        await admin('PATCH', `/models/${slug}`, change, small)
      }
      const socket = await connectOutsider(small.arena.url, {
        cookie: await newVisitor(small.arena.url),
      })
      const tooLong = await ask(socket, 'battle:start', { prompt: 'x'.repeat(55) })
      expect(codeOf(tooLong)).toBe('no_models')
      const { error } = tooLong as { error: { message: string } }
      expect(error.message).toContain('question of this length')
      for (const slug of small.slugs) expect(error.message).not.toContain(slug)
      socket.disconnect()

      const visitor = await small.visitor()
      const { battleId } = await play(visitor.socket, 'y'.repeat(20))
      const later = await goOn(visitor.socket, battleId, 'z'.repeat(20))
      await later.bothEnded()
      const bodies = small.provider.requests
        .map(({ body }) => body)
        .filter(({ messages }) => messages.at(-1)?.content === 'z'.repeat(20))
      expect(bodies).toHaveLength(2)
      for (const body of bodies) {
        expect(body['max_tokens']).toBe(77)
        // The first exchange has no room beside this question, the system prompt always has.
        expect(body.messages).toEqual([
          { role: 'system', content: 'Short!' },
          { role: 'user', content: 'z'.repeat(20) },
        ])
      }
      visitor.socket.disconnect()
    } finally {
      await small.close()
    }
  })
})

describe('limits', () => {
  test('a budget that is used up takes a model out of the draw until midnight', async () => {
    const three = await setStage({}, ['one', 'two', 'three'])
    try {
      // The provider counts eight tokens an answer, and probes count too.
      await admin('PATCH', '/models/one', { limits: { tokensPerDay: 1 } }, three)
      const { socket } = await three.visitor()
      for (let battle = 0; battle < 12; battle += 1) {
        const { battleId } = await play(socket)
        const seats = Object.values(three.seats(battleId))
        await vote(socket, battleId)
        if (seats.includes('one')) break
      }
      // Either it has answered once, or it never was drawn: then its probe alone used it up.
      const { status, statusReason, activity } = await modelOf('one', three)
      expect(activity.tokensToday).toBeGreaterThan(0)
      expect([status, statusReason]).toEqual([
        'limited',
        expect.stringMatching(/^today's 1 tokens are used up, until \d{4}-\d\d-\d\d 00:00 UTC$/),
      ])
      for (let battle = 0; battle < 12; battle += 1) {
        const battleId = await start(socket)
        expect(Object.values(three.seats(battleId))).not.toContain('one')
      }
      socket.disconnect()
    } finally {
      await three.close()
    }
  })

  test('two models that are busy are waited for, so that a battle still starts', async () => {
    const two = await setStage({}, ['one', 'two'])
    try {
      for (const slug of two.slugs) {
        await admin('PATCH', `/models/${slug}`, { limits: { concurrentRequests: 1 } }, two)
      }
      const { socket } = await two.visitor()
      const first = await start(socket, 'by hand 1')
      const running = await two.exchanges(first, 'by hand 1')
      expect((await modelOf('one', two)).status).toBe('limited')
      const second = await start(socket, 'by hand 2')
      const waiting = two.exchanges(second, 'by hand 2')
      expect(
        two.provider.requests.some(({ body }) => body.messages[0]?.content === 'by hand 2'),
      ).toBe(false)
      for (const exchange of Object.values(running)) exchange.finish()
      for (const exchange of Object.values(await waiting)) exchange.finish()
      socket.disconnect()
    } finally {
      await two.close()
    }
  })
})
