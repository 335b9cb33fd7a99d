import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import type { ClientSocket } from '../support/arena/client.ts'
import { ask, call, type Answer } from '../support/arena/outsider.ts'
import { begin, goOn, play, setStage, type Stage } from '../support/arena/stage.ts'

const KEY = 'sk-canary-of-the-failure-log'

type Failure = {
  id: number
  at: string
  slug: string
  version: number
  battleId: string | null
  turn: number | null
  side: 'a' | 'b' | null
  kind: string
  status: number | null
  message: string
  durationMs: number
}
type Alert = {
  id: number
  kind: string
  model: string | null
  message: string
  resolvedAt: string | null
  acknowledgedAt: string | null
  acknowledgedBy: string | null
}

/** What else shapes the requests of `bad`. */
const SENT = { dialect: 'vllm', extra: { reasoning_effort: 'low' } }

let stage: Stage
let socket: ClientSocket
const tokens: Record<string, string | undefined> = { none: undefined, admin: ADMIN_TOKEN }

beforeAll(async () => {
  stage = await setStage({}, ['good', 'bad'])
  socket = (await stage.visitor()).socket
  for (const scope of ['operator', 'read', 'judge']) {
    const made = await stage.arena.admin('POST', '/api/v1/admin/tokens', { name: scope, scope })
    tokens[scope] = ((await made.json()) as { token: string }).token
  }
  const provider = { apiKey: KEY, ...SENT }
  await stage.arena.admin('PATCH', '/api/v1/admin/models/bad', {
    provider,
    systemPrompt: 'Be brief.',
    sampling: { temperature: 0.5 },
    answerPrefix: 'Well,',
  })
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const admin = (path: string, method = 'GET', token = ADMIN_TOKEN): Promise<Answer> =>
  call(`${stage.arena.url}/api/v1/admin${path}`, { method, token })
type Page<T> = { items: T[]; nextCursor: string | null }
async function page(path: string): Promise<Page<object>> {
  const answer = await admin(path)
  expect(answer.status).toBe(200)
  return answer.json() as Page<object>
}
const failures = async (query = '') => (await page(`/failures${query}`)) as Page<Failure>
const alerts = async (query = '') => (await page(`/alerts${query}`)) as Page<Alert>

/** From now on `bad` refuses what it is asked. */
function refuse(status = 500, headers: Record<string, string> = {}): void {
  stage.provider.behave('bad', (exchange) => {
    const body = JSON.stringify({ error: { message: `Key ${KEY} is out of luck` } })
    exchange.refuse(status, body, headers)
  })
}
/** From now on it answers. */
function mend(): void {
  stage.provider.behave('bad', (exchange) => {
    exchange.say('Fine again.')
    exchange.finish()
  })
}

describe('who may', () => {
  test.each<[string, string, string[]]>([
    ['GET', '/failures', ['operator', 'admin']],
    ['GET', '/failures/1', ['admin']],
    ['GET', '/alerts', ['operator', 'admin']],
    ['POST', '/alerts/1/acknowledge', ['operator', 'admin']],
  ])('%s %s', async (method, path, allowed) => {
    for (const [scope, token] of Object.entries(tokens)) {
      const answer = await call(`${stage.arena.url}/api/v1/admin${path}`, { method, token })
      if (scope === 'none') expect(answer.code).toBe('unauthorized')
      else if (allowed.includes(scope)) expect([200, 404]).toContain(answer.status)
      else expect(answer.code).toBe('forbidden')
    }
  })
})

describe('GET /api/v1/admin/failures', () => {
  test('lists what could not be answered, newest first, with where it happened', async () => {
    refuse()
    const { battleId } = await play(socket, 'Which way is north?')
    const side = stage.seats(battleId).a === 'bad' ? 'a' : 'b'
    const { items } = await failures()
    expect(items[0]).toEqual({
      id: expect.any(Number) as number,
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      slug: 'bad',
      version: 2,
      battleId,
      turn: 1,
      side,
      kind: 'http-status',
      status: 500,
      message: expect.stringContaining('HTTP 500') as string,
      durationMs: expect.any(Number) as number,
    })
    expect(JSON.stringify(items)).not.toContain(KEY)
  })

  test('can be asked for a model and a kind, and comes in pages', async () => {
    refuse(404)
    for (let index = 0; index < 3; index += 1) await play(socket)
    const all = (await failures('?model=bad')).items
    expect(all.length).toBeGreaterThanOrEqual(4)
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((l, r) => r - l))
    const found: Failure[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`
      const some = await failures(`?limit=2&kind=http-status${next}`)
      found.push(...some.items)
      cursor = some.nextCursor
    }
    expect(found).toEqual(all)
    expect((await failures('?model=good')).items).toEqual([])
    expect((await failures('?kind=timeout')).items).toEqual([])
    mend()
    await play(socket)
  })

  test.each(['limit=0', 'limit=x', 'cursor=x', 'kind=nonsense'])(
    'refuses ?%s and names the field',
    async (query) => {
      const answer = await admin(`/failures?${query}`)
      expect(answer.code).toBe('invalid_input')
      expect(answer.json()).toMatchObject({ details: { field: query.split('=')[0] } })
    },
  )
})

describe('GET /api/v1/admin/failures/:id', () => {
  test('shows the request that failed as it was sent, without the key', async () => {
    mend()
    const { battleId, heard } = await begin(socket, 'First question?')
    await heard.bothEnded()
    heard.stop()
    refuse()
    const second = await goOn(socket, battleId, 'Second question?')
    await second.bothEnded()
    second.stop()
    const sent = stage.provider.requests.findLast(({ body }) => body.model === 'bad')
    const [{ id } = { id: 0 }] = (await failures('?limit=1')).items
    const answer = await admin(`/failures/${id}`)
    expect(answer.json()).toMatchObject({
      id,
      battleId,
      turn: 2,
      request: {
        provider: {
          kind: 'openai-compatible',
          model: 'bad',
          baseUrl: stage.provider.baseUrl,
          ...SENT,
        },
        sampling: { temperature: 0.5 },
        messages: sent?.body.messages,
      },
    })
    expect(sent?.body.messages).toHaveLength(5)
    expect(sent?.body).toMatchObject(SENT.extra)
    expect(answer.text).not.toContain(KEY)
    mend()
    await play(socket)
  })

  test.each(['0', '999999', 'x', '1e3'])('there is none of number %s', async (id) => {
    expect((await admin(`/failures/${id}`)).code).toBe('not_found')
  })
})

describe('alerts', () => {
  test('a model that fails is told until it is back, and who took note of it is kept', async () => {
    expect((await alerts('?active=1')).items).toEqual([])
    refuse()
    // Both sides are needed for a battle: with the eighth failure none can start.
    for (let index = 0; index < 8; index += 1) await play(socket)
    const [alert] = (await alerts('?active=1')).items
    expect(alert).toEqual({
      id: expect.any(Number) as number,
      at: expect.stringMatching(/Z$/) as string,
      kind: 'failing',
      model: 'bad',
      message: expect.stringContaining('8 answers failed in a row') as string,
      resolvedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
    })
    expect(JSON.stringify(alert)).not.toContain(KEY)
    const id = alert?.id ?? 0
    const path = `/alerts/${id}/acknowledge`
    const acknowledged = await admin(path, 'POST', tokens['operator'])
    expect(acknowledged.status).toBe(200)
    expect(acknowledged.json()).toMatchObject({
      id,
      acknowledgedAt: expect.stringMatching(/Z$/) as string,
      acknowledgedBy: expect.stringContaining('operator') as string,
    })
    // Once more changes nothing.
    expect((await admin(path, 'POST')).json()).toEqual(acknowledged.json())
    const audit = await page('/audit?action=alert.acknowledge')
    expect(audit.items).toHaveLength(1)
    expect(audit.items[0]).toMatchObject({ subject: `alert ${id}` })

    mend()
    await admin('/models/bad/check', 'POST')
    expect((await alerts('?active=1')).items.filter(({ kind }) => kind === 'failing')).toEqual([])
    expect((await alerts()).items.find((each) => each.id === id)).toMatchObject({
      resolvedAt: expect.stringMatching(/Z$/) as string,
      acknowledgedBy: expect.stringContaining('operator') as string,
    })
    await play(socket)
  })

  test('comes in pages, the newest first', async () => {
    const all = (await alerts()).items
    const first = await alerts('?limit=1')
    expect(first.items).toEqual(all.slice(0, 1))
    expect(first.nextCursor === null).toBe(all.length <= 1)
  })

  test('there is no alert of an unknown number; a wrong query names its field', async () => {
    expect((await admin('/alerts/999999/acknowledge', 'POST')).code).toBe('not_found')
    expect((await admin('/alerts/x/acknowledge', 'POST')).code).toBe('not_found')
    const answer = await admin('/alerts?active=perhaps')
    expect(answer.json()).toMatchObject({ code: 'invalid_input', details: { field: 'active' } })
  })
})

test('nothing of this is told to visitors', async () => {
  refuse(503)
  const { battleId, heard } = await begin(socket, 'And to me?')
  await heard.bothEnded()
  heard.stop()
  expect(JSON.stringify([heard.ends, heard.deltas])).not.toMatch(/bad|503|HTTP|luck/)
  expect(await ask(socket, 'battle:vote', { battleId, verdicts: {} })).toMatchObject({ ok: false })
})
