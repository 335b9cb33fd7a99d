import type { Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { newVisitor } from '../support/arena/client.ts'
import {
  ask,
  battleOf,
  call,
  codeOf,
  connectOutsider,
  outsider,
} from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

const ALLOWED = 'https://arena.example'
const FOREIGN = ['http://evil.example', 'https://arena.example.evil.example', 'null', 'file://']

let stage: Stage
const open: Socket[] = []

async function connected(options: Parameters<typeof connectOutsider>[1]): Promise<Socket> {
  const socket = await connectOutsider(stage.arena.url, options)
  open.push(socket)
  return socket
}

beforeAll(async () => {
  stage = await setStage({ ALLOWED_ORIGINS: ALLOWED })
})
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect()
})
afterAll(() => stage.close())

describe('the handshake', () => {
  test.each([{ protocol: 2 }, { protocol: '1' }, { protocol: null }])(
    'another protocol is refused, and says why: %j',
    async (auth) => {
      await expect(connected({ auth })).rejects.toThrow(/protocol 1/)
    },
  )

  test.each([{ protocol: 1 }, {}])('`auth: { protocol: 1 }` is optional: %j', async (auth) => {
    const socket = await connected({ auth })
    expect(await ask(socket, 'battle:start', { prompt: 'Hello?' })).toMatchObject({ ok: true })
  })

  test.each(['polling', 'websocket'] as const)('works over %s', async (transport) => {
    const socket = await connected({ transports: [transport] })
    expect(await ask(socket, 'leaderboard:subscribe', { slice: {} })).toMatchObject({ ok: true })
  })

  test.each(
    FOREIGN.flatMap((origin) => [
      [origin, 'polling' as const],
      [origin, 'websocket' as const],
    ]),
  )('one with the foreign Origin %s is refused over %s', async (origin, transport) => {
    const socket = outsider(stage.arena.url, { origin, transports: [transport] })
    open.push(socket)
    const outcome = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('connect_error', () => resolve('refused'))
    })
    expect(outcome).toBe('refused')
  })

  test.each(['polling', 'websocket'] as const)(
    'without Origin is let in: %s',
    async (transport) => {
      expect((await connected({ transports: [transport] })).connected).toBe(true)
    },
  )

  test('own origins are the address listened on, `localhost` for it, and ALLOWED_ORIGINS', async () => {
    const { port } = new URL(stage.arena.url)
    for (const origin of [stage.arena.url, `http://localhost:${port}`, ALLOWED]) {
      expect((await connected({ origin })).connected, origin).toBe(true)
    }
  })

  test('never what `Host` says: a rebound name is foreign', async () => {
    const { port } = new URL(stage.arena.url)
    const answer = await call(`${stage.arena.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: `http://rebound.example:${port}`, host: `rebound.example:${port}` },
    })
    expect(answer.status).toBe(403)
  })
})

describe('an HTTP call with a foreign or `null` Origin', () => {
  const calls: [method: string, path: string][] = [
    ['POST', '/api/v1/admin/models'],
    ['PATCH', '/api/v1/admin/models/alpha'],
    ['DELETE', '/api/v1/admin/models/alpha'],
    ['POST', '/api/v1/admin/models/alpha/check'],
    ['POST', '/api/v1/leaderboard'],
    ['PUT', '/api/v1/nothing/here'],
    ['POST', '/metrics'],
  ]

  test.each(
    calls.flatMap(([method, path]) =>
      ['http://evil.example', 'null'].map((o) => [method, path, o]),
    ),
  )(
    '%s %s from %s is refused with 403 `forbidden`, whatever its token',
    async (method, path, origin) => {
      const answer = await call(`${stage.arena.url}${path}`, {
        method: method ?? '',
        token: ADMIN_TOKEN,
        headers: { origin: origin ?? '' },
      })
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
    },
  )

  test('that is a POST to the sockets’ own path is refused too', async () => {
    const answer = await call(`${stage.arena.url}/socket.io/?EIO=4&transport=polling`, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
      body: '40',
    })
    expect(answer.status).toBe(403)
  })

  test('did nothing: the model is still there', async () => {
    const answer = await call(`${stage.arena.url}/api/v1/models/alpha`)
    expect(answer.json()).toMatchObject({ slug: 'alpha', retired: null })
  })

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s is not refused for it', async (method) => {
    const answer = await call(`${stage.arena.url}/api/v1/models`, {
      method,
      headers: { origin: 'http://evil.example' },
    })
    expect(answer.code).not.toBe('forbidden')
    // Nor may the foreign page read it.
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([undefined, ALLOWED])('with Origin %s it may change something', async (origin) => {
    const answer = await call(`${stage.arena.url}/api/v1/admin/models/alpha`, {
      method: 'PATCH',
      token: ADMIN_TOKEN,
      headers: origin === undefined ? {} : { origin },
      body: { description: 'Changed.' },
    })
    expect(answer.status).toBe(200)
  })
})

describe('the cookie of a visitor', () => {
  test('is one, signed, HttpOnly and SameSite', async () => {
    const { headers } = await call(`${stage.arena.url}/api/v1/models`)
    const cookies = headers.getSetCookie()
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(/;\s*HttpOnly/i)
    expect(cookies[0]).toMatch(/;\s*SameSite=(?:Lax|Strict)/i)
  })

  test.each([
    '/api/v1/models',
    '/api/v1/models/alpha',
    '/api/v1/battles?mine=1',
    '/socket.io/?EIO=4&transport=polling',
  ])('is set by %s, and not again for who has it', async (path) => {
    const first = await call(`${stage.arena.url}${path}`)
    const [cookie] = first.headers.getSetCookie()
    expect(cookie).toBeDefined()
    const again = await call(`${stage.arena.url}${path}`, { cookie: cookie?.split(';')[0] })
    expect(again.headers.getSetCookie()).toEqual([])
  })

  test.each([
    '/api/v1/leaderboard',
    '/api/v1/leaderboard?format=csv',
    '/api/v1/leaderboard?dimension=nothing',
    '/api/v1/leaderboard/',
    '/api/v1/leaderboard/history',
    '/api/v1/pairs',
    '/api/v1/exports/votes',
    '/api/v1/exports/votes?format=nothing',
    '/api/v1/exports/nothing',
    '/health/live',
    '/health/ready',
    '/api/v1/openapi.json',
    '/docs/swagger-ui.css',
    '/docs/nothing.js',
    '/favicon.ico',
  ])(
    'is never set by boards, pairs, exports, health, OpenAPI and static files: %s',
    async (path) => {
      expect((await call(`${stage.arena.url}${path}`)).headers.getSetCookie()).toEqual([])
    },
  )

  test('is what a visitor is known by, over HTTP and sockets alike', async () => {
    const cookie = await newVisitor(stage.arena.url)
    const socket = await connected({ cookie })
    const started = await ask(socket, 'battle:start', { prompt: 'Do you know me?' })
    const path = `/api/v1/battles/${battleOf(started)}`
    expect((await call(`${stage.arena.url}${path}`, { cookie })).status).toBe(200)
    expect((await call(`${stage.arena.url}${path}`)).status).not.toBe(200)
  })

  test('that the handshake set makes the same visitor afterwards', async () => {
    const { headers } = await call(`${stage.arena.url}/socket.io/?EIO=4&transport=polling`)
    const cookie = headers.getSetCookie()[0]?.split(';')[0]
    const one = await connected({ cookie })
    const started = await ask(one, 'battle:start', { prompt: 'From here?' })
    const two = await connected({ cookie, transports: ['polling'] })
    const battleId = battleOf(started)
    expect(codeOf(await ask(two, 'battle:stop', { battleId }))).toBe('ok')
  })

  test('is kept by a Node client with `withCredentials` and the default transports', async () => {
    const socket = outsider(stage.arena.url, { transports: ['polling', 'websocket'] })
    open.push(socket)
    const upgraded = new Promise((resolve) => {
      socket.io.on('open', () => socket.io.engine.once('upgrade', resolve))
    })
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    const started = await ask(socket, 'battle:start', { prompt: 'Who am I?' })
    await upgraded
    const battleId = battleOf(started)
    expect(codeOf(await ask(socket, 'battle:stop', { battleId }))).toBe('ok')
  })

  test.each<[string, (cookie: string) => string]>([
    ['its last letter changed', (c) => c.slice(0, -1) + (c.endsWith('A') ? 'E' : 'A')],
    [
      'another value under the same mark',
      (c) => c.replace(/=(.)/, (_, l) => `=${l === '0' ? '1' : '0'}`),
    ],
    ['no mark', (c) => c.slice(0, c.lastIndexOf('.'))],
    ['only a value', (c) => c.split('.')[0] ?? ''],
    ['nothing', (c) => `${c.split('=')[0]}=`],
  ])('with %s makes a new visitor', async (_what, tamper) => {
    const cookie = await newVisitor(stage.arena.url)
    const socket = await connected({ cookie })
    const battleId = battleOf(await ask(socket, 'battle:start', { prompt: 'Mine?' }))
    const tampered = tamper(cookie)
    expect(tampered).not.toBe(cookie)
    const answer = await call(`${stage.arena.url}/api/v1/models`, { cookie: tampered })
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    const other = await connected({ cookie: tampered })
    expect(codeOf(await ask(other, 'battle:stop', { battleId }))).toBe('forbidden')
  })
})
