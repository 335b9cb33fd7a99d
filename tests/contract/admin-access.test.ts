import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call, type Answer, type CallOptions } from '../support/arena/outsider.ts'
import { signIn, type SignedIn } from '../support/arena/signed-in.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

/** What the arena's own document says of a call. */
type Documented = { security?: Record<string, unknown>[]; description?: string }
type Route = { method: string; path: string; needs: string | undefined; withCookie: boolean }

const SCOPES = ['read', 'operator', 'admin', 'judge'] as const
const INCLUDED: Record<string, readonly string[]> = {
  read: ['read', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
}
/** Every call of administration, so that the matrix below cannot grow holes. */
const EXPECTED = `
get admin /admin/alerts needs operator
get admin /admin/audit needs admin
get admin /admin/battles needs admin
get admin /admin/battles/{battleId} needs admin
get admin /admin/failures needs operator
get admin /admin/failures/{id} needs admin
get admin /admin/models needs operator
get admin /admin/models/export needs admin
get admin /admin/models/{slug} needs operator
get admin /admin/tokens needs admin
post admin /admin/alerts/{id}/acknowledge needs operator
post admin /admin/check needs operator
post admin /admin/draw needs operator
post admin /admin/models needs admin
post admin /admin/models/import needs admin
post admin /admin/models/{slug}/check needs operator
post admin /admin/models/{slug}/pause needs operator
post admin /admin/models/{slug}/resume needs operator
post admin /admin/tokens needs admin
post admin /admin/try needs admin
patch admin /admin/models/{slug} needs admin
delete admin /admin/models/{slug} needs admin
delete admin /admin/tokens/{id} needs admin
`

let stage: Stage
let routes: Route[]
const tokens: Record<string, string> = {}
const sessions: Record<string, SignedIn> = {}

beforeAll(async () => {
  stage = await setStage({}, [])
  const { paths } = (await call(`${stage.arena.url}/api/v1/openapi.json`)).json() as {
    paths: Record<string, Record<string, Documented>>
  }
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security = [], description = '' }]) =>
      security.length === 0
        ? []
        : [
            {
              method,
              path,
              needs: /scope (\w+) or above/.exec(description)?.[1],
              withCookie: security.some((each) => 'session' in each),
            },
          ],
    ),
  )
  for (const scope of SCOPES) {
    const made = await stage.arena.admin('POST', '/api/v1/admin/tokens', { name: scope, scope })
    tokens[scope] = ((await made.json()) as { token: string }).token
    if (scope !== 'judge') sessions[scope] = await signIn(stage.arena.url, tokens[scope])
  }
})
afterAll(() => stage.close())

const ofAdministration = () => routes.filter(({ path }) => path.startsWith('/api/v1/admin/'))

/** A call that cannot do anything even if it were let through: nothing has these names. */
function ask({ method, path }: Route, options: CallOptions): Promise<Answer> {
  const url = path.replaceAll(/\{\w+\}/g, 'nobody')
  const empty = ['post', 'patch'].includes(method) ? { body: {} } : {}
  return call(`${stage.arena.url}${url}`, { method: method.toUpperCase(), ...empty, ...options })
}

/** Asks every route, and tells those that answered otherwise than expected. */
async function faults(
  asked: readonly Route[],
  options: (route: Route) => CallOptions,
  isRight: (answer: Answer, route: Route) => boolean,
): Promise<string[]> {
  const found: string[] = []
  for (const route of asked) {
    const answer = await ask(route, options(route))
    if (isRight(answer, route)) continue
    found.push(`${route.method} ${route.path}: ${answer.status} ${answer.code ?? ''}`)
  }
  return found
}

const refused =
  (status: number, code: string) =>
  (answer: Answer): boolean =>
    answer.status === status && answer.code === code

test('the document names every call of administration with the scope that it needs', () => {
  const named = ofAdministration()
    .filter(({ needs }) => needs !== undefined)
    .map(
      ({ method, path, needs }) => `${method} admin ${path.slice('/api/v1'.length)} needs ${needs}`,
    )
  expect(named.toSorted()).toEqual(
    EXPECTED.split('\n')
      .filter((line) => line !== '')
      .toSorted(),
  )
  const own = ofAdministration().filter(({ needs }) => needs === undefined)
  expect(own.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'get /api/v1/admin/session',
    'delete /api/v1/admin/session',
  ])
  expect(ofAdministration().every(({ withCookie }) => withCookie)).toBe(true)
})

describe('every call of administration', () => {
  test('refuses nobody, a wrong token and a cookie that is none with 401', async () => {
    const nobody: CallOptions[] = [
      {},
      { token: 'trv_wrong' },
      { headers: { authorization: 'Bearer' } },
      { cookie: 'trivium_admin=' },
      { cookie: `trivium_admin=${'A'.repeat(43)}`, headers: { 'x-csrf-token': 'A'.repeat(43) } },
    ]
    for (const options of nobody) {
      expect(await faults(routes, () => options, refused(401, 'unauthorized'))).toEqual([])
    }
  })

  test.each(SCOPES)('refuses a token of scope %s exactly where it may not: 403', async (scope) => {
    const may = ({ needs }: Route) => INCLUDED[needs ?? '']?.includes(scope) === true
    const asked = routes.filter(({ needs }) => needs !== undefined)
    const isRight = (answer: Answer, route: Route) =>
      may(route) ? ![401, 403].includes(answer.status) : refused(403, 'forbidden')(answer)
    expect(await faults(asked, () => ({ token: tokens[scope] }), isRight)).toEqual([])
    if (scope !== 'judge') expect(asked.some(may)).toBe(true)
  })

  test.each(['read', 'operator', 'admin'] as const)(
    'does for the session of a token of scope %s what it does for the token',
    async (scope) => {
      const { cookie, csrfToken } = sessions[scope] as SignedIn
      const may = ({ needs }: Route) => INCLUDED[needs ?? '']?.includes(scope) === true
      const asked = ofAdministration().filter(({ needs }) => needs !== undefined)
      const isRight = (answer: Answer, route: Route) =>
        may(route) ? ![401, 403].includes(answer.status) : refused(403, 'forbidden')(answer)
      const options = () => ({ cookie, headers: { 'x-csrf-token': csrfToken } })
      expect(await faults(asked, options, isRight)).toEqual([])
    },
  )

  test.each(['https://evil.example', 'null', 'http://localhost:1'])(
    'that changes something refuses the origin %s with 403, whatever comes with it',
    async (origin) => {
      const changing = routes.filter(({ method }) => method !== 'get')
      expect(changing.length).toBeGreaterThan(10)
      const { cookie, csrfToken } = sessions['admin'] as SignedIn
      const headers = { origin, 'x-csrf-token': csrfToken }
      for (const options of [
        { token: ADMIN_TOKEN, headers },
        { cookie, headers },
      ]) {
        expect(await faults(changing, () => options, refused(403, 'forbidden'))).toEqual([])
      }
    },
  )

  test.each([
    ['no CSRF token', {}],
    ['an empty one', { 'x-csrf-token': '' }],
    ['a wrong one', { 'x-csrf-token': 'A'.repeat(43) }],
  ])('that changes something refuses a cookie with %s: 403', async (_, headers) => {
    const { cookie } = sessions['admin'] as SignedIn
    const changing = ofAdministration().filter(({ method }) => method !== 'get')
    expect(await faults(changing, () => ({ cookie, headers }), refused(403, 'forbidden'))).toEqual(
      [],
    )
    // What only reads needs none.
    const reading = ofAdministration().filter(({ method }) => method === 'get')
    const isRight = ({ status }: Answer) => ![401, 403].includes(status)
    expect(await faults(reading, () => ({ cookie, headers }), isRight)).toEqual([])
  })

  test('was let through to nothing: the arena is as it was', async () => {
    const { text } = await call(`${stage.arena.url}/api/v1/admin/tokens`, { token: ADMIN_TOKEN })
    const { items } = JSON.parse(text) as { items: { name: string; revokedAt: unknown }[] }
    expect(items.map(({ name }) => name).toSorted()).toEqual(['ADMIN_TOKEN', ...SCOPES].toSorted())
    expect(items.every(({ revokedAt }) => revokedAt === null)).toBe(true)
    expect((await (sessions['admin'] as SignedIn).admin('GET', '/session')).status).toBe(200)
  })
})
