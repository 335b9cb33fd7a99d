import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { adminModelSchema, modelCardSchema } from '../../../shared/schemas/model.ts'
import {
  goodAnswer,
  readAnswer,
  startProviderServer,
  type ProviderServer,
} from '../../support/providers/provider-server.ts'
import { startTestArena, type TestArena } from '../../support/providers/test-arena.ts'

const KEY = 'sk-canary-7f3a9c'
const never = new AbortController().signal

let arena: TestArena
let provider: ProviderServer
beforeEach(async () => {
  provider = await startProviderServer()
  arena = await startTestArena()
})
afterEach(async () => {
  await arena.close()
  await provider.close()
})

function registration(slug: string, more: Record<string, unknown> = {}) {
  const upstream = { kind: 'openai-compatible', baseUrl: provider.baseUrl, model: 'm', apiKey: KEY }
  return { slug, name: 'Model', organization: 'Org', license: 'MIT', provider: upstream, ...more }
}
const admin = { scope: 'admin' } as const
const register = (slug: string, more: Record<string, unknown> = {}) =>
  arena.call('POST', '/admin/models', { ...admin, body: registration(slug, more) })
const patch = (slug: string, body: unknown) =>
  arena.call('PATCH', `/admin/models/${slug}`, { ...admin, body })
const say = (slug: string, version = 1, conversation = [{ prompt: 'hi' }]) =>
  readAnswer(arena.models.entrants.answer({ slug, version }, conversation, never))
/** The bodies that battles sent, without those of probes. */
const sent = () => provider.requests.filter(({ body }) => !body.includes('Please say hello.'))

describe('registration', () => {
  test('a model can be drawn and answers at once, and after a restart', async () => {
    const { status, body } = await register('one', {
      systemPrompt: 'Be brief.',
      answerPrefix: 'Well,',
    })
    expect(status).toBe(201)
    expect(adminModelSchema.parse(body)).toMatchObject({
      slug: 'one',
      version: 1,
      weight: 1,
      enabled: true,
    })
    expect(arena.models.entrants.eligible()).toEqual([{ slug: 'one', version: 1, weight: 1 }])
    const conversation = [
      { prompt: 'a', answer: 'b' },
      { prompt: 'c' },
      { prompt: 'd', answer: '' },
      { prompt: 'e' },
    ]
    expect((await say('one', 1, conversation)).text).toBe('Well,Hello there')
    expect(JSON.parse(sent().at(-1)?.body ?? '{}')).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
        { role: 'user', content: 'd' },
        { role: 'user', content: 'e' },
        { role: 'assistant', content: 'Well,' },
      ],
    })
    arena = await arena.restart()
    expect(arena.models.entrants.eligible()).toHaveLength(1)
    expect((await say('one')).text).toBe('Well,Hello there')
    expect(sent().at(-1)?.head).toContain(`Bearer ${KEY}`)
  })

  test('a slug in use is a conflict, also of a retired model, also at the same moment', async () => {
    const both = await Promise.all([register('one'), register('one')])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]))
    await arena.call('DELETE', '/admin/models/one', admin)
    expect((await register('one')).body).toMatchObject({ code: 'conflict' })
  })

  test.each<[string, Record<string, unknown>]>([
    ['provider.apiKey', { provider: { kind: 'anthropic', model: 'm' } }],
    ['provider.apiKey', { provider: { kind: 'google', model: 'm' } }],
    [
      'provider.baseUrl',
      { provider: { kind: 'openai-compatible', model: 'm', baseUrl: 'http://10.0.0.1/v1' } },
    ],
    [
      'provider.baseUrl',
      { provider: { kind: 'openai-compatible', model: 'm', baseUrl: 'http://0x7f000002/v1' } },
    ],
    [
      'provider.baseUrl',
      { provider: { kind: 'openai-compatible', model: 'm', baseUrl: 'ftp://x' } },
    ],
    [
      'provider.apiKey',
      {
        provider: {
          kind: 'openai-compatible',
          model: 'm',
          baseUrl: 'http://127.0.0.1',
          apiKey: 'a\nb',
        },
      },
    ],
    ['sampling.temperature', { sampling: { temperature: 3 } }],
    ['slug', { slug: 'Not A Slug' }],
    ['colour', { colour: 'red' }],
  ])('%s is named when it cannot be used', async (field, more) => {
    const { status, body } = await register('one', more)
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'invalid_input', details: { field } })
    expect(arena.models.entrants.eligible()).toEqual([])
  })

  test('a name that leads to a special address is refused; one that leads nowhere is not', async () => {
    await arena.close()
    arena = await startTestArena({
      resolve: (name) =>
        name === 'inside.test'
          ? Promise.resolve(['10.1.2.3'])
          : Promise.reject(new Error('no such name')),
    })
    const at = (host: string) => ({
      provider: { kind: 'openai-compatible', model: 'm', baseUrl: `http://${host}/v1` },
    })
    expect((await register('one', at('inside.test'))).body).toMatchObject({
      details: { field: 'provider.baseUrl' },
    })
    expect((await register('two', at('nowhere.test'))).status).toBe(201)
  })
})

describe('changes', () => {
  test('what answers gets a new version, what is shown does not; running battles keep theirs', async () => {
    await register('one', { systemPrompt: 'old' })
    expect((await patch('one', { name: 'Other', weight: 2, description: 'x' })).body).toMatchObject(
      { version: 1, name: 'Other' },
    )
    expect((await patch('one', { systemPrompt: 'old' })).body).toMatchObject({ version: 1 })
    expect((await patch('one', { systemPrompt: 'new' })).body).toMatchObject({ version: 2 })
    expect((await patch('one', { sampling: { topK: 2 } })).body).toMatchObject({ version: 3 })
    expect((await patch('one', { provider: { model: 'm2' } })).body).toMatchObject({
      version: 4,
      provider: { baseUrl: provider.baseUrl, hasApiKey: true },
    })
    expect((await patch('one', { answerPrefix: null, systemPrompt: null })).body).toMatchObject({
      version: 5,
      systemPrompt: null,
    })
    expect(arena.models.entrants.eligible()).toEqual([{ slug: 'one', version: 5, weight: 2 }])
    for (const restarted of [false, true]) {
      if (restarted) arena = await arena.restart()
      await say('one', 1)
      expect(JSON.parse(sent().at(-1)?.body ?? '{}')).toMatchObject({
        model: 'm',
        messages: [{ content: 'old' }, {}],
      })
      await say('one', 4)
      expect(JSON.parse(sent().at(-1)?.body ?? '{}')).toMatchObject({
        model: 'm2',
        top_k: 2,
        messages: [{ content: 'new' }, {}],
      })
    }
  })

  test('boards hear of what they show, and of nothing else', async () => {
    const heard: string[] = []
    await register('one')
    arena.models.service.onDisplayChange((slug) => heard.push(slug))
    await patch('one', { weight: 3, systemPrompt: 'x' })
    expect(heard).toEqual([])
    await patch('one', { license: 'Apache-2.0' })
    expect(heard).toEqual(['one'])
    expect(arena.models.entrants.ref('one')).toEqual({
      slug: 'one',
      name: 'Model',
      organization: 'Org',
      license: 'Apache-2.0',
    })
  })

  test('a key goes to the address that it was given for, and nowhere else, ever', async () => {
    const other = await startProviderServer(goodAnswer('other'))
    try {
      await register('one')
      const moved = await patch('one', { provider: { baseUrl: other.baseUrl } })
      expect(moved.body).toMatchObject({ version: 2, provider: { hasApiKey: false } })
      expect((await say('one', 2)).text).toBe('other')
      expect((await say('one', 1)).text).toBe('Hello there')
      const keyed = await patch('one', { provider: { apiKey: 'sk-second' } })
      expect(keyed.body).toMatchObject({ version: 2, provider: { hasApiKey: true } })
      await say('one', 2)
      await say('one', 1)
      const back = await patch('one', { provider: { baseUrl: provider.baseUrl } })
      expect(back.body).toMatchObject({ version: 3, provider: { hasApiKey: false } })
      expect(other.requests.at(-1)?.head).toContain('Bearer sk-second')
      expect(other.requests.some(({ head }) => head.includes(KEY))).toBe(false)
      expect(provider.requests.some(({ head }) => head.includes('sk-second'))).toBe(false)
      expect(sent().at(-1)?.head.toLowerCase()).not.toContain('authorization')
    } finally {
      await other.close()
    }
  })

  test('another kind must be whole', async () => {
    await register('one')
    expect((await patch('one', { provider: { kind: 'onnx', model: 'local' } })).body).toMatchObject(
      { version: 2, provider: { kind: 'onnx', hasApiKey: false } },
    )
    expect(
      (await patch('one', { provider: { kind: 'openai-compatible', model: 'm' } })).body,
    ).toMatchObject({ details: { field: 'provider.baseUrl' } })
    expect((await patch('one', { provider: { baseUrl: 'http://127.0.0.1' } })).status).toBe(422)
  })

  test('a disabled model is not drawn, a retired one never comes back', async () => {
    await register('one')
    await patch('one', { enabled: false })
    expect(arena.models.entrants.eligible()).toEqual([])
    await patch('one', { enabled: true })
    expect(arena.models.entrants.eligible()).toHaveLength(1)
    const retire = () =>
      arena.call('DELETE', '/admin/models/one', { ...admin, body: { reason: 'old' } })
    expect((await retire()).status).toBe(204)
    expect((await retire()).status).toBe(204)
    expect(arena.models.entrants.eligible()).toEqual([])
    expect((await patch('one', { enabled: true })).body).toMatchObject({ code: 'conflict' })
    expect((await arena.call('GET', '/models/one')).body).toMatchObject({
      retired: { reason: 'old' },
    })
    expect((await say('one')).text).toBe('Hello there')
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/check'],
    ] as const) {
      const body = method === 'PATCH' ? {} : undefined
      expect(
        (await arena.call(method, `/admin/models/none${path}`, { ...admin, body })).status,
      ).toBe(404)
    }
  })
})

describe('cards', () => {
  test('come in pages and hold nothing of how a model is reached', async () => {
    for (const slug of ['c', 'a', 'b']) {
      await register(slug, { systemPrompt: 'secret prompt', answerPrefix: 'secret prefix' })
    }
    const first = await arena.call('GET', '/models?limit=2')
    const { items, nextCursor } = first.body as { items: { slug: string }[]; nextCursor: string }
    expect(items.map(({ slug }) => slug)).toEqual(['a', 'b'])
    const second = await arena.call('GET', `/models?limit=2&cursor=${nextCursor}`)
    expect(second.body).toMatchObject({ items: [{ slug: 'c' }], nextCursor: null })
    for (const card of items) expect(modelCardSchema.strict().parse(card)).toEqual(card)
    expect(first.text).not.toContain('secret')
    expect(first.text).not.toContain(provider.baseUrl)
    expect((await arena.call('GET', '/models?limit=0')).status).toBe(422)
  })
})

describe('health', () => {
  const failing = () =>
    provider.behave((socket) =>
      socket.end('HTTP/1.1 500 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
    )

  test('eight failures take a model out, a probe brings it back', async () => {
    await register('one')
    failing()
    for (let failure = 1; failure <= 8; failure += 1) {
      expect(arena.models.entrants.eligible()).toHaveLength(1)
      await expect(say('one')).rejects.toMatchObject({ kind: 'http-status' })
    }
    expect(arena.models.entrants.eligible()).toEqual([])
    expect((await arena.call('GET', '/admin/models/one', admin)).body).toMatchObject({
      health: { breaker: 'open', failuresInARow: 8, lastError: 'http-status: HTTP 500' },
    })
    expect(arena.models.entrants.readiness()).toMatchObject({ ready: 0, state: 'none' })
    provider.behave(goodAnswer('ok'))
    const { body } = await arena.call('POST', '/admin/models/one/check', { scope: 'operator' })
    expect(body).toMatchObject({ ok: true, firstTokenMs: expect.any(Number) as number })
    expect(arena.models.entrants.eligible()).toHaveLength(1)
    expect(arena.schedule.waiting).toBe(0)
  })

  test('visitors who leave never count', async () => {
    await register('one')
    provider.behave(() => undefined)
    for (let index = 0; index < 10; index += 1) {
      const controller = new AbortController()
      const answer = arena.models.entrants.answer(
        { slug: 'one', version: 1 },
        [{ prompt: 'x' }],
        controller.signal,
      )
      const reading = readAnswer(answer)
      controller.abort(new Error('left'))
      await expect(reading).rejects.toThrow('left')
    }
    expect(arena.models.service.get('one').health).toMatchObject({
      breaker: 'closed',
      failuresInARow: 0,
    })
  })

  test('a check that fails is an answer, in words, without the key', async () => {
    await register('one')
    provider.behave((socket) => {
      const body = `{"error":{"message":"wrong key ${KEY}"}}`
      socket.end(
        `HTTP/1.1 401 No\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
    })
    const { status, body } = await arena.call('POST', '/admin/models/one/check', admin)
    expect(status).toBe(200)
    expect(body).toEqual({ ok: false, error: 'http-status: HTTP 401: wrong key [key]' })
  })
})

test('a key comes out nowhere: not in files, answers, errors, logs or the audit', async () => {
  const texts = [(await register('one')).text]
  provider.behave((socket, { head }) => {
    // It quotes what it was sent.
    const body = `{"error":{"message":"wrong key ${/Bearer (.*)/.exec(head)?.[1] ?? ''}"}}`
    socket.end(
      `HTTP/1.1 401 No\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
  await expect(say('one')).rejects.toThrow('[key]')
  texts.push((await arena.call('POST', '/admin/models/one/check', admin)).text)
  texts.push((await register('one')).text)
  texts.push((await register('two', { colour: 'red' })).text)
  texts.push((await patch('one', { provider: { apiKey: `${KEY}2` } })).text)
  for (const path of [
    '/admin/models',
    '/admin/models/one',
    '/admin/audit',
    '/models',
    '/models/one',
  ]) {
    texts.push((await arena.call('GET', path, admin)).text)
  }
  texts.push(arena.log())
  expect(provider.requests.some(({ head }) => head.includes(KEY))).toBe(true)
  for (const file of await readdir(arena.folder)) {
    texts.push((await readFile(join(arena.folder, file))).toString('latin1'))
  }
  expect(texts.filter((text) => text.includes(KEY))).toEqual([])
  // The files do hold what was registered: the search above can find something.
  expect(texts.some((text) => text.includes(provider.baseUrl))).toBe(true)
})
