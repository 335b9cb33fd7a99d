import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startArena, type TestArena } from '../support/arena/arena.ts'
import {
  startMockProvider,
  type Behaviour,
  type MockProvider,
} from '../support/arena/mock-provider.ts'
import { ask, battleOf, call, connectOutsider } from '../support/arena/outsider.ts'
import { RawClient } from '../support/arena/raw-client.ts'

// In everything that a client must not see before the vote, and nowhere else.
const CANARY = 'canary'
const SLUGS = ['canary-one', 'canary-two', 'canary-three']

let provider: MockProvider
let arena: TestArena

beforeAll(async () => {
  provider = await startMockProvider({ canary: `${CANARY}-of-the-provider` })
  arena = await startArena({ TOKEN_GAP_TIMEOUT_MS: '400' })
  for (const slug of SLUGS) {
    provider.behave(slug, fine)
    await arena.register(slug, provider.baseUrl, {
      name: `Canary ${slug}`,
      organization: `Canary makers of ${slug}`,
      license: 'CANARY-1.0',
      description: 'A canary is described here.',
      systemPrompt: 'You are a canary.',
      provider: {
        kind: 'openai-compatible',
        baseUrl: `${provider.baseUrl}/canary-path`,
        model: slug,
        apiKey: 'canary-key',
      },
    })
  }
})
afterEach(async () => {
  for (const slug of SLUGS) {
    provider.behave(slug, fine)
    await arena.admin('POST', `/api/v1/admin/models/${slug}/check`)
  }
})
afterAll(async () => {
  await arena.close()
  await arena.remove()
  await provider.close()
})

const fine: Behaviour = (exchange) => {
  exchange.say('An answer ')
  exchange.say('without a name.')
  exchange.finish()
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`

/** Everything that a provider can do to tell who it is. */
const BEHAVIOURS: [string, Behaviour][] = [
  ['answers', fine],
  [
    'names itself in the headers of an error',
    (exchange) => exchange.refuse(500, undefined, { 'X-Model': CANARY, Server: CANARY }),
  ],
  [
    'refuses the key',
    (exchange) =>
      exchange.refuse(401, '{"error":{"message":"canary-key is wrong","type":"canary"}}'),
  ],
  [
    'knows no such model',
    (exchange) => exchange.refuse(404, '{"error":"model canary-one not found"}'),
  ],
  [
    'limits its rate',
    (exchange) =>
      exchange.refuse(429, '{"error":{"message":"canary quota"}}', {
        'Retry-After': '1',
        'X-RateLimit-Model': CANARY,
      }),
  ],
  [
    'redirects',
    (exchange) => exchange.refuse(307, 'canary', { Location: 'http://canary.example/' }),
  ],
  [
    'answers a page',
    (exchange) => exchange.refuse(200, '<title>canary</title>', { 'Content-Type': 'text/html' }),
  ],
  ['answers no JSON', (exchange) => void exchange.response.end('data: canary\n\n')],
  ['answers an empty stream', (exchange) => exchange.finish()],
  [
    'fails inside the stream',
    (exchange) => {
      exchange.say('Half an answer')
      exchange.response.end(event({ error: { message: 'canary overloaded', code: 'canary' } }))
    },
  ],
  [
    'breaks off',
    (exchange) => {
      exchange.say('Half an answer')
      exchange.breakOff()
    },
  ],
  ['falls silent', (exchange) => exchange.say('Half an answer')],
  [
    'sends events and comments of its own',
    (exchange) => {
      exchange.response.write(`: canary\n\nevent: canary\nid: canary\nretry: 1\n\n`)
      exchange.response.write(
        event({
          choices: [
            { delta: { role: 'canary', reasoning_content: 'canary thinks', name: CANARY } },
          ],
        }),
      )
      exchange.say('An answer.')
      exchange.finish()
    },
  ],
  [
    'tells its usage and its price',
    (exchange) => {
      exchange.say('An answer.')
      exchange.response.end(
        event({
          model: CANARY,
          choices: [{ delta: {}, finish_reason: 'stop' }],
          usage: { prompt_tokens: 987_651, completion_tokens: 987_652, cost: 987_653 },
        }) + 'data: [DONE]\n\n',
      )
    },
  ],
]

/** All that a visitor can call about battles before the vote. */
async function callEverything(raw: RawClient, battleId: string): Promise<void> {
  for (const path of [
    `/api/v1/battles/${battleId}`,
    '/api/v1/battles?mine=1',
    '/api/v1/battles',
    `/api/v1/battles?mine=1&model=canary-one`,
    `/api/v1/battles?mine=1&opponent=canary-two`,
    '/api/v1/leaderboard',
    '/api/v1/leaderboard?format=csv',
    '/api/v1/exports/votes',
    '/api/v1/pairs',
    '/api/v1/openapi.json',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/api/v1/admin/models',
    '/api/v1/admin/audit',
    `/api/v1/battles/${battleId}x`,
  ]) {
    await raw.get(path)
  }
}

describe('before the vote nothing that reaches the client names a model, a provider, a token count or a price', () => {
  test.each(BEHAVIOURS)('a provider that %s', async (_what, behaviour) => {
    for (const slug of SLUGS) provider.behave(slug, behaviour)
    const raw = await RawClient.connect(arena.url)
    const { battleId } = await raw.ask('battle:start', { prompt: 'Who are you?' })
    await raw.until(() => raw.ends(String(battleId)) >= 2)
    await callEverything(raw, String(battleId))
    // Whatever else can be done, whether it is refused or not.
    const from = { a: 0, b: 0 }
    await raw.ask('battle:resume', { battleId, turn: 1, from })
    await raw.ask('battle:comment', { battleId, comment: 'Early.' })
    await raw.ask('battle:react', { battleId, turn: 1, side: 'a', reaction: 'like' })
    await raw.ask('battle:vote', { battleId, verdicts: {} })
    const skip = { accuracy: 'skip', helpfulness: 'skip', language: 'skip' }
    await raw.ask('battle:vote', { battleId, verdicts: skip })
    await raw.ask('battle:retry', { battleId, side: 'a' })
    await raw.ask('battle:stop', { battleId })
    await raw.ask('battle:retry', { battleId, replace: true })
    await raw.ask('battle:stop', { battleId })
    await raw.ask('battle:continue', { battleId, prompt: 'And now?' })
    await raw.ask('battle:stop', { battleId })
    await callEverything(raw, String(battleId))

    expect(raw.received.length).toBeGreaterThan(1000)
    expect(raw.received).toContain('battle:end')
    expect(raw.received.toLowerCase()).not.toContain(CANARY)
    expect(raw.received).not.toMatch(/98765[123]/)
    // The description of the calls has these words; it is the same for everybody at any time.
    const api = await (await fetch(`${arena.url}/api/v1/openapi.json`)).text()
    expect(raw.received.replaceAll(api, '')).not.toMatch(/_tokens|usage|"cost"|price/)
    expect(raw.received).not.toContain(String(provider.port))
    await raw.close()
  })

  test('not in a WebSocket’s frames either', async () => {
    const socket = await connectOutsider(arena.url)
    const frames: string[] = []
    socket.io.engine.on('packet', ({ data }: { data?: unknown }) => {
      frames.push(typeof data === 'string' ? data : JSON.stringify(data))
    })
    const ended = new Promise<void>((resolve) => {
      let ends = 0
      socket.on('battle:end', () => {
        ends += 1
        if (ends === 2) resolve()
      })
    })
    const reply = await ask(socket, 'battle:start', { prompt: 'Who are you?' })
    await ended
    expect(frames.join('').length).toBeGreaterThan(200)
    expect(frames.join('').toLowerCase()).not.toContain(CANARY)
    // The very same eyes see the names after the vote.
    await ask(socket, 'battle:vote', {
      battleId: battleOf(reply),
      verdicts: { accuracy: 'a', helpfulness: 'a', language: 'a' },
    })
    expect(frames.join('').toLowerCase()).toContain(CANARY)
    socket.disconnect()
  })

  test('the very same eyes see the names after the vote', async () => {
    const raw = await RawClient.connect(arena.url)
    const { battleId } = await raw.ask('battle:start', { prompt: 'Who are you?' })
    await raw.until(() => raw.ends(String(battleId)) >= 2)
    expect(raw.received.toLowerCase()).not.toContain(CANARY)
    await raw.ask('battle:vote', {
      battleId,
      verdicts: { accuracy: 'tie', helpfulness: 'tie', language: 'tie' },
    })
    expect(raw.received).toContain('Canary makers of')
    await raw.close()
  })

  test('`no_models` names nobody', async () => {
    const few = await startArena()
    await few.register('canary-alone', provider.baseUrl)
    const raw = await RawClient.connect(few.url)
    expect(await raw.ask('battle:start', { prompt: 'Anybody?' })).toMatchObject({ ok: false })
    await raw.get('/health/ready')
    expect(raw.received.toLowerCase()).not.toContain(CANARY)
    await raw.close()
    await few.close()
    await few.remove()
  })

  test('another visitor learns nothing of it from anything', async () => {
    const raw = await RawClient.connect(arena.url)
    const { battleId } = await raw.ask('battle:start', { prompt: 'Who are you?' })
    await raw.until(() => raw.ends(String(battleId)) >= 2)
    const answer = await call(`${arena.url}/api/v1/battles/${String(battleId)}`)
    expect(`${answer.text}${JSON.stringify([...answer.headers])}`.toLowerCase()).not.toContain(
      CANARY,
    )
    expect(answer.text).not.toContain('An answer')
    await raw.close()
  })
})

describe('the two sides are told alike', () => {
  test('frames, ends and views of a side hold the same fields, whatever the model', async () => {
    const raw = await RawClient.connect(arena.url)
    const { battleId } = await raw.ask('battle:start', { prompt: 'Who are you?' })
    await raw.until(() => raw.ends(String(battleId)) >= 2)
    for (const { name, payload } of raw.events) {
      const allowed =
        name === 'battle:delta'
          ? ['battleId', 'turn', 'a', 'b']
          : ['battleId', 'turn', 'side', 'seq', 'reason']
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(payload)))
      for (const side of ['a', 'b']) {
        const frame = payload[side]
        if (frame !== undefined) expect(Object.keys(frame as object)).toEqual(['seq', 'text'])
      }
    }
    await raw.close()
  })
})
