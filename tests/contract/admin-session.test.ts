import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { newVisitor } from '../support/arena/client.ts'
import { call } from '../support/arena/outsider.ts'
import { adminCookieOf, signIn, trySignIn } from '../support/arena/signed-in.ts'
import { changeRows, setStage, type Stage } from '../support/arena/stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, [])
})
afterAll(() => stage.close())

const session = (path = '/session') => `${stage.arena.url}/api/v1/admin${path}`

async function newToken(
  scope: string,
  name = `a ${scope}`,
): Promise<{ id: string; token: string }> {
  const answer = await stage.arena.admin('POST', '/api/v1/admin/tokens', { name, scope })
  expect(answer.status).toBe(201)
  return (await answer.json()) as { id: string; token: string }
}

async function auditOf(query: string): Promise<Record<string, unknown>[]> {
  const answer = await stage.arena.admin('GET', `/api/v1/admin/audit?${query}`)
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items
}

describe('signing in', () => {
  test('answers who it is until when, and sets a cookie that scripts and other sites cannot use', async () => {
    const before = Date.now()
    const answer = await trySignIn(stage.arena.url, ADMIN_TOKEN)
    expect(answer.status).toBe(200)
    const body = answer.json() as Record<string, string>
    expect(Object.keys(body).toSorted()).toEqual(['actor', 'csrfToken', 'expiresAt', 'scope'])
    expect(body).toMatchObject({ scope: 'admin' })
    expect(body['actor']).toMatch(/^ADMIN_TOKEN \([0-9a-f]+\)$/)
    const lifetime = Date.parse(body['expiresAt'] ?? '') - before
    expect(lifetime).toBeGreaterThan(11.9 * 3_600_000)
    expect(lifetime).toBeLessThan(12.1 * 3_600_000)
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('trivium_admin='))
    const [value = '', ...attributes] = (cookie ?? '').split('; ')
    expect(value).toMatch(/^trivium_admin=[A-Za-z0-9_-]{43}$/)
    expect(attributes).toEqual(
      expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/api/v1/admin']),
    )
    expect(attributes.some((each) => each.startsWith('Max-Age=4'))).toBe(true)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).not.toContain(ADMIN_TOKEN)
    expect(answer.text).not.toContain(value.split('=')[1])
  })

  test.each(['read', 'operator', 'admin'])('with a token of scope %s', async (scope) => {
    const { token, id } = await newToken(scope)
    const { admin } = await signIn(stage.arena.url, token)
    const answer = await admin('GET', '/session')
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ scope, actor: `a ${scope} (${id})` })
  })

  test('a judge has nothing to do here: 403', async () => {
    const { token } = await newToken('judge')
    const answer = await trySignIn(stage.arena.url, token)
    expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
    expect(answer.headers.getSetCookie().join()).not.toContain('trivium_admin')
  })

  test.each([
    [401, { token: 'trv_wrong' }],
    [401, { token: `${ADMIN_TOKEN} ` }],
    [422, { token: '' }],
    [422, { token: 'x'.repeat(1025) }],
    [422, { token: 1 }],
    [422, { token: ADMIN_TOKEN, remember: true }],
    [422, {}],
    [422, []],
    [422, '{'],
  ])('%i for %j', async (status, body) => {
    const answer = await call(session(), { method: 'POST', body })
    expect(answer.status).toBe(status)
    expect(answer.code).toBe(status === 401 ? 'unauthorized' : 'invalid_input')
    expect(answer.headers.getSetCookie().join()).not.toContain('trivium_admin')
  })

  test('again from the same browser ends the session before', async () => {
    const first = await signIn(stage.arena.url)
    const again = await trySignIn(stage.arena.url, ADMIN_TOKEN, { cookie: first.cookie })
    expect(adminCookieOf(again)).not.toBe(first.cookie)
    expect((await first.admin('GET', '/session')).status).toBe(401)
  })

  test('stands in the audit log beside tries and tests, which can be left out', async () => {
    await stage.arena.admin('POST', '/api/v1/admin/check')
    const [latest] = await auditOf('limit=1')
    expect(latest).toMatchObject({ action: 'model.check-all' })
    const rest = await auditOf('tries=0&limit=200')
    expect(rest.length).toBeGreaterThan(0)
    const actions = new Set(rest.map(({ action }) => action))
    for (const action of ['model.try', 'model.check', 'model.check-all']) {
      expect(actions).not.toContain(action)
    }
    expect((await stage.arena.admin('GET', '/api/v1/admin/audit?tries=no')).status).toBe(422)
  })

  test('is in the audit log, the failed tries too, without the token', async () => {
    const { token, id } = await newToken('operator', 'watched')
    const { admin } = await signIn(stage.arena.url, token)
    await admin('DELETE', '/session')
    await trySignIn(stage.arena.url, 'trv_guess-of-somebody')
    const [refused] = await auditOf('action=session.refuse&limit=1')
    expect(refused).toMatchObject({ actor: 'nobody', subject: 'session' })
    expect(refused?.['details']).toEqual({
      address: expect.stringContaining('127.0.0.1') as string,
    })
    const mine = await auditOf(`subject=${encodeURIComponent(`token ${id}`)}`)
    expect(mine.map(({ action }) => action)).toEqual([
      'session.close',
      'session.open',
      'token.create',
    ])
    expect(mine[0]).toMatchObject({ actor: `watched (${id})` })
    const all = JSON.stringify(await auditOf('limit=200'))
    for (const secret of [token, ADMIN_TOKEN, 'guess-of-somebody'])
      expect(all).not.toContain(secret)
  })
})

describe('the cookie', () => {
  test('is as good as its token for calls that only read', async () => {
    const { cookie } = await signIn(stage.arena.url)
    for (const path of ['/session', '/audit', '/models', '/tokens']) {
      expect((await call(session(path), { cookie })).status, path).toBe(200)
    }
    expect((await call(session('/models'), { method: 'HEAD', cookie })).status).toBe(200)
  })

  test('does what its scope allows, and no more', async () => {
    const { token } = await newToken('operator')
    const { admin } = await signIn(stage.arena.url, token)
    expect((await admin('GET', '/models')).status).toBe(200)
    expect(await admin('GET', '/audit')).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await admin('POST', '/tokens', {})).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test.each([
    ['none', {}],
    ['an empty one', { 'x-csrf-token': '' }],
    ['another', { 'x-csrf-token': 'A'.repeat(43) }],
  ])('changes nothing with %s as CSRF token', async (_, headers) => {
    const { cookie, admin } = await signIn(stage.arena.url)
    const body = { name: 'made by another site', scope: 'admin' }
    const answer = await call(session('/tokens'), { method: 'POST', cookie, headers, body })
    expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
    expect(answer.text).toContain('X-CSRF-Token')
    const out = await call(session(), { method: 'DELETE', cookie, headers })
    expect(out).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await admin('GET', '/tokens')).text).not.toContain('made by another site')
  })

  test('changes nothing with the CSRF token of another session', async () => {
    const mine = await signIn(stage.arena.url)
    const other = await signIn(stage.arena.url)
    expect(mine.csrfToken).not.toBe(other.csrfToken)
    const answer = await call(session(), {
      method: 'DELETE',
      cookie: mine.cookie,
      headers: { 'x-csrf-token': other.csrfToken },
    })
    expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
    'changes nothing from %s, CSRF token or not',
    async (origin) => {
      const { cookie, csrfToken } = await signIn(stage.arena.url)
      const headers = { 'x-csrf-token': csrfToken, origin }
      const answer = await call(session(), { method: 'DELETE', cookie, headers })
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
      const own = { ...headers, origin: stage.arena.url }
      expect((await call(session(), { method: 'DELETE', cookie, headers: own })).status).toBe(204)
    },
  )

  test('does not make a wrong token good, and needs none beside another scheme', async () => {
    const { cookie } = await signIn(stage.arena.url)
    expect((await call(session('/audit'), { cookie, token: 'trv_wrong' })).status).toBe(401)
    const headers = { authorization: 'Bearer ' }
    expect((await call(session('/audit'), { cookie, headers })).status).toBe(401)
    // As a proxy in front sends it that asks for a password of its own.
    const basic = { authorization: 'Basic YTpi' }
    expect((await call(session('/audit'), { cookie, headers: basic })).status).toBe(200)
  })

  test('gives way to a token that is shown beside it', async () => {
    const { cookie } = await signIn(stage.arena.url)
    const { token } = await newToken('read')
    expect(await call(session('/models'), { cookie, token })).toMatchObject({ status: 403 })
    // And a token needs no CSRF token.
    const body = { name: 'by a program', scope: 'read' }
    const made = await call(session('/tokens'), {
      method: 'POST',
      cookie,
      token: ADMIN_TOKEN,
      body,
    })
    expect(made.status).toBe(201)
  })

  test.each(['x', 'A'.repeat(43), `${'A'.repeat(42)}=`, '%00', 'x'.repeat(4000)])(
    'that nobody was given is refused: %s',
    async (value) => {
      const answer = await call(session(), { cookie: `trivium_admin=${value}` })
      expect(answer).toMatchObject({ status: 401, code: 'unauthorized' })
    },
  )
})

describe('a session ends', () => {
  test('with signing out: the cookie is taken back, and worth nothing from then on', async () => {
    const { admin, cookie } = await signIn(stage.arena.url)
    const out = await admin('DELETE', '/session')
    expect(out.status).toBe(204)
    expect(adminCookieOf(out)).toBe('trivium_admin=')
    expect(out.headers.getSetCookie().join()).toContain('Max-Age=0')
    expect((await call(session(), { cookie })).status).toBe(401)
    expect((await admin('DELETE', '/session')).status).toBe(401)
  })

  test('with its token: the next call is refused', async () => {
    const { token, id } = await newToken('admin')
    const { admin } = await signIn(stage.arena.url, token)
    expect((await admin('GET', '/audit')).status).toBe(200)
    await stage.arena.admin('DELETE', `/api/v1/admin/tokens/${id}`)
    expect((await admin('GET', '/audit')).status).toBe(401)
    expect((await admin('GET', '/session')).status).toBe(401)
  })

  test('with its time', async () => {
    const { admin } = await signIn(stage.arena.url)
    const { admin: other } = await signIn(stage.arena.url)
    changeRows(stage.arena.folder, 'update admin_sessions set expires_at = ?', Date.now() - 1)
    expect((await admin('GET', '/session')).status).toBe(401)
    expect((await other('DELETE', '/session')).status).toBe(401)
  })

  test('and not with a restart of the arena', async () => {
    const { cookie } = await signIn(stage.arena.url)
    await stage.restart()
    expect((await call(session(), { cookie })).status).toBe(200)
  })
})

test('where all origins are https the cookie never leaves TLS, and lives as long as the setting says', async () => {
  const other = await setStage(
    { ALLOWED_ORIGINS: 'https://arena.example', ADMIN_SESSION_HOURS: '1' },
    [],
  )
  const { headers } = await trySignIn(other.arena.url, ADMIN_TOKEN)
  const cookie = headers.getSetCookie().find((each) => each.startsWith('trivium_admin='))
  expect(cookie).toContain('; Secure')
  expect(cookie).toMatch(/Max-Age=(?:3600|3599);/)
  await other.close()
})

describe('a hundred wrong tokens in a quarter of an hour', () => {
  const PATH = '/api/v1/admin/audit?action=token.refuse&limit=200'
  const withToken = (url: string, token: string, path = '/api/v1/admin/models') =>
    call(`${url}${path}`, { token })
  async function guess(url: string, times: number): Promise<Set<number>> {
    const statuses = new Set<number>()
    for (let count = 0; count < times; count += 1) {
      statuses.add((await withToken(url, `trv_wrong_${count}`)).status)
    }
    return statuses
  }

  test('shut the door on tokens from that address; sessions go on', async () => {
    const limited = await setStage({ RATE_LIMITS: 'on' }, [])
    const { url } = limited.arena
    const inside = await signIn(url)
    expect((await withToken(url, ADMIN_TOKEN)).status).toBe(200)
    expect(await guess(url, 100)).toEqual(new Set([401]))
    for (const path of ['/api/v1/admin/models', '/metrics', '/api/v1/exports/votes']) {
      const refused = await withToken(url, ADMIN_TOKEN, path)
      expect(refused).toMatchObject({ status: 429, code: 'rate_limited' })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    }
    expect((await inside.admin('GET', '/audit')).status).toBe(200)
    expect((await call(`${url}/api/v1/models`)).status).toBe(200)
    await limited.close()
  })

  test('behind a proxy on this machine keep no right token out, nor fill the audit log', async () => {
    const proxied = await setStage(
      { RATE_LIMITS: 'on', ALLOWED_ORIGINS: 'https://arena.example' },
      [],
    )
    const { url } = proxied.arena
    expect(await guess(url, 100)).toEqual(new Set([401]))
    expect(await guess(url, 2)).toEqual(new Set([429]))
    const { items } = (await withToken(url, ADMIN_TOKEN, PATH)).json() as {
      items: Record<string, unknown>[]
    }
    expect(items).toHaveLength(100)
    expect(items[0]).toMatchObject({ actor: 'nobody', subject: 'token' })
    expect(JSON.stringify(items)).not.toContain('trv_wrong')
    await proxied.close()
  })

  test('are answered as ever with RATE_LIMITS=off', async () => {
    expect(await guess(stage.arena.url, 103)).toEqual(new Set([401]))
    expect((await withToken(stage.arena.url, ADMIN_TOKEN)).status).toBe(200)
  })
})

describe('ten failed tries in a quarter of an hour', () => {
  const wrong = (url: string, cookie?: string) => trySignIn(url, 'trv_wrong', { cookie })

  test('shut the door on the address, good tries not counted; whoever is in stays in', async () => {
    const limited = await setStage({ RATE_LIMITS: 'on' }, [])
    const { url } = limited.arena
    const inside = await signIn(url)
    for (let count = 0; count < 12; count += 1) await signIn(url)
    const tries: number[] = []
    for (let count = 0; count < 11; count += 1) tries.push((await wrong(url)).status)
    expect(tries).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    const refused = await trySignIn(url, ADMIN_TOKEN, { cookie: await newVisitor(url) })
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' })
    const retryAfter = Number(refused.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(800)
    expect(retryAfter).toBeLessThanOrEqual(900)
    expect((await inside.admin('GET', '/audit')).status).toBe(200)
    expect((await limited.arena.admin('GET', '/api/v1/admin/audit')).status).toBe(200)
    await limited.close()
  })

  test('behind a proxy on this machine: on the visitor alone', async () => {
    const proxied = await setStage(
      { RATE_LIMITS: 'on', ALLOWED_ORIGINS: 'https://arena.example' },
      [],
    )
    const { url } = proxied.arena
    const guesser = await newVisitor(url)
    for (let count = 0; count < 10; count += 1) await wrong(url, guesser)
    expect((await wrong(url, guesser)).status).toBe(429)
    const other = await newVisitor(url)
    expect((await trySignIn(url, ADMIN_TOKEN, { cookie: other })).status).toBe(200)
    // Who gives no cookie is nobody new each time.
    for (let count = 0; count < 10; count += 1) await wrong(url)
    expect((await wrong(url)).status).toBe(429)
    expect((await trySignIn(url, ADMIN_TOKEN, { cookie: other })).status).toBe(200)

    // Whoever comes as many visitors does not drown the audit log.
    for (let visitor = 0; visitor < 9; visitor += 1) {
      const cookie = await newVisitor(url)
      for (let count = 0; count < 10; count += 1) {
        expect((await wrong(url, cookie)).status).toBe(401)
      }
    }
    const path = '/api/v1/admin/audit?action=session.refuse&limit=200'
    const { items } = (await (await proxied.arena.admin('GET', path)).json()) as {
      items: unknown[]
    }
    expect(items).toHaveLength(100)
    await proxied.close()
  })
})
