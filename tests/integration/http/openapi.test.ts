import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CALLS } from '../../../server/http/openapi.ts'
import { ERRORS } from '../../../shared/errors.ts'
import { ADMIN_TOKEN, startArena, type TestArena } from '../../support/arena/arena.ts'
import { signIn } from '../../support/arena/signed-in.ts'

let arena: TestArena

beforeAll(async () => {
  arena = await startArena()
  await arena.register('alpha', 'http://127.0.0.1:9/v1')
})
afterAll(async () => {
  await arena.close()
  await arena.remove()
})

test.each(CALLS)(
  '$method $path is what the document says',
  async ({ method, path, token, session, body, answers }) => {
    const url = path.replace('{slug}', 'alpha').replace('{battleId}', 'none').replace('{id}', '999')
    const ask = supertest(arena.url)
    const refused = await ask[method](url)
    if (token !== undefined || session === true) expect(refused.status).toBe(401)

    const { cookie, csrfToken } = await signIn(arena.url)
    const asked =
      session === true
        ? ask[method](url).set('Cookie', cookie).set('X-CSRF-Token', csrfToken)
        : ask[method](url).set('Authorization', `Bearer ${ADMIN_TOKEN}`)
    const answer = await asked.send(body === undefined ? undefined : {})
    const documented = Object.keys(answers).map(Number)
    if (documented.includes(answer.status)) return
    // A documented call that refuses does so with its own problem, never with "nothing here".
    expect(answer.type).toBe('application/problem+json')
    const { code, detail } = answer.body as { code: string; detail: string }
    expect(['battle_not_found', 'invalid_input', 'not_found']).toContain(code)
    expect(detail).not.toBe(ERRORS.not_found.message)
  },
)

test('the document is OpenAPI 3.1 and names every call with its schemas', async () => {
  const { body } = await supertest(arena.url).get('/api/v1/openapi.json').expect(200)
  const { openapi, paths } = body as { openapi: string; paths: Record<string, object> }
  expect(openapi).toBe('3.1.0')
  const named = Object.entries(paths).flatMap(([path, calls]) =>
    Object.keys(calls).map((method) => `${method} ${path}`),
  )
  expect(named.toSorted()).toEqual(CALLS.map(({ method, path }) => `${method} ${path}`).toSorted())
  expect(JSON.stringify(body)).toContain('"winner_accuracy"')
})

test('the reader of the document is served from here, whole', async () => {
  const page = await supertest(arena.url).get('/docs/').expect(200)
  for (const [, path] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(path).toMatch(/^\/docs\//)
    await supertest(arena.url)
      .get(path ?? '')
      .expect(200)
  }
})
