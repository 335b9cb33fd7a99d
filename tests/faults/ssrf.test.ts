import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_ALLOWED_HOSTS } from '../../server/providers/allowed-hosts.ts'
import { createEndpointGuard, type Resolve } from '../../server/providers/endpoint-guard.ts'
import { createTransport } from '../../server/providers/transport.ts'
import { startArena, type TestArena } from '../support/arena/arena.ts'
import { Eyes } from '../support/faults/eyes.ts'
import { listenAt, type Listener } from '../support/faults/canaries.ts'
import { PRIVATE_NAMES, privateAddresses } from '../support/faults/spellings.ts'

const KINDS = ['openai-compatible', 'anthropic', 'google'] as const
type Kind = (typeof KINDS)[number]

/** Where names lead that a test changes; each answer in turn, the last one for ever. */
const changing = new Map<string, (readonly string[])[]>()
const resolve: Resolve = (name) => {
  const answers = changing.get(name)
  const found = answers === undefined ? PRIVATE_NAMES[name] : answers[0]
  if (answers !== undefined && answers.length > 1) answers.shift()
  if (found !== undefined) return Promise.resolve(found)
  return Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }))
}

let canaries: Listener[]
let allowed: Listener
let arena: TestArena
let canaryPort: number
let spellings: string[]
let anyPort: number

beforeAll(async () => {
  const loopback = await listenAt('127.0.0.1')
  if (loopback === undefined) throw new Error('this machine has no loopback')
  canaryPort = loopback.port
  const others = [await listenAt('::1', canaryPort), await listenAt('0.0.0.0')]
  anyPort = others[1]?.port ?? canaryPort
  canaries = [loopback, ...others.filter((each) => each !== undefined)]
  const one = await listenAt('127.0.0.2')
  if (one === undefined) throw new Error('127.0.0.2 is not of this machine')
  allowed = one
  spellings = privateAddresses(canaryPort)
  arena = await startArena(
    {
      PROVIDER_ALLOWED_HOSTS: `127.0.0.2:${allowed.port}`,
      CONNECT_TIMEOUT_MS: '1000',
      FIRST_TOKEN_TIMEOUT_MS: '2000',
    },
    undefined,
    resolve,
  )
})
afterAll(async () => {
  await arena.close()
  await arena.remove()
  await Promise.all([allowed, ...canaries].map((each) => each.close()))
})

const sung = () => canaries.reduce((sum, each) => sum + each.connections(), 0)

const registration = (slug: string, kind: Kind, baseUrl: string) => ({
  slug,
  name: slug,
  organization: 'Somebody',
  license: 'MIT',
  provider: { kind, baseUrl, model: 'm', apiKey: 'key' },
})

/** What an administrator is told: the status, and the field that is at fault. */
async function told(method: string, path: string, body: unknown): Promise<string> {
  const response = await arena.admin(method, `/api/v1/admin/${path}`, body)
  const text = await response.text()
  if (response.status !== 422) return `${response.status} ${text.slice(0, 200)}`
  const { details } = JSON.parse(text) as { details?: { field?: string } }
  return `422 ${details?.field}`
}

const REFUSED = '422 provider.baseUrl'

/** Asks for each, some at once, and names those that were answered otherwise. */
async function breaches(
  baseUrls: readonly string[],
  ask: (baseUrl: string, nth: number) => Promise<string>,
): Promise<string[]> {
  const wrong: string[] = []
  const waiting = [...baseUrls.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [nth, baseUrl] = next
      const answer = await ask(baseUrl, nth)
      if (answer !== REFUSED) wrong.push(`${JSON.stringify(baseUrl)}: ${answer}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return wrong
}

describe('no spelling of a private address', () => {
  test('is registered, with any kind of provider', async () => {
    process.stdout.write(`${spellings.length} spellings, ${canaries.length} canaries\n`)
    expect(spellings.length).toBeGreaterThanOrEqual(120)
    for (const kind of KINDS) {
      const wrong = await breaches(spellings, (baseUrl, nth) =>
        told('POST', 'models', registration(`s-${kind}-${nth}`, kind, baseUrl)),
      )
      expect(wrong, kind).toEqual([])
    }
    const other = privateAddresses(anyPort)
    expect(
      await breaches(other, (baseUrl, nth) =>
        told('POST', 'models', registration(`any-${nth}`, 'openai-compatible', baseUrl)),
      ),
    ).toEqual([])
    expect(sung()).toBe(0)
  })

  test('is what a model can be changed to', async () => {
    for (const kind of KINDS) {
      const good = `http://127.0.0.2:${allowed.port}`
      const slug = `good-${kind}`
      const answer = await told('POST', 'models', registration(slug, kind, good))
      expect(answer).toMatch(/^201/)
      const provider = { apiKey: 'key' }
      const wrong = await breaches(spellings, (baseUrl) =>
        told('PATCH', `models/${slug}`, { provider: { ...provider, baseUrl } }),
      )
      expect(wrong, kind).toEqual([])
    }
    expect(sung()).toBe(0)
  })

  test('can be tried', async () => {
    for (const kind of KINDS) {
      const wrong = await breaches(spellings, (baseUrl) =>
        told('POST', 'try', { provider: { kind, baseUrl, model: 'm', apiKey: 'key' } }),
      )
      expect(wrong, kind).toEqual([])
    }
    expect(sung()).toBe(0)
  })

  test('is imported, from any kind of file', async () => {
    const entries = spellings.map((baseUrl, nth) =>
      registration(`i-${nth}`, KINDS[nth % KINDS.length] ?? 'google', baseUrl),
    )
    const own = JSON.stringify({ models: entries })
    const fastchat = JSON.stringify(
      Object.fromEntries(
        spellings.map((api_base, nth) => [
          `Fast ${nth}`,
          { model_name: 'm', api_base, api_type: 'openai', api_key: 'key' },
        ]),
      ),
    )
    for (const [format, text] of [
      ['json', own],
      // JSON is YAML.
      ['yaml', own],
      ['fastchat', fastchat],
    ]) {
      const response = await arena.admin('POST', '/api/v1/admin/models/import', { format, text })
      const body = (await response.json()) as {
        registered: number
        items: { outcome: string; field?: string }[]
      }
      expect(response.status, JSON.stringify(body).slice(0, 300)).toBe(200)
      expect(body.registered).toBe(0)
      const others = body.items.filter(({ outcome }) => outcome !== 'invalid')
      expect(others, format).toEqual([])
      expect(body.items).toHaveLength(spellings.length)
    }
    expect(sung()).toBe(0)
  })

  test('is connected to, even if it was stored before there was a rule', async () => {
    const guard = createEndpointGuard(NO_ALLOWED_HOSTS, resolve)
    const transport = createTransport({ guard, connectTimeoutMs: 1000 })
    const signal = new AbortController().signal
    for (const baseUrl of [...spellings, ...privateAddresses(anyPort)]) {
      if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) continue
      const post = transport.post(new URL(baseUrl), {}, '{}', signal)
      await expect(post, baseUrl).rejects.toMatchObject({ kind: 'address-refused' })
    }
    transport.close()
    expect(sung()).toBe(0)
  })
})

/** Registers a model at a name that leads to an allowed address, for now. */
async function registerAt(slug: string, name: string, kind: Kind = 'openai-compatible') {
  if (name !== '127.0.0.2') changing.set(name, [['127.0.0.2']])
  const reached = allowed.connections()
  const baseUrl = `http://${name}:${allowed.port}`
  expect(await told('POST', 'models', registration(slug, kind, baseUrl))).toMatch(/^201/)
  // Its probe is through: nothing of it is left that could be mistaken for what comes.
  await expect.poll(() => allowed.connections()).toBeGreaterThan(reached)
  expect(await check(slug)).toMatchObject({ ok: true })
}

async function check(slug: string): Promise<{ ok: boolean; error?: string }> {
  const response = await arena.admin('POST', `/api/v1/admin/models/${slug}/check`)
  return (await response.json()) as { ok: boolean; error?: string }
}

describe('a name that leads elsewhere later', () => {
  test.each([
    ['this machine', ['127.0.0.1']],
    ['this machine in IPv6', ['::1']],
    ['every address', ['0.0.0.0']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['an allowed and a private one', ['127.0.0.2', '127.0.0.1']],
    ['a private and an allowed one', ['127.0.0.1', '127.0.0.2']],
    ['an address with a zone', ['::1%lo']],
    ['metadata', ['169.254.169.254']],
    ['nothing that is an address', ['localhost']],
    ['an address in octal', ['0177.0.0.1']],
  ])('is refused when connected: %s', async (what, addresses) => {
    const slug = `rebound-${what.toLowerCase().replaceAll(/\W+/g, '-')}`
    const name = `${slug}.test`
    for (const kind of KINDS) {
      await registerAt(`${slug}-${kind}`, name, kind)
      changing.set(name, [addresses])
      const result = await check(`${slug}-${kind}`)
      expect(result).toMatchObject({ ok: false })
      expect(result.error).toContain('address-refused')
      // Between the check and the connection of one and the same call.
      changing.set(name, [['127.0.0.2'], addresses])
      const tried = await arena.admin('POST', '/api/v1/admin/try', {
        provider: { kind, baseUrl: `http://${name}:${allowed.port}`, model: 'm', apiKey: 'key' },
      })
      expect(await tried.text()).toContain('address-refused')
      await arena.admin('DELETE', `/api/v1/admin/models/${slug}-${kind}`)
    }
    expect(sung()).toBe(0)
  })

  test('is refused in battles, between one connection and the next', async () => {
    for (const { slug } of await modelsNow())
      await arena.admin('DELETE', `/api/v1/admin/models/${slug}`)
    await registerAt('battle-one', 'battle-one.test')
    await registerAt('battle-two', 'battle-two.test')
    const eyes = await Eyes.open(arena.url)
    const before = await eyes.socket.emitWithAck('battle:start', { prompt: 'Before?' })
    expect(before.ok).toBe(true)
    if (!before.ok) return
    await eyes.ended(before.battleId)
    expect(eyes.of(before.battleId).a.text).toBe('Reached.')

    changing.set('battle-one.test', [['127.0.0.1']])
    changing.set('battle-two.test', [['::1']])
    const after = await eyes.socket.emitWithAck('battle:start', { prompt: 'After?' })
    if (!after.ok) throw new Error(after.error.code)
    await eyes.ended(after.battleId)
    const { a, b } = eyes.of(after.battleId)
    expect([a.end?.reason, b.end?.reason]).toEqual(['error', 'error'])
    expect(arena.logs.join('\n')).toContain('address-refused')
    expect(eyes.received).not.toMatch(/127\.0\.0\.1|address|refused/)
    eyes.close()
    expect(sung()).toBe(0)
  })
})

async function modelsNow(): Promise<{ slug: string }[]> {
  const response = await arena.admin('GET', '/api/v1/admin/models?limit=100')
  const { items } = (await response.json()) as { items: { slug: string; retired: unknown }[] }
  return items.filter(({ retired }) => retired === null)
}

describe('an allowed provider', () => {
  test('is reached', async () => {
    const reached = allowed.connections()
    for (const kind of KINDS) {
      const baseUrl = `http://127.0.0.2:${allowed.port}`
      expect(await told('POST', 'models', registration(`there-${kind}`, kind, baseUrl))).toMatch(
        /^201/,
      )
      expect(await check(`there-${kind}`)).toMatchObject({ ok: true })
    }
    expect(allowed.connections()).toBeGreaterThanOrEqual(reached + 3)
  })

  test.each(KINDS)('cannot lead anybody further: %s', async (kind) => {
    const slug = `leads-${kind}`
    await registerAt(slug, '127.0.0.2', kind)
    for (const to of [
      `http://127.0.0.1:${canaryPort}/v1`,
      `http://[::1]:${canaryPort}/v1`,
      `//127.0.0.1:${canaryPort}/v1`,
      `http://localhost:${canaryPort}/`,
      // Back to itself, and so on for ever.
      `http://127.0.0.2:${allowed.port}/again`,
      '/again',
    ]) {
      allowed.redirect(to)
      const reached = allowed.connections()
      expect(await check(slug)).toMatchObject({ ok: false })
      expect(allowed.connections(), to).toBe(reached + 1)
    }
    allowed.redirect(undefined)
    expect(sung()).toBe(0)
  })

  test.each([
    '@127.0.0.1:PORT/x',
    '//127.0.0.1:PORT/x',
    '..\\..\\127.0.0.1:PORT',
    '../../../x?y#z',
  ])('is not left by the name of a model: %s', async (model) => {
    for (const kind of KINDS) {
      const provider = {
        kind,
        model: model.replace('PORT', String(canaryPort)),
        baseUrl: `http://127.0.0.2:${allowed.port}`,
        apiKey: 'key',
      }
      const response = await arena.admin('POST', '/api/v1/admin/try', { provider })
      await response.text()
    }
    expect(sung()).toBe(0)
  })
})

test('the canaries do sing: all of the above can fail', async () => {
  const before = sung()
  for (const host of ['127.0.0.1', '[::1]']) {
    if (host === '[::1]' && canaries.length < 3) continue
    const response = await fetch(`http://${host}:${canaryPort}/v1/chat/completions`, {
      method: 'POST',
    })
    expect(await response.text()).toContain('Reached.')
  }
  const any = await fetch(`http://127.0.0.1:${anyPort}/v1/chat/completions`, { method: 'POST' })
  expect(await any.text()).toContain('Reached.')
  expect(sung()).toBeGreaterThan(before)
})
