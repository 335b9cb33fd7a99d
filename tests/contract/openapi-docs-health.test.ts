import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call } from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

type Operation = { responses: Record<string, unknown>; security?: unknown[] }
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> }

let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const get = (path: string, token?: string) => call(`${stage.arena.url}${path}`, { token })

describe('GET /api/v1/openapi.json', () => {
  test('is OpenAPI 3.1 and tells every call of the contract', async () => {
    const answer = await get('/api/v1/openapi.json')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const { openapi, paths } = answer.json() as Document
    expect(openapi).toMatch(/^3\.1\./)
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    for (const expected of [
      'GET /health/live',
      'GET /health/ready',
      'GET /api/v1/leaderboard',
      'GET /api/v1/models',
      'GET /api/v1/models/{slug}',
      'GET /api/v1/battles',
      'GET /api/v1/battles/{battleId}',
      'GET /api/v1/exports/votes',
      'GET /api/v1/openapi.json',
      'GET /api/v1/admin/models',
      'POST /api/v1/admin/models',
      'GET /api/v1/admin/models/{slug}',
      'PATCH /api/v1/admin/models/{slug}',
      'DELETE /api/v1/admin/models/{slug}',
      'POST /api/v1/admin/models/{slug}/check',
      'GET /api/v1/admin/audit',
      'GET /metrics',
    ]) {
      expect(calls).toContain(expected)
    }
  })

  test('tells no call that is not there, and which need a token', async () => {
    const { paths } = (await get('/api/v1/openapi.json')).json() as Document
    for (const [path, methods] of Object.entries(paths)) {
      const real = path.replaceAll(/\{slug\}/g, 'alpha').replaceAll(/\{battleId\}/g, 'nowhere')
      for (const [method, { security }] of Object.entries(methods)) {
        const open = await call(`${stage.arena.url}${real}`, { method: method.toUpperCase() })
        expect(open.code, `${method} ${path}`).not.toBe('not_found')
        expect(open.status === 401, `${method} ${path}`).toBe(security !== undefined)
      }
    }
  })
})

describe('GET /docs', () => {
  test('reads it, with nothing from elsewhere', async () => {
    let page = await get('/docs')
    if (page.status === 301 || page.status === 302) page = await get('/docs/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source)
    expect(sources.length).toBeGreaterThan(0)
    for (const source of sources) expect(source).toMatch(/^\/(?!\/)/)
    // Icons come with the built page; what reads the document has to be there without it.
    for (const source of sources.filter((each) => each?.startsWith('/docs/'))) {
      expect((await get(source ?? '')).status, source).toBe(200)
    }
  })
})

describe('GET /health', () => {
  test('`live` is 200', async () => {
    expect((await get('/health/live')).status).toBe(200)
  })

  test('`ready` is 200 as soon as database and projector are, and tells the models', async () => {
    const answer = await get('/health/ready')
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({
      database: 'ok',
      projector: 'ok',
      models: { ready: 2, state: 'ready' },
    })
  })

  test('models never make it 503: none at all', async () => {
    const bare = await setStage({}, [])
    const answer = await call(`${bare.arena.url}/health/ready`)
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ models: { ready: 0, state: 'none' } })
    await bare.close()
  })

  test('names no model', async () => {
    expect((await get('/health/ready')).text).not.toMatch(/alpha|beta/i)
  })
})

test('answers are not to be stored where they are one visitor’s, or an administrator’s', async () => {
  for (const [path, token] of [
    ['/api/v1/models', undefined],
    ['/api/v1/battles?mine=1', undefined],
    ['/api/v1/admin/models', ADMIN_TOKEN],
  ] as const) {
    expect((await get(path, token)).headers.get('cache-control'), path).toMatch(/no-store|private/)
  }
})
