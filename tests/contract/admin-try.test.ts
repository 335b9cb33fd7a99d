import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkedModelSchema, tryEventSchema, type TryEvent } from '../../shared/schemas/admin.ts'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import {
  answers,
  byHand,
  startMockProvider,
  type Exchange,
  type MockProvider,
} from '../support/arena/mock-provider.ts'
import { call, type Answer } from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

const KEY = 'sk-a-very-secret-provider-key'

let stage: Stage
let elsewhere: MockProvider
beforeAll(async () => {
  stage = await setStage({}, [])
  elsewhere = await startMockProvider()
})
afterAll(async () => {
  await stage.close()
  await elsewhere.close()
})
beforeEach(() => {
  for (const model of ['m', 'n']) stage.provider.behave(model, answers('Good ', 'day.'))
})

const admin = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(`${stage.arena.url}/api/v1/admin${path}`, { method, token: ADMIN_TOKEN, body })
const upstream = (more: object = {}) => ({
  kind: 'openai-compatible',
  baseUrl: stage.provider.baseUrl,
  model: 'm',
  ...more,
})
const eventsOf = (text: string): TryEvent[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => tryEventSchema.parse(JSON.parse(line)))
async function tried(body: object): Promise<TryEvent[]> {
  const answer = await admin('POST', '/try', body)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/jsonl/)
  return eventsOf(answer.text)
}
const lastRequest = () => {
  const request = stage.provider.requests.at(-1)
  if (request === undefined) throw new Error('nothing was asked')
  return request
}

/** Reads a streamed answer line by line. */
async function* linesOf(response: Response): AsyncGenerator<TryEvent> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield tryEventSchema.parse(JSON.parse(line))
  }
}

describe('POST /admin/try', () => {
  test('streams steps, pieces and one end, and stores nothing', async () => {
    const events = await tried({
      provider: upstream({ apiKey: KEY, extra: { top_a: 0.5 } }),
      systemPrompt: 'Be brief.',
      sampling: { temperature: 0.3, maxTokens: 90_000 },
      prompt: 'Who is there?',
    })
    expect(events.map(({ type }) => type)).toEqual(['connected', 'text', 'text', 'end'])
    expect(events.at(-1)).toMatchObject({
      reason: 'stop',
      usage: { promptTokens: 3, completionTokens: 5 },
      firstTokenMs: expect.any(Number) as number,
      totalMs: expect.any(Number) as number,
    })
    const { body, headers } = lastRequest()
    expect(headers['authorization']).toBe(`Bearer ${KEY}`)
    expect(body).toMatchObject({
      temperature: 0.3,
      max_tokens: 2000,
      top_a: 0.5,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Who is there?' },
      ],
    })
    expect((await admin('GET', '/models')).json()).toMatchObject({ items: [] })
    const audit = await admin('GET', '/audit?limit=1')
    expect(audit.json()).toMatchObject({
      items: [{ action: 'model.try', subject: 'a new model', details: { model: 'm' } }],
    })
    expect(audit.text).not.toContain(KEY)
  })

  test('sends each piece while the model is writing, and lets go of it when the reader leaves', async () => {
    const hand = byHand()
    stage.provider.behave('m', hand.behaviour)
    const controller = new AbortController()
    const response = await fetch(`${stage.arena.url}/api/v1/admin/try`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: upstream() }),
      signal: controller.signal,
    })
    const exchange = await hand.next()
    const lines = linesOf(response)
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    expect((await lines.next()).value).toMatchObject({ type: 'connected' })
    exchange.say('One')
    expect((await lines.next()).value).toEqual({ type: 'text', text: 'One' })
    exchange.say(' two')
    expect((await lines.next()).value).toEqual({ type: 'text', text: ' two' })
    controller.abort()
    await exchange.closed
  })

  test('shows reasoning apart from the text, and the answer prefix with it', async () => {
    stage.provider.behave('m', (exchange) => {
      exchange.response.writeHead(200, { 'content-type': 'text/event-stream' })
      const thought = { choices: [{ index: 0, delta: { reasoning_content: 'Hm.' } }] }
      exchange.response.write(`data: ${JSON.stringify(thought)}\n\n`)
      exchange.say(' yes.')
      exchange.finish('length')
    })
    const events = await tried({ provider: upstream(), answerPrefix: 'Well,' })
    expect(events.slice(1)).toMatchObject([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Well, yes.' },
      { type: 'end', reason: 'length' },
    ])
  })

  const refuse =
    (status: number, body?: string, headers?: Record<string, string>) => (exchange: Exchange) =>
      exchange.refuse(status, body, headers)
  const asType = (type: string, body: string) => (exchange: Exchange) =>
    void exchange.response.writeHead(200, { 'content-type': type }).end(body)
  test.each<[string, (exchange: Exchange) => void, string, RegExp]>([
    ['401', refuse(401), 'http-status', /key/],
    ['403', refuse(403), 'http-status', /key/],
    ['404', refuse(404), 'http-status', /model id or the path/],
    ['400', refuse(400), 'http-status', /dialect/],
    ['429', refuse(429), 'overloaded', /rate limit/],
    ['500', refuse(500), 'http-status', /problem of its own/],
    ['a redirect', refuse(302, '', { location: 'http://127.0.0.1/' }), 'http-status', /redirects/],
    ['a page', asType('text/html', '<html></html>'), 'protocol', /web page/],
    ['one piece', asType('application/json', '{}'), 'protocol', /stream/],
    ['nothing', (exchange) => exchange.finish(), 'empty', /without a word/],
  ])('%s ends in an error with a hint', async (_, behaviour, kind, hint) => {
    stage.provider.behave('m', behaviour)
    const events = await tried({ provider: upstream({ apiKey: KEY }) })
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      kind,
      hint: expect.stringMatching(hint) as string,
    })
    expect(events.filter(({ type }) => type === 'error' || type === 'end')).toHaveLength(1)
  })

  test('an error never quotes the key', async () => {
    stage.provider.behave('m', (exchange) =>
      exchange.refuse(401, JSON.stringify({ error: { message: `no such key ${KEY}` } })),
    )
    const events = await tried({ provider: upstream({ apiKey: KEY }) })
    expect(events.at(-1)).toMatchObject({ message: expect.stringContaining('[key]') as string })
    expect(JSON.stringify(events)).not.toContain(KEY)
  })

  test('where nobody listens, and where no name leads, is told in words', async () => {
    const spare = await startMockProvider()
    await spare.close()
    const nobody = await tried({ provider: upstream({ baseUrl: spare.baseUrl }) })
    expect(nobody).toMatchObject([
      { type: 'error', kind: 'connect', hint: expect.stringMatching(/Nothing listens/) as string },
    ])
    const nowhere = await tried({ provider: upstream({ baseUrl: 'http://no.such.name.invalid' }) })
    expect(nowhere.at(-1)).toMatchObject({
      kind: 'connect',
      hint: expect.stringMatching(/host name leads nowhere/) as string,
    })
  })

  test('what registration refuses is refused before the stream, with the field named', async () => {
    const cases: [object, string][] = [
      [{ provider: upstream({ baseUrl: 'http://10.0.0.1/v1' }) }, 'provider.baseUrl'],
      [{ provider: { kind: 'openai-compatible', model: 'm' } }, 'provider.baseUrl'],
      [{ provider: { model: 'm' } }, 'provider.kind'],
      [{ provider: { kind: 'anthropic', model: 'm' } }, 'provider.apiKey'],
      [{ provider: upstream({ extra: { stream: false } }) }, 'provider.extra.stream'],
      [{ provider: upstream(), sampling: { temperature: 9 } }, 'sampling.temperature'],
      [{ provider: upstream({ dialect: 'openai' }), answerPrefix: 'x' }, 'answerPrefix'],
      [{ provider: upstream(), prompt: 'x'.repeat(5000) }, 'prompt'],
      [{ provider: upstream(), colour: 'red' }, 'colour'],
      [{}, 'provider'],
    ]
    for (const [body, field] of cases) {
      const answer = await admin('POST', '/try', body)
      expect([answer.status, answer.json()]).toMatchObject([422, { details: { field } }])
    }
    expect((await admin('POST', '/try', { slug: 'nobody', provider: {} })).status).toBe(404)
  })

  test('of a registered model takes what is left out, and its key for its own address alone', async () => {
    const registered = await admin('POST', '/models', {
      slug: 'stored',
      name: 'Stored',
      organization: 'O',
      license: 'MIT',
      systemPrompt: 'Be brief.',
      sampling: { topK: 7 },
      caps: { maxOutputTokens: 50 },
      weight: 0,
      provider: upstream({ apiKey: KEY }),
    })
    expect(registered.status).toBe(201)
    await tried({ slug: 'stored', provider: {} })
    expect(lastRequest().headers['authorization']).toBe(`Bearer ${KEY}`)
    expect(lastRequest().body).toMatchObject({ model: 'm', top_k: 7, max_tokens: 50 })
    expect(lastRequest().body.messages[0]).toEqual({ role: 'system', content: 'Be brief.' })

    const changed = { slug: 'stored', provider: { model: 'n' }, systemPrompt: null, sampling: {} }
    await tried({ ...changed, caps: {} })
    expect(lastRequest().headers['authorization']).toBe(`Bearer ${KEY}`)
    expect(lastRequest().body).toMatchObject({ model: 'n', max_tokens: 2000 })
    expect(lastRequest().body['top_k']).toBeUndefined()
    expect(lastRequest().body.messages).toHaveLength(1)

    await tried({ slug: 'stored', provider: { baseUrl: elsewhere.baseUrl } })
    const [moved] = elsewhere.requests
    expect(moved?.body.model).toBe('m')
    expect(moved?.headers['authorization']).toBeUndefined()
    const after = await admin('GET', '/models/stored')
    expect(after.json()).toMatchObject({ version: 1, systemPrompt: 'Be brief.' })
    await admin('DELETE', '/models/stored')
  })
})

describe('POST /admin/check', () => {
  test('asks all that are not retired, and tells each as it is done', async () => {
    const slugs = ['one', 'two', 'three', 'four', 'five', 'six']
    for (const slug of slugs)
      await stage.arena.register(slug, stage.provider.baseUrl, { weight: 0 })
    await admin('DELETE', '/models/six')
    const hand = byHand()
    for (const slug of slugs) stage.provider.behave(slug, hand.behaviour)
    const before = stage.provider.requests.length
    const answer = admin('POST', '/check')
    const first = await Promise.all([hand.next(), hand.next(), hand.next(), hand.next()])
    // Four at once, and no more.
    expect(stage.provider.requests).toHaveLength(before + 4)
    first[0].refuse(500)
    const last = await hand.next()
    for (const exchange of [...first.slice(1), last]) {
      exchange.say('Hello')
      exchange.finish()
    }
    const { text, status } = await answer
    expect(status).toBe(200)
    const results = text
      .trimEnd()
      .split('\n')
      .map((line) => checkedModelSchema.parse(JSON.parse(line)))
    expect(results.map(({ slug }) => slug).toSorted()).toEqual(
      slugs.filter((slug) => slug !== 'six').toSorted(),
    )
    expect(results.filter(({ ok }) => !ok)).toMatchObject([
      { slug: first[0].request.body.model, error: expect.stringContaining('500') as string },
    ])
    const audit = await admin('GET', '/audit?limit=1')
    expect(audit.json()).toMatchObject({ items: [{ action: 'model.check-all' }] })
  })
})
