import { describe, expect, it, vi } from 'vitest'
import { createAdminClient } from '../../../../client/admin/api.ts'

const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })

function clientOf(answer: () => Response | Promise<Response>) {
  const fetched = vi.fn<typeof fetch>(async () => answer())
  const client = createAdminClient({ fetch: fetched })
  const headers = () => new Headers(fetched.mock.calls.at(-1)?.[1]?.headers)
  return { ...client, fetched, headers }
}

describe('a call of the console', () => {
  it('carries the token of the session when it changes something, and only then', async () => {
    const { api, authorize, headers, fetched } = clientOf(() => Response.json({}))
    authorize('csrf')
    await api.get('/models')
    expect(headers().get('x-csrf-token')).toBeNull()
    await api.patch('/models/a', { weight: 2 })
    expect(headers().get('x-csrf-token')).toBe('csrf')
    expect(headers().get('content-type')).toBe('application/json')
    expect(fetched.mock.calls.at(-1)?.[0]).toBe('/api/v1/admin/models/a')
    await api.post('/models/a/check')
    expect(headers().get('content-type')).toBeNull()
  })

  it('tells the field, the words and when to come back', async () => {
    const refused = clientOf(() =>
      problem(422, {
        code: 'invalid_input',
        detail: 'weight: too big',
        retryable: false,
        details: {
          field: 'weight',
          fields: [{ field: 'weight', message: 'too big' }, { field: 7 }, null],
        },
      }),
    )
    expect(await refused.api.post('/models', {})).toEqual({
      ok: false,
      error: {
        code: 'invalid_input',
        status: 422,
        message: 'weight: too big',
        field: 'weight',
        fields: [{ field: 'weight', message: 'too big' }],
        retryable: false,
      },
    })
    const often = clientOf(() => problem(429, { code: 'rate_limited' }, { 'retry-after': '90' }))
    expect(await often.api.post('/session', {})).toMatchObject({
      error: { status: 429, retryAfterSeconds: 90 },
    })
  })

  it('is told in words, too, when a proxy answers or nobody does', async () => {
    const proxy = clientOf(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    expect(await proxy.api.get('/models')).toMatchObject({
      ok: false,
      error: { status: 502, code: 'internal', retryable: true },
    })
    const nobody = clientOf(() => Promise.reject(new TypeError('failed to fetch')))
    expect(await nobody.api.get('/models')).toMatchObject({
      ok: false,
      error: { status: 0, code: 'connection_lost' },
    })
  })

  it('ends the session of one who was signed in, and of nobody else', async () => {
    const { api, authorize, onSignedOut } = clientOf(() => problem(401, { code: 'unauthorized' }))
    const signedOut = vi.fn<() => void>()
    onSignedOut(signedOut)
    await api.post('/session', { token: 'wrong' })
    expect(signedOut).not.toHaveBeenCalled()
    authorize('csrf')
    await api.get('/models')
    expect(signedOut).toHaveBeenCalledTimes(1)
  })

  it('hands on lines, and an answer without content', async () => {
    const lines: unknown[] = []
    const streaming = clientOf(() => new Response('{"a":1}\n{"a":2}\n'))
    expect(await streaming.api.stream('/check', undefined, (line) => lines.push(line))).toEqual({
      ok: true,
      value: undefined,
    })
    expect(lines).toEqual([{ a: 1 }, { a: 2 }])
    const cut = clientOf(() => new Response('{"a":1}\n{"a'))
    expect(await cut.api.stream('/check', undefined, () => undefined)).toMatchObject({ ok: false })
    const empty = clientOf(() => new Response(null, { status: 204 }))
    expect(await empty.api.remove('/session')).toEqual({ ok: true, value: undefined })
  })
})
