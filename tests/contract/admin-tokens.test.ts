import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call, type Answer } from '../support/arena/outsider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, [])
})
afterAll(() => stage.close())

type Token = {
  id: string
  name: string
  scope: string
  createdAt: string
  revokedAt: string | null
  token?: string
}

const admin = (method: string, path: string, body?: unknown, token = ADMIN_TOKEN) =>
  call(`${stage.arena.url}/api/v1/admin${path}`, { method, token, body })
const made = (answer: Answer) => {
  expect(answer.status).toBe(201)
  return answer.json() as Required<Token>
}
const list = async () => ((await admin('GET', '/tokens')).json() as { items: Token[] }).items

describe('POST /api/v1/admin/tokens', () => {
  test.each(['read', 'operator', 'admin', 'judge'])(
    'shows a token of scope %s this once, and it works at once',
    async (scope) => {
      const created = made(await admin('POST', '/tokens', { name: `for ${scope}`, scope }))
      expect(Object.keys(created).toSorted()).toEqual(
        ['createdAt', 'id', 'name', 'revokedAt', 'scope', 'token'].toSorted(),
      )
      expect(created).toMatchObject({ name: `for ${scope}`, scope, revokedAt: null })
      expect(created.token).toMatch(/^\S{20,}$/)
      const status = (await admin('GET', '/tokens', undefined, created.token)).status
      expect(status).toBe(scope === 'admin' ? 200 : 403)
      const listed = await admin('GET', '/tokens')
      expect(listed.text).toContain(created.id)
      expect(listed.text).not.toContain(created.token)
      const { token: _, ...shown } = created
      expect(await list()).toContainEqual(shown)
    },
  )

  test.each([
    ['name', { scope: 'read' }],
    ['name', { name: '', scope: 'read' }],
    ['name', { name: '   ', scope: 'read' }],
    ['name', { name: 'two\nlines', scope: 'read' }],
    ['name', { name: 'x'.repeat(81), scope: 'read' }],
    ['scope', { name: 'x' }],
    ['scope', { name: 'x', scope: 'god' }],
    ['token', { name: 'x', scope: 'read', token: 'mine' }],
  ])('names the field that is wrong: %s in %j', async (field, body) => {
    const answer = await admin('POST', '/tokens', body)
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.json()).toMatchObject({ details: { field } })
  })
})

describe('DELETE /api/v1/admin/tokens/:id', () => {
  test('holds at the next call; a second time changes nothing', async () => {
    const { id, token } = made(
      await admin('POST', '/tokens', { name: 'gone soon', scope: 'admin' }),
    )
    expect((await admin('GET', '/tokens', undefined, token)).status).toBe(200)
    expect((await admin('DELETE', `/tokens/${id}`)).status).toBe(204)
    expect((await admin('GET', '/tokens', undefined, token)).status).toBe(401)
    const revoked = (await list()).find((each) => each.id === id)
    expect(revoked?.revokedAt).not.toBeNull()
    expect((await admin('DELETE', `/tokens/${id}`)).status).toBe(204)
    expect((await list()).find((each) => each.id === id)).toEqual(revoked)
  })

  test('of one that is none: 404', async () => {
    expect(await admin('DELETE', '/tokens/nobody')).toMatchObject({
      status: 404,
      code: 'not_found',
    })
  })

  test('leaves the last admin token alone, and says how to go on', async () => {
    const alone = await setStage({}, [])
    const ask = (method: string, path: string, body?: unknown) =>
      call(`${alone.arena.url}/api/v1/admin/tokens${path}`, { method, token: ADMIN_TOKEN, body })
    const [{ id } = { id: '' }] = ((await ask('GET', '')).json() as { items: Token[] }).items
    await ask('POST', '', { name: 'no admin', scope: 'operator' })
    const spare = made(await ask('POST', '', { name: 'spare', scope: 'admin' }))
    expect((await ask('DELETE', `/${spare.id}`)).status).toBe(204)
    const refused = await ask('DELETE', `/${id}`)
    expect(refused).toMatchObject({ status: 409, code: 'conflict' })
    expect(refused.text).toContain('Make another first')
    // With another one it goes, even by itself.
    const next = made(await ask('POST', '', { name: 'next', scope: 'admin' }))
    expect((await ask('DELETE', `/${id}`)).status).toBe(204)
    expect((await ask('GET', '')).status).toBe(401)
    const asNext = { token: next.token }
    expect((await call(`${alone.arena.url}/api/v1/admin/tokens`, asNext)).status).toBe(200)
    await alone.close()
  })
})

test('whoever makes and revokes is in the audit log with what it was, never with the token', async () => {
  const { id, token } = made(await admin('POST', '/tokens', { name: 'kept', scope: 'read' }))
  await admin('DELETE', `/tokens/${id}`)
  const answer = await admin('GET', `/audit?subject=${id}`)
  const { items } = answer.json() as { items: Record<string, unknown>[] }
  expect(items).toMatchObject([
    { action: 'token.revoke', subject: `token ${id}`, details: { name: 'kept', scope: 'read' } },
    { action: 'token.create', subject: `token ${id}`, details: { name: 'kept', scope: 'read' } },
  ])
  expect(items[0]?.['actor']).toMatch(/^ADMIN_TOKEN \(/)
  expect(answer.text).not.toContain(token)
  const { items: creations } = (
    await admin('GET', '/audit?action=token.create&limit=200')
  ).json() as {
    items: { action: string }[]
  }
  expect(new Set(creations.map(({ action }) => action))).toEqual(new Set(['token.create']))
  expect(await admin('GET', '/audit?cursor=x')).toMatchObject({ status: 422 })
  expect((await admin('GET', '/audit?action=nothing')).json()).toEqual({
    items: [],
    nextCursor: null,
  })
})
