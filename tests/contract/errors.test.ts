import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { newVisitor } from '../support/arena/client.ts'
import { ask, call, codeOf, connectOutsider } from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

const EVENTS = [
  'battle:start',
  'battle:continue',
  'battle:stop',
  'battle:retry',
  'battle:vote',
  'battle:comment',
  'battle:react',
  'battle:resume',
  'leaderboard:subscribe',
  'leaderboard:unsubscribe',
]

let stage: Stage
let socket: Socket
let cookie: string

beforeAll(async () => {
  stage = await setStage()
  cookie = await newVisitor(stage.arena.url)
  socket = await connectOutsider(stage.arena.url, { cookie })
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

describe('nothing on a socket is answered by silence', () => {
  test.each([
    'battle:begin',
    'error',
    'message',
    'ping',
    '__proto__',
    'constructor',
    '',
    'x'.repeat(500),
  ])('an unknown event is acked with `unknown_event`: %s', async (event) => {
    expect(codeOf(await ask(socket, event, {}))).toBe('unknown_event')
    expect(codeOf(await ask(socket, event))).toBe('unknown_event')
  })

  test.each(EVENTS)(
    '%s: a payload that is no object is acked with `invalid_input`',
    async (event) => {
      for (const payload of [null, 1, true, 'text', [], [{}], undefined]) {
        expect(codeOf(await ask(socket, event, payload)), JSON.stringify(payload)).toBe(
          'invalid_input',
        )
      }
      expect(codeOf(await ask(socket, event)), 'no payload').toBe('invalid_input')
    },
  )

  test.each(EVENTS)('%s: an object that is not its payload is `invalid_input`', async (event) => {
    const battleId = 'b'
    for (const payload of [{}, { battleId: 7 }, { prompt: {}, battleId }, { slice: 'overall' }]) {
      const reply = await ask(socket, event, payload)
      // Stop and retry take a battle alone.
      const code = codeOf(reply)
      expect(code, JSON.stringify(payload)).toBe('invalid_input')
    }
    expect(codeOf(await ask(socket, event, Buffer.from('binary')))).toBe('invalid_input')
  })

  test('the error form is `{ ok: false, error: { code, message, retryable, details? } }`', async () => {
    const reply = await ask(socket, 'battle:stop', { battleId: 'nowhere' })
    expect(reply).toEqual({
      ok: false,
      error: { code: 'battle_not_found', message: expect.stringMatching(/\w/), retryable: false },
    })
  })

  test('events without an ack do no harm', async () => {
    for (const event of [...EVENTS, 'nothing:known']) {
      socket.emit(event)
      socket.emit(event, null)
      socket.emit(event, {})
      socket.emit(event, 'text', 2, [])
    }
    expect(codeOf(await ask(socket, 'leaderboard:subscribe', { slice: {} }))).toBe('ok')
  })

  test('more arguments than one object and the ack do no harm', async () => {
    expect(codeOf(await ask(socket, 'leaderboard:subscribe', { slice: {} }, 'more', 2))).toBe('ok')
  })

  test.each(['websocket', 'polling'] as const)(
    'any frame up to 64 KB is answered, never cut off: %s',
    async (transport) => {
      const large = await connectOutsider(stage.arena.url, { transports: [transport] })
      const frame = (prompt: string) => `420["battle:start",${JSON.stringify({ prompt })}]`
      const prompt = 'x'.repeat(64 * 1024 - frame('').length)
      expect(Buffer.byteLength(frame(prompt))).toBe(64 * 1024)
      expect(codeOf(await ask(large, 'battle:start', { prompt }))).toBe('prompt_too_long')
      const wide = '€'.repeat(Math.floor(prompt.length / 3))
      expect(codeOf(await ask(large, 'battle:start', { prompt: wide }))).toBe('prompt_too_long')
      const padded = { battleId: 'b', more: prompt.slice(20) }
      expect(codeOf(await ask(large, 'battle:stop', padded))).toBe('invalid_input')
      expect(large.connected).toBe(true)
      large.disconnect()
    },
  )
})

describe('problems over HTTP', () => {
  const problems: [
    method: string,
    path: string,
    token: string | undefined,
    status: number,
    code: string,
  ][] = [
    ['GET', '/api/v1/nothing', undefined, 404, 'not_found'],
    ['GET', '/api/v2/models', undefined, 404, 'not_found'],
    ['GET', '/api/v1/models/nobody', undefined, 404, 'not_found'],
    ['GET', '/api/v1/battles/nowhere', undefined, 404, 'battle_not_found'],
    ['POST', '/api/v1/leaderboard', undefined, 404, 'not_found'],
    ['GET', '/api/v1/admin/models', undefined, 401, 'unauthorized'],
    ['GET', '/api/v1/admin/models', 'wrong-token', 401, 'unauthorized'],
    ['GET', '/metrics', undefined, 401, 'unauthorized'],
    ['GET', '/api/v1/models?limit=0', undefined, 422, 'invalid_input'],
    ['GET', '/api/v1/models?limit=many', undefined, 422, 'invalid_input'],
    ['GET', '/api/v1/battles?mine=perhaps', undefined, 422, 'invalid_input'],
    ['GET', '/api/v1/admin/audit?cursor=x', ADMIN_TOKEN, 422, 'invalid_input'],
    ['POST', '/api/v1/admin/models/nobody/check', ADMIN_TOKEN, 404, 'not_found'],
    ['GET', '/api/v1/models/%E0%A4%A', undefined, 422, 'invalid_input'],
  ]

  test.each(problems)('%s %s (token %s) is %i `%s`', async (method, path, token, status, code) => {
    const answer = await call(`${stage.arena.url}${path}`, { method, token })
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.status).toBe(status)
    // RFC 9457: the status in the body is the one of the answer.
    expect(answer.json()).toMatchObject({
      status,
      code,
      type: expect.any(String),
      title: expect.any(String),
      detail: expect.stringMatching(/\w/),
    })
  })

  test.each(['{', 'null', '[]', '"text"', '7', '{"slug": "x"} trailing'])(
    'a body that cannot be used is `invalid_input`: %s',
    async (body) => {
      const answer = await call(`${stage.arena.url}/api/v1/admin/models`, {
        method: 'POST',
        token: ADMIN_TOKEN,
        body,
      })
      expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    },
  )

  test('a body far too large is refused with a problem', async () => {
    const answer = await call(`${stage.arena.url}/api/v1/admin/models`, {
      method: 'POST',
      token: ADMIN_TOKEN,
      body: { slug: 'x'.repeat(2_000_000) },
    })
    expect(answer.status).toBe(413)
    expect(answer.code).toBeDefined()
  })

  test('no answer tells where its code lies', async () => {
    for (const path of [
      '/api/v1/models/%00',
      '/api/v1/battles/%FF',
      "/api/v1/battles/'%20or%201=1",
    ]) {
      const { text, status } = await call(`${stage.arena.url}${path}`)
      expect(status, path).toBeGreaterThanOrEqual(400)
      expect(status, path).toBeLessThan(500)
      expect(text).not.toMatch(/node_modules|\.ts:|at \w+ \(|select /i)
    }
  })

  test('lists are cursor-paged: `?limit=&cursor=`, answer `{ items, nextCursor }`', async () => {
    const slugs: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = (await call(`${stage.arena.url}/api/v1/models?limit=1${query}`)).json() as {
        items: { slug: string }[]
        nextCursor: string | null
      }
      expect(page.items).toHaveLength(1)
      slugs.push(...page.items.map(({ slug }) => slug))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(slugs.sort()).toEqual(['alpha', 'beta'])
  })
})

describe('`rate_limited`', () => {
  test('answers a flood as retryable, and one visitor’s flood does not reach another', async () => {
    const limited = await setStage({ RATE_LIMITS: 'on' })
    const flooding = await connectOutsider(limited.arena.url, {
      cookie: await newVisitor(limited.arena.url),
    })
    const replies = await Promise.all(
      Array.from({ length: 150 }, () => ask(flooding, 'battle:start', { prompt: ' ' })),
    )
    const refused = replies.filter((reply) => codeOf(reply) === 'rate_limited')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ error: { retryable: true } })
    const other = await connectOutsider(limited.arena.url, {
      cookie: await newVisitor(limited.arena.url),
    })
    expect(codeOf(await ask(other, 'battle:start', { prompt: 'Am I free?' }))).toBe('ok')
    flooding.disconnect()
    other.disconnect()
    await limited.close()
  })

  test('RATE_LIMITS=off lets every call through', async () => {
    const replies = await Promise.all(
      Array.from({ length: 700 }, () => ask(socket, 'battle:start', { prompt: ' ' })),
    )
    expect(new Set(replies.map(codeOf))).toEqual(new Set(['invalid_input']))
  })
})
