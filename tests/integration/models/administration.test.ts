import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEntrySchema, TOKEN_SCOPES, type TokenScope } from '../../../shared/schemas/system.ts'
import {
  startProviderServer,
  type ProviderServer,
} from '../../support/providers/provider-server.ts'
import { startTestArena, type TestArena } from '../../support/providers/test-arena.ts'

const run = promisify(execFile)

let arena: TestArena
let provider: ProviderServer
beforeEach(async () => {
  provider = await startProviderServer()
  arena = await startTestArena()
})
afterEach(async () => {
  await arena.close()
  await provider.close()
})

const registration = () => ({
  slug: 'one',
  name: 'One',
  organization: 'O',
  license: 'MIT',
  provider: { kind: 'openai-compatible', baseUrl: provider.baseUrl, model: 'm' },
})

type Outcome = { code: number; stdout: string; stderr: string }

async function admin(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, DATABASE_URL: `file:${join(arena.folder, 'arena.db')}` }
  const command = ['--import', 'tsx', 'scripts/admin.ts', ...args]
  try {
    const { stdout, stderr } = await run(process.execPath, command, { env })
    return { code: 0, stdout, stderr }
  } catch (cause) {
    return cause as Outcome
  }
}

describe('who may do what', () => {
  const CALLS: [method: string, path: string, scopes: TokenScope[], status: number][] = [
    ['GET', '/admin/models', ['operator', 'admin'], 200],
    ['GET', '/admin/models/one', ['operator', 'admin'], 200],
    ['POST', '/admin/models/one/check', ['operator', 'admin'], 200],
    ['GET', '/admin/audit', ['admin'], 200],
    ['PATCH', '/admin/models/one', ['admin'], 200],
    ['POST', '/admin/models', ['admin'], 409],
    ['DELETE', '/admin/models/one', ['admin'], 204],
  ]

  test.each(CALLS)('%s %s is for %j', async (method, path, scopes, expected) => {
    await arena.call('POST', '/admin/models', { scope: 'admin', body: registration() })
    const body =
      method === 'PATCH'
        ? {}
        : path === '/admin/models' && method === 'POST'
          ? registration()
          : undefined
    expect((await arena.call(method, path, { body })).body).toMatchObject({ code: 'unauthorized' })
    for (const scope of TOKEN_SCOPES.toReversed()) {
      const { status } = await arena.call(method, path, { scope, body })
      expect(status, scope).toBe(scopes.includes(scope) ? expected : 403)
    }
  })

  test.each(['', 'x', 'trv_', `trv_${'A'.repeat(43)}`, 'A'.repeat(5000)])(
    '%j is no token',
    async (token) => {
      expect((await arena.call('GET', '/admin/models', { token })).status).toBe(401)
    },
  )
})

describe('the settings token', () => {
  test('is let in once, and stays out when it was revoked', async () => {
    expect(await arena.tokens.bootstrap('from-the-settings')).toBe('added')
    expect(await arena.tokens.bootstrap('from-the-settings')).toBe('known')
    expect((await arena.call('GET', '/admin/audit', { token: 'from-the-settings' })).status).toBe(
      200,
    )
    const [token] = await arena.tokens.list()
    await arena.tokens.revoke(token?.id ?? '', 'test')
    expect(await arena.tokens.bootstrap('from-the-settings')).toBe('revoked')
    expect((await arena.call('GET', '/admin/audit', { token: 'from-the-settings' })).status).toBe(
      401,
    )
  })
})

describe('the audit log', () => {
  test('holds every act, who did it, and no key', async () => {
    const as = { scope: 'admin' } as const
    await arena.call('POST', '/admin/models', { ...as, body: registration() })
    await arena.call('PATCH', '/admin/models/one', {
      ...as,
      body: { provider: { apiKey: 'sk-canary' } },
    })
    await arena.call('POST', '/admin/models/one/check', { scope: 'operator' })
    await arena.call('DELETE', '/admin/models/one', as)
    await arena.call('DELETE', '/admin/models/one', as)
    const { body, text } = await arena.call('GET', '/admin/audit', as)
    const items = auditEntrySchema.array().parse(body['items'])
    expect(items.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1])
    expect(items.map(({ action }) => action).toReversed()).toEqual([
      'token.create',
      'model.register',
      'model.change',
      'token.create',
      'model.check',
      'model.retire',
    ])
    expect(items[0]).toMatchObject({
      subject: 'model one',
      actor: expect.stringMatching(/^a admin \([0-9a-f]{12}\)$/) as string,
    })
    expect(text).not.toContain('sk-canary')
    const page = await arena.call('GET', '/admin/audit?limit=4', as)
    expect(page.body['nextCursor']).toBe('3')
    const rest = await arena.call('GET', '/admin/audit?limit=4&cursor=3', as)
    expect(rest.body).toMatchObject({ items: [{ id: 2 }, { id: 1 }], nextCursor: null })
    expect((await arena.call('GET', '/admin/audit?cursor=x', as)).status).toBe(422)
  })
})

describe('the command', () => {
  test('makes, lists and revokes tokens while the arena runs', async () => {
    const created = await admin('token', 'create', '--scope', 'operator', '--name', 'Grace Hopper')
    const token = created.stdout.trimEnd().split('\n').at(-1) ?? ''
    expect(token).toMatch(/^trv_[A-Za-z0-9_-]{43}$/)
    expect(created.stdout).toBe(`${token}\n`)
    expect((await arena.call('GET', '/admin/models', { token })).status).toBe(200)
    expect((await arena.call('GET', '/admin/audit', { token })).status).toBe(403)

    const [line = ''] = (await admin('token', 'list')).stdout.split('\n')
    const [id = '', ...rest] = line.split('\t')
    expect(rest.slice(0, 2)).toEqual(['operator', 'Grace Hopper'])
    expect(await admin('token', 'revoke', id)).toMatchObject({ code: 0, stdout: '' })
    expect((await arena.call('GET', '/admin/models', { token })).status).toBe(401)
    expect((await admin('token', 'list')).stdout).toContain('revoked')
    expect(await admin('token', 'revoke', 'nobody')).toMatchObject({ code: 1, stdout: '' })
  })

  test('is admin by default', async () => {
    const { stdout } = await admin('token', 'create')
    expect((await arena.call('GET', '/admin/audit', { token: stdout.trim() })).status).toBe(200)
  })

  test.each([
    [[]],
    [['token', 'create', '--scope', 'god']],
    [['token', 'create', '--x']],
    [['token', 'revoke']],
  ])('%j is a usage error', async (args) => {
    const { code, stdout, stderr } = await admin(...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^admin: .+\nusage: /)
  })
})
