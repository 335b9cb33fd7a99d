import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuditLog } from '../../server/admin/audit-repository.ts'
import { createTokenRepository } from '../../server/admin/token-repository.ts'
import { createTokens } from '../../server/admin/tokens.ts'
import { openDatabase } from '../../server/database/database.ts'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import type { MockProvider } from '../support/arena/mock-provider.ts'
import { startMockProvider } from '../support/arena/mock-provider.ts'
import { ask, call, codeOf, type Answer } from '../support/arena/outsider.ts'
import { begin, play, setStage, vote, type Stage } from '../support/arena/stage.ts'

const KEY = 'sk-a-very-secret-provider-key'

let stage: Stage
let elsewhere: MockProvider
let tokens: Record<string, string | undefined>

beforeAll(async () => {
  stage = await setStage()
  elsewhere = await startMockProvider()
  // Another process makes tokens; here it is this one, on the same database.
  const { kysely } = await openDatabase({
    dialect: 'sqlite',
    path: `${stage.arena.folder}/arena.db`,
  })
  const service = createTokens({
    repository: createTokenRepository(kysely, createAuditLog(kysely)),
    clock: Date.now,
  })
  const make = async (scope: 'admin' | 'operator' | 'read' | 'judge') =>
    (await service.create({ scope, name: `a ${scope}` }, 'test')).token
  tokens = {
    none: undefined,
    wrong: 'trv_wrong',
    read: await make('read'),
    operator: await make('operator'),
    judge: await make('judge'),
    admin: await make('admin'),
  }
  await kysely.destroy()
})
afterAll(async () => {
  await stage.close()
  await elsewhere.close()
})

const admin = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(`${stage.arena.url}/api/v1/admin${path}`, { method, token: ADMIN_TOKEN, body })

const registration = (slug: string, more: object = {}) => ({
  slug,
  name: `Name of ${slug}`,
  organization: 'Maker',
  license: 'MIT',
  provider: { kind: 'openai-compatible', baseUrl: stage.provider.baseUrl, model: slug },
  ...more,
})

/** Registers a model that is not drawn, so that other tests stay what they are. */
async function registered(slug: string, more: object = {}): Promise<string> {
  const answer = await admin('POST', '/models', registration(slug, { weight: 0, ...more }))
  if (answer.status !== 201) throw new Error(answer.text)
  return slug
}

describe('scopes: read < operator < admin, judge beside', () => {
  const ALL = ['none', 'wrong', 'read', 'operator', 'judge', 'admin'] as const
  const calls: [string, string, string[]][] = [
    ['GET', '/metrics', ['read', 'operator', 'admin']],
    ['GET', '/api/v1/admin/models', ['operator', 'admin']],
    ['GET', '/api/v1/admin/models/alpha', ['operator', 'admin']],
    ['POST', '/api/v1/admin/models/alpha/check', ['operator', 'admin']],
    ['GET', '/api/v1/admin/audit', ['admin']],
    ['POST', '/api/v1/admin/models', ['admin']],
    ['PATCH', '/api/v1/admin/models/alpha', ['admin']],
    ['DELETE', '/api/v1/admin/models/nobody', ['admin']],
  ]

  test.each(
    calls.flatMap(([method, path, may]) => ALL.map((who) => [method, path, who, may] as const)),
  )('%s %s by %s', async (method, path, who, may) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {}
    const token = tokens[who]
    const answer = await call(`${stage.arena.url}${path}`, { method, token, body })
    if (who === 'none' || who === 'wrong') {
      expect(answer).toMatchObject({ status: 401, code: 'unauthorized' })
    } else if (may.includes(who)) {
      expect([401, 403]).not.toContain(answer.status)
    } else {
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
    }
  })

  test('a token goes in `Authorization: Bearer` alone', async () => {
    const url = `${stage.arena.url}/api/v1/admin/models`
    const refused = [
      await call(`${url}?token=${ADMIN_TOKEN}`),
      await call(url, { headers: { authorization: ADMIN_TOKEN } }),
      await call(url, { headers: { authorization: `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}` } }),
      await call(url, { headers: { 'x-api-key': ADMIN_TOKEN } }),
      await call(url, { headers: { authorization: 'Bearer ' } }),
      await call(url, { token: `${ADMIN_TOKEN}x` }),
      await call(url, { token: 'x'.repeat(5000) }),
    ]
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401))
  })
})

describe('registration', () => {
  test('answers 201 with the model; no restart is needed to see it', async () => {
    const body = registration('newcomer', {
      description: 'New here.',
      systemPrompt: 'Be brief.',
      answerPrefix: 'In short:',
      sampling: { temperature: 0.5, topP: 0.9, topK: 40, minP: 0.05, maxTokens: 64, seed: 7 },
      weight: 0,
      enabled: true,
    })
    const { slug, name, organization, license, description, systemPrompt, answerPrefix } = {
      ...body,
      description: 'New here.',
      systemPrompt: 'Be brief.',
      answerPrefix: 'In short:',
    }
    const answer = await admin('POST', '/models', body)
    expect(answer.status).toBe(201)
    expect(answer.json()).toMatchObject({
      slug,
      name,
      organization,
      license,
      description,
      systemPrompt,
      answerPrefix,
      provider: body.provider,
      weight: 0,
      enabled: true,
      retired: null,
    })
    const listed = (await admin('GET', '/models?limit=200')).json() as { items: { slug: string }[] }
    expect(listed.items.map((item) => item.slug)).toContain('newcomer')
    expect((await admin('GET', '/models/newcomer')).json()).toMatchObject({ slug: 'newcomer' })
    const card = await call(`${stage.arena.url}/api/v1/models/newcomer`)
    expect(card.json()).toMatchObject({ slug, name, organization, license, description })
  })

  test('409 `conflict` on a slug in use, also twice at once', async () => {
    expect(await admin('POST', '/models', registration('alpha'))).toMatchObject({
      status: 409,
      code: 'conflict',
    })
    const twice = await Promise.all(
      [1, 2].map(() => admin('POST', '/models', registration('twins', { weight: 0 }))),
    )
    expect(twice.map(({ status }) => status)).toEqual(expect.arrayContaining([201, 409]))
  })

  const provider = (more: object) => ({
    provider: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', model: 'm', ...more },
  })
  test.each<[string, object]>([
    ['slug', { slug: undefined }],
    ['slug', { slug: 'Upper' }],
    ['slug', { slug: 'with space' }],
    ['slug', { slug: '../up' }],
    ['slug', { slug: '' }],
    ['slug', { slug: 'x'.repeat(1000) }],
    ['name', { name: undefined }],
    ['name', { name: 7 }],
    ['organization', { organization: undefined }],
    ['license', { license: undefined }],
    ['provider', { provider: undefined }],
    ['kind', provider({ kind: 'telepathy' })],
    ['apiKey', provider({ kind: 'anthropic', baseUrl: undefined })],
    ['apiKey', provider({ kind: 'google', baseUrl: undefined })],
    ['model', provider({ model: undefined })],
    ['baseUrl', provider({ baseUrl: undefined })],
    ['baseUrl', provider({ baseUrl: 'nonsense' })],
    ['baseUrl', provider({ baseUrl: 'file:///etc/passwd' })],
    ['baseUrl', provider({ baseUrl: 'ftp://127.0.0.1/v1' })],
    ['baseUrl', provider({ baseUrl: 'http://user:password@127.0.0.1/v1' })],
    ['apiKey', provider({ apiKey: 7 })],
    ['apiKey', provider({ apiKey: 'line\r\nX-Injected: 1' })],
    ['apiKeys', provider({ apiKeys: KEY })],
    ['temperature', { sampling: { temperature: -1 } }],
    ['temperature', { sampling: { temperature: 'hot' } }],
    ['topP', { sampling: { topP: 2 } }],
    ['maxTokens', { sampling: { maxTokens: 0 } }],
    ['maxTokens', { sampling: { maxTokens: 1.5 } }],
    ['beams', { sampling: { beams: 4 } }],
    ['weight', { weight: -1 }],
    ['weight', { weight: 'heavy' }],
    ['enabled', { enabled: 'yes' }],
    ['colour', { colour: 'red' }],
  ])('422 `invalid_input` with the field named: %s of %j', async (field, more) => {
    const answer = await admin('POST', '/models', { ...registration('faulty'), ...more })
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    const { detail, details } = answer.json() as { detail: string; details?: { field?: string } }
    expect(`${details?.field}`.split('.')).toContain(field)
    expect(detail).toContain(field)
    expect((await admin('GET', '/models/faulty')).status).toBe(404)
  })

  test('does not wait for its probe: a provider that never answers is registered at once', async () => {
    stage.provider.behave('sleeper', () => undefined)
    const answer = await admin('POST', '/models', registration('sleeper', { weight: 0 }))
    expect(answer.status).toBe(201)
  })

  test('a probe only reports: a model that fails it is drawn all the same', async () => {
    const few = await setStage({}, ['solid'])
    few.provider.behave('shaky', (exchange) => exchange.refuse(500))
    await few.arena.register('shaky', few.provider.baseUrl)
    const { socket } = await few.visitor()
    expect(codeOf(await ask(socket, 'battle:start', { prompt: 'Both there?' }))).toBe('ok')
    socket.disconnect()
    await few.close()
  })
})

describe('what a model is told', () => {
  test('system prompt, sampling and the key go to the provider; the answer begins with its prefix', async () => {
    const few = await setStage({}, ['plain'])
    const slug = 'dressed'
    await few.arena.register(slug, few.provider.baseUrl, {
      provider: {
        kind: 'openai-compatible',
        baseUrl: few.provider.baseUrl,
        model: slug,
        apiKey: KEY,
      },
      systemPrompt: 'You are a pirate.',
      answerPrefix: 'Arr, ',
      sampling: { temperature: 0.25, maxTokens: 33, seed: 5 },
    })
    const { socket } = await few.visitor()
    const prompt = 'by hand: dressed up'
    few.provider.behave(slug, (exchange) => {
      exchange.say('matey!')
      exchange.finish()
    })
    const { battleId, heard } = await begin(socket, prompt)
    const other = await few.exchange('plain', prompt)
    other.say('Good day.')
    other.finish()
    await heard.bothEnded()
    const side = few.seats(battleId).a === slug ? 'a' : 'b'
    expect(heard.texts[side]).toBe('Arr, matey!')
    const asked = few.provider.requests.filter(({ body }) => body.model === slug).at(-1)
    expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(asked?.body).toMatchObject({ temperature: 0.25, max_tokens: 33, seed: 5, stream: true })
    expect(asked?.body.messages.slice(0, 2)).toEqual([
      { role: 'system', content: 'You are a pirate.' },
      { role: 'user', content: prompt },
    ])
    socket.disconnect()
    await few.close()
  })
})

describe('PATCH', () => {
  test('answers 200 with the model, and changes what it names alone', async () => {
    await registered('changing', { systemPrompt: 'Stay.', description: 'Old.' })
    const answer = await admin('PATCH', '/models/changing', {
      name: 'New name',
      weight: 2,
      enabled: false,
    })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({
      slug: 'changing',
      name: 'New name',
      weight: 2,
      enabled: false,
      description: 'Old.',
      systemPrompt: 'Stay.',
    })
    // How it fares may be another thing by now: nobody waits for the probe.
    const told = Object.entries(answer.json() as object)
    const kept = told.filter(([field]) => !['health', 'activity', 'statusReason'].includes(field))
    expect((await admin('GET', '/models/changing')).json()).toMatchObject(Object.fromEntries(kept))
  })

  test.each([
    ['slug', { slug: 'other' }],
    ['weight', { weight: -1 }],
    ['name', { name: '' }],
    ['nonsense', { nonsense: 1 }],
    ['provider', { provider: { nonsense: 1 } }],
    ['kind', { provider: { kind: 'telepathy' } }],
  ])('422 `invalid_input` with the field named: %s', async (field, body) => {
    const answer = await admin('PATCH', '/models/alpha', body)
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.text).toContain(field)
  })

  test.each<[string, (slug: string) => object, boolean]>([
    ['nothing of the provider', () => ({ name: 'Other name' }), true],
    ['`model`', () => ({ provider: { model: 'other' } }), true],
    ['`baseUrl`', () => ({ provider: { baseUrl: elsewhere.baseUrl } }), false],
    [
      'the path of `baseUrl`',
      () => ({ provider: { baseUrl: `${stage.provider.baseUrl}/x` } }),
      false,
    ],
    ['`kind`', () => ({ provider: { kind: 'onnx', model: 'smol' } }), false],
    [
      '`baseUrl`, with a new key',
      () => ({ provider: { baseUrl: elsewhere.baseUrl, apiKey: 'sk-another-key' } }),
      true,
    ],
  ])('one that changes %s keeps a key: %#', async (what, change, keeps) => {
    const slug = `keyed-${what.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '').toLowerCase()}`
    await registered(slug, {
      provider: { ...registration(slug).provider, apiKey: KEY },
    })
    const changed = await admin('PATCH', `/models/${slug}`, change(slug))
    expect(changed.status).toBe(200)
    expect(changed.json()).toMatchObject({ provider: { hasApiKey: keeps } })
    // What counts is what is sent.
    const seen = [stage.provider.requests.length, elsewhere.requests.length] as const
    await admin('POST', `/models/${slug}/check`)
    const sent = [
      ...stage.provider.requests.slice(seen[0]),
      ...elsewhere.requests.slice(seen[1]),
    ].map(({ headers }) => headers.authorization)
    const expected = what.endsWith('new key') ? 'Bearer sk-another-key' : `Bearer ${KEY}`
    for (const authorization of sent) expect(authorization).toBe(keeps ? expected : undefined)
    // The embedded inference is off here: nobody is asked.
    expect(sent.length > 0).toBe(what !== '`kind`')
  })

  test('of an unknown model is 404', async () => {
    expect(await admin('PATCH', '/models/nobody', {})).toMatchObject({
      status: 404,
      code: 'not_found',
    })
  })

  test('what answers is versioned: each side of a battle keeps the version it began with', async () => {
    const few = await setStage()
    const { cookie, socket } = await few.visitor()
    const { battleId } = await play(socket)
    await few.arena.admin('PATCH', '/api/v1/admin/models/alpha', { systemPrompt: 'Changed.' })
    await vote(socket, battleId)
    const later = await play(socket)
    await vote(socket, later.battleId)
    const exported = await call(`${few.arena.url}/api/v1/exports/votes`, { cookie })
    const versions = exported.text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const row = JSON.parse(line) as Record<string, unknown>
        return row['model_a'] === 'alpha' ? row['version_a'] : row['version_b']
      })
    expect(versions).toEqual([1, 2])
    socket.disconnect()
    await few.close()
  })
})

describe('DELETE', () => {
  test('answers 204: the card stays with `retired: { at, reason }`, the slug stays taken', async () => {
    await registered('leaving')
    const answer = await admin('DELETE', '/models/leaving', { reason: 'Its licence ended.' })
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    const card = await call(`${stage.arena.url}/api/v1/models/leaving`)
    expect(card.json()).toMatchObject({
      slug: 'leaving',
      retired: { at: expect.stringMatching(/^\d{4}-/), reason: 'Its licence ended.' },
    })
    expect(await admin('POST', '/models', registration('leaving'))).toMatchObject({
      status: 409,
      code: 'conflict',
    })
    const again = await admin('PATCH', '/models/leaving', { name: 'Back' })
    expect(again).toMatchObject({ status: 409, code: 'conflict' })
  })

  test('without a body has no reason; unknown models are 404', async () => {
    await registered('leaving-silently')
    expect((await admin('DELETE', '/models/leaving-silently')).status).toBe(204)
    const card = await call(`${stage.arena.url}/api/v1/models/leaving-silently`)
    expect(card.json()).toMatchObject({ retired: { reason: null } })
    expect(await admin('DELETE', '/models/nobody')).toMatchObject({
      status: 404,
      code: 'not_found',
    })
  })

  test('takes the model out of the draw, while battles that have begun go on', async () => {
    const few = await setStage({}, ['one', 'two', 'three'])
    const { socket } = await few.visitor()
    const prompt = 'by hand: retired meanwhile'
    const { battleId, heard } = await begin(socket, prompt)
    const seats = few.seats(battleId)
    const { a, b } = await few.exchanges(battleId, prompt)
    await few.arena.admin('DELETE', `/api/v1/admin/models/${seats.a}`)
    for (const exchange of [a, b]) {
      exchange.say('Still here.')
      exchange.finish()
    }
    await heard.bothEnded()
    expect(heard.texts).toEqual({ a: 'Still here.', b: 'Still here.' })
    for (let round = 0; round < 8; round += 1) {
      const next = few.seats((await play(socket)).battleId)
      expect([next.a, next.b]).not.toContain(seats.a)
    }
    socket.disconnect()
    await few.close()
  })
})

describe('/check', () => {
  test('answers 200 `{ ok, error?, firstTokenMs? }`, also when the probe fails', async () => {
    const good = await admin('POST', '/models/alpha/check')
    expect(good.status).toBe(200)
    expect(good.json()).toEqual({ ok: true, firstTokenMs: expect.any(Number) })
    stage.provider.behave('broken', (exchange) => exchange.refuse(500))
    await registered('broken')
    const bad = await admin('POST', '/models/broken/check')
    expect(bad.status).toBe(200)
    expect(bad.json()).toEqual({ ok: false, error: expect.stringMatching(/\w/) })
  })
})

describe('the breaker', () => {
  test('8 failures in a row take a model out of the draw, 7 do not; counted by model', async () => {
    // Both on the same host: it is no fault of the other.
    const few = await setStage({}, ['good', 'bad'])
    let failing = true
    few.provider.behave('bad', (exchange) => {
      if (failing) exchange.refuse(500)
      else {
        exchange.say('Fine.')
        exchange.finish()
      }
    })
    const { socket } = await few.visitor()
    const health = async () =>
      (
        (await (await few.arena.admin('GET', '/api/v1/admin/models/bad')).json()) as {
          health: unknown
        }
      ).health
    const fail = async (times: number) => {
      for (let time = 0; time < times; time += 1) await play(socket)
    }
    await fail(7)
    failing = false
    await play(socket)
    // One success, and the row begins anew.
    expect(await health()).toMatchObject({ failuresInARow: 0, breaker: 'closed' })
    failing = true
    await fail(7)
    expect(codeOf(await ask(socket, 'battle:start', { prompt: 'Number eight?' }))).toBe('ok')
    const reply = async () => ask(socket, 'battle:start', { prompt: 'Nobody left?' })
    while (((await health()) as { failuresInARow: number }).failuresInARow < 8) await fail(0)
    expect(codeOf(await reply())).toBe('no_models')
    expect(await health()).toMatchObject({ breaker: 'open' })
    const ready = await call(`${few.arena.url}/health/ready`)
    expect(ready.status).toBe(200)
    // Whoever repairs it and asks for a check has it back at once.
    failing = false
    await few.arena.admin('POST', '/api/v1/admin/models/bad/check')
    expect(codeOf(await reply())).toBe('ok')
    socket.disconnect()
    await few.close()
  })
})

describe('public cards', () => {
  test('never hold `provider`, the upstream id, `systemPrompt` or `answerPrefix`', async () => {
    await registered('private', {
      provider: { ...registration('private').provider, model: 'upstream-canary', apiKey: KEY },
      systemPrompt: 'system-canary',
      answerPrefix: 'prefix-canary',
    })
    for (const path of ['/api/v1/models?limit=200', '/api/v1/models/private']) {
      const { text } = await call(`${stage.arena.url}${path}`)
      expect(text).toContain('Name of private')
      expect(text).not.toMatch(/canary|"(?:provider|baseUrl|systemPrompt|answerPrefix|apiKey)"/)
      expect(text).not.toContain(KEY)
      expect(text).not.toContain(String(stage.provider.port))
    }
  })

  test('have ratings in every dimension', async () => {
    const few = await setStage()
    const { socket } = await few.visitor()
    const card = async () =>
      ((await call(`${few.arena.url}/api/v1/models/alpha`)).json() as { ratings: object }).ratings
    expect(await card()).toEqual({
      overall: null,
      accuracy: null,
      helpfulness: null,
      language: null,
    })
    const { battleId } = await play(socket)
    await vote(socket, battleId, { accuracy: 'tie', helpfulness: 'tie', language: 'tie' })
    expect(await card()).toEqual({
      overall: expect.objectContaining({ votes: 1 }),
      accuracy: expect.objectContaining({ votes: 1, elo: 1000 }),
      helpfulness: expect.objectContaining({ votes: 1 }),
      language: expect.objectContaining({ votes: 1 }),
    })
    socket.disconnect()
    await few.close()
  })
})

describe('keys of providers', () => {
  test('go in, and never come out again: in no answer, header, log line or file', async () => {
    await registered('keyed', { provider: { ...registration('keyed').provider, apiKey: KEY } })
    const answers = [
      await admin('GET', '/models?limit=200'),
      await admin('GET', '/models/keyed'),
      await admin('PATCH', '/models/keyed', { name: 'Still keyed' }),
      await admin('POST', '/models/keyed/check'),
      await admin('GET', '/audit?limit=200'),
      await admin(
        'POST',
        '/models',
        registration('keyed', { provider: { ...registration('keyed').provider, apiKey: KEY } }),
      ),
      await admin('PATCH', '/models/keyed', { provider: { apiKey: `${KEY}\n` } }),
      await call(`${stage.arena.url}/metrics`, { token: ADMIN_TOKEN }),
      await call(`${stage.arena.url}/api/v1/models/keyed`),
    ]
    for (const { text, headers } of answers) {
      expect(text).not.toContain(KEY)
      expect(JSON.stringify([...headers])).not.toContain(KEY)
    }
    expect(stage.arena.logs.join('')).not.toContain(KEY)
    const { readFile, readdir } = await import('node:fs/promises')
    for (const file of await readdir(stage.arena.folder)) {
      const bytes = await readFile(`${stage.arena.folder}/${file}`)
      expect(bytes.includes(KEY), file).toBe(false)
    }
  })

  test('that a provider repeats in its error do not come out either', async () => {
    stage.provider.behave('parrot', (exchange) =>
      exchange.refuse(401, `{"error":{"message":"bad key ${KEY}"}}`),
    )
    await registered('parrot', { provider: { ...registration('parrot').provider, apiKey: KEY } })
    const check = await admin('POST', '/models/parrot/check')
    expect(check.json()).toMatchObject({ ok: false })
    expect(check.text).not.toContain(KEY)
    expect((await admin('GET', '/models/parrot')).text).not.toContain(KEY)
    expect(stage.arena.logs.join('')).not.toContain(KEY)
  })
})

describe('endpoints that are not on the open internet', () => {
  const ADDRESSES = [
    'http://127.0.0.1:8080/v1',
    'http://127.1/v1',
    'http://2130706433/v1',
    'http://0x7f.0.0.1/v1',
    'http://localhost/v1',
    'http://0.0.0.0/v1',
    'http://10.1.2.3/v1',
    'http://172.16.0.1/v1',
    'http://192.168.1.1/v1',
    'http://100.64.0.1/v1',
    'http://169.254.169.254/latest/meta-data',
    'http://192.0.2.1/v1',
    'http://198.18.0.1/v1',
    'http://198.51.100.1/v1',
    'http://203.0.113.1/v1',
    'http://224.0.0.1/v1',
    'http://240.0.0.1/v1',
    'http://255.255.255.255/v1',
    'http://[::1]/v1',
    'http://[::]/v1',
    'http://[fe80::1]/v1',
    'http://[fc00::1]/v1',
    'http://[ff02::1]/v1',
    'http://[2001:db8::1]/v1',
    'http://[::ffff:127.0.0.1]/v1',
    'http://[::ffff:10.0.0.1]/v1',
    'http://[64:ff9b::127.0.0.1]/v1',
    'http://[64:ff9b::a00:1]/v1',
    'http://[2002:7f00:1::]/v1',
    'http://[2002:a00:1::]/v1',
  ]
  let strict: Stage

  beforeAll(async () => {
    strict = await setStage({ PROVIDER_ALLOWED_HOSTS: '' }, [])
  })
  afterAll(() => strict.close())

  test.each(ADDRESSES)('%s is refused with 422', async (baseUrl) => {
    const answer = await call(`${strict.arena.url}/api/v1/admin/models`, {
      method: 'POST',
      token: ADMIN_TOKEN,
      body: registration('inside', {
        provider: { kind: 'openai-compatible', baseUrl, model: 'm' },
      }),
    })
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.json()).toMatchObject({ details: { field: 'provider.baseUrl' } })
  })

  test('a PATCH cannot lead there either', async () => {
    const body = registration('outside', {
      provider: { kind: 'openai-compatible', baseUrl: 'http://9.9.9.9:1/v1', model: 'm' },
      weight: 0,
    })
    const made = await call(`${strict.arena.url}/api/v1/admin/models`, {
      method: 'POST',
      token: ADMIN_TOKEN,
      body,
    })
    expect(made.status).toBe(201)
    const moved = await call(`${strict.arena.url}/api/v1/admin/models/outside`, {
      method: 'PATCH',
      token: ADMIN_TOKEN,
      body: { provider: { baseUrl: 'http://127.0.0.1:1/v1' } },
    })
    expect(moved).toMatchObject({ status: 422, code: 'invalid_input' })
  })

  test.each([
    ['127.0.0.1', true],
    ['127.0.0.0/8', true],
    ['10.0.0.0/8', false],
    ['127.0.0.1:1', false],
    ['localhost', false],
  ])('unless PROVIDER_ALLOWED_HOSTS names them: %s', async (entry, allowed) => {
    const named = await setStage({ PROVIDER_ALLOWED_HOSTS: entry }, [])
    const answer = await call(`${named.arena.url}/api/v1/admin/models`, {
      method: 'POST',
      token: ADMIN_TOKEN,
      body: registration('inside'),
    })
    expect(answer.status).toBe(allowed ? 201 : 422)
    await named.close()
  })

  test('and again at every connection: allowed once, refused after a restart without it', async () => {
    const moved = await setStage()
    const { socket } = await moved.visitor()
    await play(socket)
    socket.disconnect()
    const seen = moved.provider.requests.length
    await moved.restart({ PROVIDER_ALLOWED_HOSTS: '' })
    const { socket: later } = await moved.visitor()
    const { heard } = await play(later)
    expect(heard.ends).toMatchObject({ a: { reason: 'error' }, b: { reason: 'error' } })
    expect(moved.provider.requests).toHaveLength(seen)
    later.disconnect()
    await moved.close()
  })
})

describe('GET /api/v1/admin/audit', () => {
  test('tells who did what to what, when: `{ items: [{ id, at, actor, action, subject }], nextCursor }`', async () => {
    await registered('audited')
    await admin('PATCH', '/models/audited', { name: 'Audited' })
    await call(`${stage.arena.url}/api/v1/admin/models/audited/check`, {
      method: 'POST',
      token: tokens['operator'],
    })
    await admin('DELETE', '/models/audited')
    const { items } = (await admin('GET', '/audit?limit=4')).json() as {
      items: Record<string, string>[]
    }
    expect(items).toHaveLength(4)
    for (const item of items) {
      expect(Object.keys(item).toSorted()).toEqual([
        'action',
        'actor',
        'at',
        'details',
        'id',
        'subject',
      ])
      expect(item['subject']).toContain('audited')
    }
    expect(new Set(items.map(({ action }) => action)).size).toBe(4)
    expect(items.some(({ actor }) => actor?.includes('a operator') === true)).toBe(true)
    // Newest first, and paged without a gap.
    const all = (await admin('GET', '/audit?limit=200')).json() as { items: { id: number }[] }
    const paged: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = (await admin('GET', `/audit?limit=7${query}`)).json() as {
        items: { id: number }[]
        nextCursor: string | null
      }
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(all.items.map(({ id }) => id))
  })

  test('names tokens by their names, and holds no token', async () => {
    const { text } = await admin('GET', '/audit?limit=200')
    expect(text).toContain('a judge')
    for (const token of [ADMIN_TOKEN, ...Object.values(tokens)]) {
      if (token !== undefined && token !== 'trv_wrong') expect(text).not.toContain(token)
    }
  })
})

describe('GET /metrics', () => {
  test('is Prometheus text', async () => {
    const answer = await call(`${stage.arena.url}/metrics`, { token: tokens['read'] })
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(answer.text).toMatch(/^# HELP \w+/m)
    expect(answer.text).toMatch(/^# TYPE \w+ (?:counter|gauge|histogram)/m)
  })
})
