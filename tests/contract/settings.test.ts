import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { loadSecrets } from '../../server/secrets/secrets.ts'
import { ADMIN_TOKEN, startArena } from '../support/arena/arena.ts'
import { connect, Listener, newVisitor } from '../support/arena/client.ts'
import { byHand, startMockProvider } from '../support/arena/mock-provider.ts'
import { ask, call, codeOf } from '../support/arena/outsider.ts'
import { removePrograms, runProgram, settingsFor, startProcess } from '../support/arena/process.ts'
import { granted } from '../support/arena/stage.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trivium-settings-'))
})
afterAll(async () => {
  await removePrograms()
  await rm(folder, { recursive: true, force: true })
})

/** Starts the program, which has to refuse. */
async function refusal(env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await runProgram('server/main', [], {
    ...settingsFor(folder),
    ...env,
  })
  expect(code).not.toBe(0)
  expect(stdout).toBe('')
  const lines = stderr.trimEnd().split('\n')
  expect(lines, stderr).toHaveLength(1)
  return lines[0] ?? ''
}

test('a start without ADMIN_TOKEN says if the one of before is still valid', async () => {
  const first = await startArena()
  await first.close()
  const told = (logs: readonly string[]) =>
    logs.filter((line) => line.includes('ADMIN_TOKEN is not set'))
  expect(told(first.logs)).toEqual([])
  const second = await startArena({ ADMIN_TOKEN: '' }, first.folder)
  const status = (await call(`${second.url}/api/v1/admin/tokens`, { token: ADMIN_TOKEN })).status
  await second.close()
  expect(status).toBe(200)
  expect(told(second.logs)).toEqual([expect.stringContaining('"level":30')])
  expect(second.logs.join('')).not.toContain(ADMIN_TOKEN)
  await second.remove()
})

test.each([
  ['guess-me-if-you', 1],
  ['hard-to-guess-16', 0],
])(
  'the log warns of an ADMIN_TOKEN that is short, and does not tell it: %s',
  async (token, times) => {
    const arena = await startArena({ ADMIN_TOKEN: token })
    expect((await arena.admin('GET', '/api/v1/admin/tokens')).status).toBe(200)
    await arena.close()
    const warnings = arena.logs.filter((line) => line.includes('ADMIN_TOKEN has fewer than 16'))
    expect(warnings).toHaveLength(times)
    expect(arena.logs.join('')).not.toContain(token)
    await arena.remove()
  },
)

describe('a value that cannot be used is told in one line that says which and why', () => {
  // The same reader as the program's, without starting one for each value.
  test.each([
    ['PORT', 'abc'],
    ['PORT', '-1'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['HOST', 'no host'],
    ['DATABASE_URL', 'mysql://localhost/arena'],
    ['DATABASE_URL', 'data/arena.db'],
    ['DATABASE_URL', 'file:'],
    ['DATABASE_URL', 'postgres://localhost/arena'],
    ['DATABASE_URL', 'postgresql://localhost/arena'],
    ['REDIS_URL', 'redis://localhost'],
    ['INFERENCE', 'perhaps'],
    ['INFERENCE_DEVICE', 'tpu'],
    ['ADMIN_TOKEN', 'two words'],
    ['ALLOWED_ORIGINS', 'arena.example'],
    ['ALLOWED_ORIGINS', 'https://arena.example/path'],
    ['ALLOWED_ORIGINS', 'https://arena.example,*'],
    ['MAX_PROMPT_CHARACTERS', '0'],
    ['MAX_PROMPT_CHARACTERS', 'many'],
    ['RATE_LIMITS', 'yes'],
    ['SEED_MODELS', '1'],
    ['EXPORT_DELAY_HOURS', 'soon'],
    ['EXPORT_DELAY_HOURS', '-1'],
    ['CONNECT_TIMEOUT_MS', '0'],
    ['FIRST_TOKEN_TIMEOUT_MS', '1s'],
    ['TOKEN_GAP_TIMEOUT_MS', ''.padEnd(20, '9')],
    ['ANSWER_TIMEOUT_MS', 'NaN'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const config = readConfig({ [name]: value })
    const line = config.ok ? 'no error' : config.error
    expect(line).toMatch(new RegExp(`^${name}\\b`))
    expect(line).not.toContain('\n')
    expect(line.length).toBeGreaterThan(name.length + 10)
  })

  test.each([
    ['ADMIN_TOKEN', 'my secret token'],
    ['DATABASE_URL', 'postgres://arena:secret@localhost/arena'],
    ['REDIS_URL', 'redis://:secret@localhost'],
  ])('no secret in %s is told with it', (name, value) => {
    const config = readConfig({ [name]: value })
    expect(config.ok ? 'no error' : config.error).toMatch(new RegExp(`^${name}\\b`))
    expect(config.ok ? '' : config.error).not.toContain('secret')
  })

  test('the defaults are those of the contract, and an empty value is the default', () => {
    for (const env of [{}, { PORT: '', LOG_LEVEL: ' ', DATABASE_URL: '' }]) {
      const config = readConfig(env)
      expect(config.ok && config.value).toMatchObject({
        port: 3000,
        host: '127.0.0.1',
        inference: true,
        inferenceDevice: 'auto',
        maxPromptCharacters: 12_000,
        rateLimits: true,
        seedModels: true,
        exportDelayMs: 24 * 3_600_000,
        timeouts: { connectMs: 5000, firstTokenMs: 60_000, gapMs: 20_000, totalMs: 180_000 },
        allowedOrigins: [],
        providerAllowedHosts: [],
      })
    }
  })
})

describe('the program does not start', () => {
  test.concurrent.each([
    ['PORT', 'abc'],
    ['PROVIDER_ALLOWED_HOSTS', '10.0.0.0/99'],
  ])('with %s=%s', async (name, value) => {
    const line = await refusal({ [name]: value })
    expect(line).toContain(name)
    expect(line).toContain(value)
  })

  test.concurrent('on a port in use', async () => {
    const server = await new Promise<Server>((resolve) => {
      const taken = createServer().listen(0, '127.0.0.1', () => resolve(taken))
    })
    const { port } = server.address() as AddressInfo
    const home = join(folder, 'port-in-use')
    expect(await refusal({ ...settingsFor(home), PORT: String(port) })).toContain(String(port))
    server.close()
  })

  test.concurrent('on a data folder that cannot be used', async () => {
    // A file where a folder should be: for whoever runs the tests, root included.
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const secret = join(folder, 'elsewhere', 'secret.json')
    const line = await refusal({ DATABASE_URL: `file:${file}/arena.db`, SECRET_FILE: secret })
    expect(line).toContain(file)
  })

  test.concurrent('on a file that is no database', async () => {
    const file = join(folder, 'no-database.db')
    await writeFile(file, 'This is a text, and long enough to be read as a header. '.repeat(50))
    expect(await refusal({ DATABASE_URL: `file:${file}` })).toContain(file)
  })

  test.concurrent('with a SECRET_FILE that cannot be written', async () => {
    const blocked = join(folder, 'blocked')
    await writeFile(blocked, '')
    const line = await refusal({
      ...settingsFor(join(folder, 'unwritable')),
      SECRET_FILE: join(blocked, 'secret.json'),
    })
    expect(line).toContain('SECRET_FILE')
  })

  test.concurrent.each([
    ['empty', ''],
    ['no JSON', 'not json'],
    ['of another form', '{"keys": []}'],
  ])('with a secret file that is %s', async (what, content) => {
    const secretFile = join(folder, `broken-${what.replaceAll(' ', '-')}.json`)
    await writeFile(secretFile, content, { mode: 0o600 })
    const line =
      content === ''
        ? await refusal({ SECRET_FILE: secretFile })
        : await loadSecrets(secretFile, Date.now()).then((read) => (read.ok ? '' : read.error))
    expect(line).toContain('SECRET_FILE')
    expect(line).toContain(secretFile)
    // It is not put in order by throwing it away.
    expect(await readFile(secretFile, 'utf8')).toBe(content)
  })

  test.concurrent('with a secret file that others can read', async () => {
    const secretFile = join(folder, 'readable.json')
    await writeFile(secretFile, '{}')
    await chmod(secretFile, 0o644)
    const read = await loadSecrets(secretFile, Date.now())
    expect(read.ok ? 'no error' : read.error).toContain(secretFile)
  })

  test.concurrent('as a second arena on the same database, which harms the first one in nothing', async () => {
    const first = await startArena()
    await mkdir(first.folder, { recursive: true })
    const line = await refusal(settingsFor(first.folder))
    expect(line).toContain(join(first.folder, 'arena.db'))
    expect((await call(`${first.url}/health/ready`)).status).toBe(200)
    await first.close()
    await first.remove()
  })
})

describe('the secret file', () => {
  test('is made beside the database with mode 0600 on first start, and stays', async () => {
    const arena = await startArena()
    const path = join(arena.folder, 'secret.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const made = await readFile(path, 'utf8')
    const cookie = await newVisitor(arena.url)
    await arena.close()
    const again = await startArena({}, arena.folder)
    expect(await readFile(path, 'utf8')).toBe(made)
    // Who was known before the restart is known after it.
    const answer = await call(`${again.url}/api/v1/models`, { cookie })
    expect(answer.headers.getSetCookie()).toEqual([])
    await again.close()
    await again.remove()
  })
})

describe('the process', () => {
  async function running(name: string) {
    const provider = await startMockProvider()
    const hands = { alpha: byHand(), beta: byHand() }
    const env = settingsFor(join(folder, name))
    const arena = await startProcess(env)
    for (const slug of ['alpha', 'beta'] as const) {
      await call(`${arena.url}/api/v1/admin/models`, {
        method: 'POST',
        token: ADMIN_TOKEN,
        body: {
          slug,
          name: slug,
          organization: 'Maker',
          license: 'MIT',
          provider: { kind: 'openai-compatible', baseUrl: provider.baseUrl, model: slug },
        },
      })
      // The probe of the registration comes first.
      const probe = byHand()
      provider.behave(slug, (exchange) => {
        const isProbe = exchange.request.body['max_tokens'] === 16
        return isProbe ? probe.behaviour(exchange) : hands[slug].behaviour(exchange)
      })
    }
    const cookie = await newVisitor(arena.url)
    const socket = await connect(arena.url, cookie)
    const heard = new Listener(socket)
    const { battleId } = granted(await socket.emitWithAck('battle:start', { prompt: 'Who?' }))
    heard.only(battleId)
    const exchanges = [await hands.alpha.next(), await hands.beta.next()] as const
    return { provider, hands, env, arena, cookie, socket, heard, battleId, exchanges }
  }

  test('prints one line with its address, ends with 0 on SIGINT, and what was running has ended as `error`', async () => {
    const { provider, env, arena, cookie, socket, heard, battleId, exchanges } =
      await running('interrupted')
    for (const exchange of exchanges) exchange.say('I was just')
    await heard.until(({ texts }) => texts.a !== '' && texts.b !== '')
    const { code, stdout, stderr } = await arena.end('SIGINT')
    socket.disconnect()
    expect(code, stderr).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toContain(arena.url)
    await Promise.all(exchanges.map(({ closed }) => closed))

    const again = await startProcess(env)
    const view = await call(`${again.url}/api/v1/battles/${battleId}`, { cookie })
    const error = { end: { reason: 'error', error: { code: 'unavailable' } } }
    expect(view.json()).toMatchObject({ turns: [{ a: error, b: error }] })
    expect((await again.end('SIGTERM')).code).toBe(0)
    await provider.close()
  })

  test('killed in the middle: running sides, also retried ones, have ended as `error`', async () => {
    const { provider, hands, env, arena, cookie, socket, heard, battleId, exchanges } =
      await running('killed')
    for (const exchange of exchanges) exchange.say('First try')
    await heard.until(({ texts }) => texts.a !== '' && texts.b !== '')
    await ask(socket, 'battle:stop', { battleId, side: 'a' })
    await heard.until(({ ends }) => ends.a !== undefined)
    expect(codeOf(await ask(socket, 'battle:retry', { battleId, side: 'a' }))).toBe('ok')
    const next = [hands.alpha.next(), hands.beta.next()]
    const again = await Promise.race(next)
    again.say('Second try')
    await heard.until(({ texts }) => texts.a === 'Second try')
    await arena.end('SIGKILL')
    socket.disconnect()

    const later = await startProcess(env)
    const tab = await connect(later.url, cookie)
    const resumed = await ask(tab, 'battle:resume', {
      battleId,
      turn: 1,
      from: { a: heard.seqs.a, b: heard.seqs.b },
    })
    expect(resumed).toMatchObject({
      ok: true,
      state: {
        a: { seq: heard.seqs.a, end: { reason: 'error' } },
        b: { seq: heard.seqs.b, end: { reason: 'error' } },
      },
    })
    // Numbers that were given out keep away from other words.
    const retold = new Listener(tab)
    retold.only(battleId)
    Object.assign(retold.seqs, heard.seqs)
    granted(await tab.emitWithAck('battle:retry', { battleId }))
    // One of the two still waits for its second exchange; the other is asked a third time.
    const retried = hands[again.request.body.model as 'alpha' | 'beta'].next()
    for (const exchange of [...next, retried]) {
      const third = await exchange
      if (third === again) continue
      third.say('Third try')
      third.finish()
    }
    await retold.until(({ texts }) => texts.a === 'Third try' && texts.b === 'Third try')
    expect(retold.faults).toEqual([])
    expect(retold.deltas.find(({ a }) => a !== undefined)?.a).toMatchObject({
      seq: heard.seqs.a + 1,
      restart: true,
    })
    tab.disconnect()
    await later.end('SIGTERM')
    await provider.close()
  })
})
