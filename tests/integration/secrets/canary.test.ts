import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startArena, type TestArena } from '../../support/arena/arena.ts'
import { Listener, newVisitor, type ClientSocket } from '../../support/arena/client.ts'
import { ask, battleOf, call, connectOutsider } from '../../support/arena/outsider.ts'
import {
  removePrograms,
  runProgram,
  settingsFor,
  type Program,
} from '../../support/arena/process.ts'
import { signIn } from '../../support/arena/signed-in.ts'
import {
  ECHOES,
  startEchoingProvider,
  type EchoingProvider,
} from '../../support/secrets/echoing-provider.ts'
import { filesUnder, tracesOf } from '../../support/secrets/traces.ts'

// Every sign that JSON, addresses, HTML or base64 write otherwise, and words that nothing else holds.
const canary = (name: string) => `sk-${name}Qz7/+=&"<\\%~Xw3Canary${name}Vk9Pf5Jd2Hs8`
const SECRETS = {
  'the first key': canary('Avocet'),
  'the key after it': canary('Bittern'),
  'the key that was tried': canary('Curlew'),
  'the key of a file': canary('Dunlin'),
  'the key of a body that was refused': canary('Egret'),
  "the webhook's path": 'T0Fulmar4Gx8Rr2Canary6Wn1Yb3',
  "the webhook's password": 'Gannet7Lk5Canary2Mz9Qs4Td8',
  'the administrator’s token': 'admin-Harrier3Vc6Canary8Jx1Nn5Kp0',
}
const KEY = SECRETS['the first key']
const LATER_KEY = SECRETS['the key after it']

let arena: TestArena
let provider: EchoingProvider
let webhook: { server: Server; bodies: string[]; asked: string[] }
/** Whatever anybody was answered, shown or sent, by where. */
const heard: [string, string][] = []
const slugs: string[] = []

const note = (where: string, what: string) => void heard.push([where, what])

async function admin(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const answer = await call(`${arena.url}/api/v1/admin${path}`, {
    method,
    token: SECRETS['the administrator’s token'],
    body,
    // The search holds up this process, and with it the arena: no connection outlives that.
    headers: { connection: 'close' },
  })
  note(`${method} ${path}`, `${answer.text} ${JSON.stringify([...answer.headers])}`)
  return answer
}

const providerOf = (kind: string, model: string, apiKey: string) => ({
  kind,
  model,
  apiKey,
  baseUrl: `${provider.baseUrl}/v1`,
})
const registration = (slug: string, kind: string, echo: string, apiKey = KEY) => ({
  slug,
  name: `Name of ${slug}`,
  organization: 'Maker',
  license: 'MIT',
  provider: providerOf(kind, `echo-${echo}-${kind}`, apiKey),
})

beforeAll(async () => {
  provider = await startEchoingProvider()
  webhook = { server: createServer(), bodies: [], asked: [] }
  webhook.server.on('request', (request, response) => {
    webhook.asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    request.on('data', (chunk: Buffer) => webhook.bodies.push(chunk.toString()))
    request.on('end', () => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => webhook.server.listen(0, '127.0.0.1', resolve))
  const { port } = webhook.server.address() as AddressInfo
  const hook = `http://hook:${SECRETS["the webhook's password"]}@127.0.0.1:${port}/services/${SECRETS["the webhook's path"]}`
  arena = await startArena({
    ALERT_WEBHOOK_URL: hook,
    ADMIN_TOKEN: SECRETS['the administrator’s token'],
    PROVIDER_ALLOWED_HOSTS: '127.0.0.0/8',
  })
}, 60_000)
afterAll(async () => {
  await arena.close()
  await arena.remove()
  await provider.close()
  webhook.server.closeAllConnections()
  webhook.server.close()
  await removePrograms()
})

test('a life of a key: registered, used, quoted by errors, changed, exported, imported, retired', async () => {
  for (const kind of ['openai-compatible', 'anthropic', 'google']) {
    for (const echo of Object.keys(ECHOES)) {
      const slug = `${kind}-${echo}`
      slugs.push(slug)
      const { status, text } = await admin('POST', '/models', registration(slug, kind, echo))
      expect(status, text).toBe(201)
    }
  }
  // Used: by probes, by whoever tests it, and by battles until every model has been drawn.
  for (const slug of slugs) await admin('POST', `/models/${slug}/check`)
  await admin('POST', '/check')
  const trial = (apiKey: string) => ({
    provider: providerOf('openai-compatible', 'echo-plain-tried', apiKey),
    prompt: 'Who is there?',
  })
  for (const echo of Object.keys(ECHOES)) {
    const { provider: tried } = trial(SECRETS['the key that was tried'])
    await admin('POST', '/try', { provider: { ...tried, model: `echo-${echo}-tried` } })
    await admin('POST', '/try', { slug: `openai-compatible-${echo}`, provider: {} })
  }
  await battles(60)
  expect(provider.shown).toContain(KEY)
  expect(provider.shown).toContain(SECRETS['the key that was tried'])

  // Changed: the key alone, what is beside it, the address that it belongs to.
  const [one = '', other = '', third = ''] = slugs
  await admin('PATCH', `/models/${one}`, { provider: { apiKey: LATER_KEY } })
  await admin('PATCH', `/models/${one}`, { name: 'Renamed', systemPrompt: 'Be brief.' })
  await admin('PATCH', `/models/${other}`, {
    provider: { apiKey: LATER_KEY, model: 'echo-plain-x' },
  })
  await admin('PATCH', `/models/${third}`, { provider: { baseUrl: `${provider.baseUrl}/v2` } })
  for (const slug of [one, other, third]) await admin('POST', `/models/${slug}/check`)
  expect(provider.shown).toContain(LATER_KEY)

  // Refused: next to the key, because of the key, and as a whole.
  const refused = SECRETS['the key of a body that was refused']
  const bad = registration('refused', 'openai-compatible', 'plain', refused)
  for (const body of [
    { ...bad, weight: -1 },
    { ...bad, provider: { ...bad.provider, apiKey: `${refused}\n` } },
    { ...bad, provider: { ...bad.provider, kind: 'nothing' } },
    { ...bad, provider: { ...bad.provider, secret: refused } },
    { ...bad, apiKey: refused },
    { ...bad, slug: one },
    {
      ...bad,
      provider: { ...bad.provider, baseUrl: `http://u:${encodeURIComponent(refused)}@127.0.0.1/` },
    },
    {
      ...bad,
      provider: {
        ...bad.provider,
        baseUrl: `http://127.0.0.1:1/${encodeURIComponent(refused)}?key=1`,
      },
    },
    [refused],
    refused,
    `{"apiKey": "${refused}`,
  ]) {
    for (const [method, path] of [
      ['POST', '/models'],
      ['PATCH', `/models/${one}`],
      ['POST', '/try'],
    ] as const) {
      const { status } = await admin(method, path, body)
      expect([409, 422]).toContain(status)
    }
  }

  // Out as files, and in.
  for (const format of ['yaml', 'json', 'fastchat']) {
    const { status } = await admin('GET', `/models/export?format=${format}&retired=1`)
    expect(status).toBe(200)
  }
  const inFile = SECRETS['the key of a file']
  const fastchat = {
    'from-a-file': {
      model_name: 'echo-plain-file',
      api_type: 'openai',
      api_base: `${provider.baseUrl}/v1`,
      api_key: inFile,
      anony_only: false,
    },
  }
  for (const text of [
    JSON.stringify(fastchat),
    JSON.stringify({ bad: { ...fastchat['from-a-file'], api_base: `${inFile}://x` } }),
    JSON.stringify(fastchat).slice(0, -3),
    `models:\n  - slug: in-yaml\n    apiKey: ${JSON.stringify(inFile)}\n`,
    `models:\n  - slug: [broken\n    apiKey: "${inFile}"\n  x`,
    `{"models": [{"slug": "x", "provider": {"kind": "${inFile}"}}]}`,
  ]) {
    for (const dryRun of [true, false]) await admin('POST', '/models/import', { text, dryRun })
  }

  for (const slug of slugs.slice(0, 6))
    await admin('DELETE', `/models/${slug}`, { reason: 'Done.' })
}, 240_000)

/** Battles between models that all fail, and whatever their visitors are told. */
async function battles(count: number): Promise<void> {
  const cookie = await newVisitor(arena.url)
  const socket = await connectOutsider(arena.url, { cookie })
  socket.onAny((event: string, payload: unknown) => note(event, JSON.stringify(payload)))
  const typed = socket as unknown as ClientSocket
  for (let index = 0; index < count; index += 1) {
    const ended = new Listener(typed)
    const reply = await ask(socket, 'battle:start', { prompt: `Question ${index}` })
    note('battle:start', JSON.stringify(reply))
    // When all breakers are open nobody is left to be asked.
    if (!reply.ok) break
    ended.only(battleOf(reply))
    await ended.bothEnded()
    ended.stop()
    note(
      'battle:retry',
      JSON.stringify(await ask(socket, 'battle:retry', { battleId: battleOf(reply) })),
    )
    note('battle', (await call(`${arena.url}/api/v1/battles/${battleOf(reply)}`, { cookie })).text)
  }
  note('battles', (await call(`${arena.url}/api/v1/battles?mine=1`, { cookie })).text)
  socket.disconnect()
}

/** Every list to its end, and every entry that has a page of its own. */
async function readAll(
  path: string,
  entry?: (item: Record<string, unknown>) => string,
): Promise<number> {
  let [cursor, count]: [string | null, number] = ['', 0]
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { text, status } = await admin('GET', `${path}?limit=200${query}`)
    expect(status, text).toBe(200)
    const page = JSON.parse(text) as {
      items: Record<string, unknown>[]
      nextCursor?: string | null
    }
    count += page.items.length
    if (entry !== undefined) {
      for (const item of page.items.slice(0, 60)) {
        expect((await admin('GET', `${path}/${entry(item)}`)).status).toBe(200)
      }
    }
    cursor = page.nextCursor ?? null
  }
  return count
}

describe('afterwards none of it is', () => {
  /** Where something of a secret was left, and in which form. */
  const left = (
    secrets: Readonly<Record<string, string>>,
    places: Iterable<readonly [string, Buffer | string]>,
  ) => {
    const traces = tracesOf(secrets)
    return [...places].flatMap(([place, what]) =>
      traces.in(what).map((each) => `${place}: ${each}`),
    )
  }

  test('in an answer to an administrator: lists, pages, files, metrics', async () => {
    expect(await readAll('/models', ({ slug }) => String(slug))).toBeGreaterThan(40)
    expect(await readAll('/failures', ({ id }) => String(id))).toBeGreaterThan(20)
    expect(await readAll('/battles', ({ battleId }) => String(battleId))).toBeGreaterThan(5)
    expect(await readAll('/audit')).toBeGreaterThan(100)
    expect(await readAll('/alerts')).toBeGreaterThan(0)
    await admin('GET', '/tokens')
    await admin('POST', '/draw', {})
    for (const path of [
      '/api/v1/models',
      '/api/v1/leaderboard',
      '/api/v1/exports/votes',
      '/metrics',
      '/health/ready',
    ]) {
      const token = SECRETS['the administrator’s token']
      note(path, (await call(`${arena.url}${path}`, { token })).text)
    }
    expect(heard.length).toBeGreaterThan(300)
    expect(left(SECRETS, heard)).toEqual([])
  })

  test('in what the webhook is told; and it is told with its secrets', async () => {
    await expect.poll(() => webhook.bodies.length, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(webhook.asked[0]).toContain(SECRETS["the webhook's path"])
    expect(left(SECRETS, [['the webhook', webhook.bodies.join('\n')]])).toEqual([])
  })

  test('in the log, at its most talkative', () => {
    expect(arena.logs.length).toBeGreaterThan(20)
    expect(left(SECRETS, [['the log', arena.logs.join('\n')]])).toEqual([])
  })

  test('in what commands say', async () => {
    const env = { ...settingsFor(arena.folder), ADMIN_TOKEN: SECRETS['the administrator’s token'] }
    const commands: [Program, ...string[]][] = [
      ['scripts/admin', 'token', 'list'],
      ['scripts/admin', 'keys', 'list'],
      ['scripts/admin', 'keys', 'rotate'],
      ['scripts/admin', 'keys', 'prune', '--force'],
      ['scripts/rebuild', '--check'],
    ]
    for (const [program, ...args] of commands) {
      const { stdout, stderr } = await runProgram(program, args, env)
      note(`${program} ${args.join(' ')}`, stdout + stderr)
    }
    // Sealed anew, and still what they were.
    provider.shown.clear()
    await admin('POST', `/models/${slugs.at(-1) ?? ''}/check`)
    expect([...provider.shown]).toEqual([KEY])

    const bad = await runProgram('server/main', [], {
      ...env,
      ALERT_WEBHOOK_URL: `ftp://hook/${SECRETS["the webhook's path"]}`,
    })
    expect(bad.code).toBe(1)
    note('a start with a bad setting', bad.stdout + bad.stderr)
    expect(left(SECRETS, heard)).toEqual([])
  }, 120_000)

  test('in a file of the arena: the database with its log, a copy, a backup; nor are tokens and cookies', async () => {
    const { cookie, csrfToken } = await signIn(arena.url, SECRETS['the administrator’s token'])
    const made = await admin('POST', '/tokens', { name: 'another', scope: 'read' })
    const { token } = JSON.parse(made.text) as { token: string }
    const secrets = {
      ...SECRETS,
      'a cookie of a session': cookie.split('=')[1] ?? '',
      'a CSRF token': csrfToken,
      'a token': token.slice('trv_'.length),
    }
    const db = new BetterSqlite(join(arena.folder, 'arena.db'))
    db.prepare('vacuum into ?').run(join(arena.folder, 'copy.db'))
    await db.backup(join(arena.folder, 'backup.db'))
    const sealed = db.prepare('select count(*) as n from models where sealed_key is not null').get()
    expect((sealed as { n: number }).n).toBeGreaterThan(40)
    db.close()
    const files = await filesUnder(arena.folder)
    for (const name of ['arena.db', 'arena.db-wal', 'copy.db', 'backup.db', 'secret.json']) {
      expect(files.get(join(arena.folder, name))?.length, name).toBeGreaterThan(0)
    }
    expect(left(secrets, files)).toEqual([])
    expect(left(secrets, [['the log', arena.logs.join('\n')]])).toEqual([])
  }, 120_000)
})

test('the search finds what is there', () => {
  const { in: search } = tracesOf({ key: KEY })
  const encoded = Buffer.from(`user:${KEY}`).toString('base64')
  for (const text of [
    KEY,
    JSON.stringify(KEY),
    encodeURIComponent(KEY),
    encoded,
    KEY.slice(9, 21),
  ]) {
    expect(search(`before ${text} behind`)).not.toEqual([])
    expect(search(Buffer.from(`before ${text} behind`))).not.toEqual([])
  }
  expect(search('sk-another-key')).toEqual([])
})
