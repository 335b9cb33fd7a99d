import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import type { Exchange } from '../support/arena/mock-provider.ts'
import { ask, codeOf, connectOutsider, type Reply } from '../support/arena/outsider.ts'
import { begin, play, setStage, start, type Stage } from '../support/arena/stage.ts'

let stage: Stage
let cookie: string
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage()
  ;({ cookie, socket } = await stage.visitor())
})
afterEach(async () => {
  // A success closes a model's breaker, so that failures of one test are none of the next.
  for (const slug of stage.slugs) {
    await stage.arena.admin('POST', `/api/v1/admin/models/${slug}/check`)
  }
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const startBattle = (from: ClientSocket, payload: object): Promise<Reply> =>
  ask(from, 'battle:start', payload)

describe('battle:start', () => {
  test('is acked with `{ battleId, turn: 1 }`', async () => {
    expect(await startBattle(socket, { prompt: 'Hello?' })).toEqual({
      ok: true,
      battleId: expect.stringMatching(/./),
      turn: 1,
    })
  })

  test('asks two different models the very question, and nothing else', async () => {
    const prompt = 'Which two of you?'
    await play(socket, prompt)
    const asked = stage.provider.requests.filter(
      ({ body }) => body.messages.at(-1)?.content === prompt,
    )
    expect(asked.map(({ body }) => body.model).sort()).toEqual(['alpha', 'beta'])
    for (const { body } of asked) expect(body.messages).toEqual([{ role: 'user', content: prompt }])
  })

  test('draws the sides evenly: either model sits on either side', async () => {
    const battles = await Promise.all(Array.from({ length: 40 }, () => start(socket)))
    const seated = new Set(battles.map((battleId) => stage.seats(battleId).a))
    expect(seated).toEqual(new Set(['alpha', 'beta']))
  })

  test.each(['de', 'und', 'zh-Hant', 'anything'])(
    'takes the hint `language`: %s',
    async (language) => {
      expect(codeOf(await startBattle(socket, { prompt: 'Wer da?', language }))).toBe('ok')
    },
  )

  test.each([
    { prompt: 'x', language: 7 },
    { prompt: 'x', clientBattleKey: 7 },
    { prompt: 'x', clientBattleKey: null },
    { prompt: ['x'] },
    { prompt: 7 },
    { prompt: null },
    {},
  ])('with a field of another type is `invalid_input`: %j', async (payload) => {
    expect(codeOf(await startBattle(socket, payload))).toBe('invalid_input')
  })
})

describe('clientBattleKey', () => {
  test('the same key never starts two battles: one after the other', async () => {
    const payload = { prompt: 'Once?', clientBattleKey: 'one-after-the-other' }
    const first = await startBattle(socket, payload)
    expect(await startBattle(socket, payload)).toEqual(first)
    const tab = await connect(stage.arena.url, cookie)
    expect(await startBattle(tab, payload)).toEqual(first)
    tab.disconnect()
  })

  test('the same key never starts two battles: many at once, from two tabs', async () => {
    const prompt = 'How often at once?'
    const tab = await connect(stage.arena.url, cookie)
    const replies = await Promise.all(
      [socket, tab, socket, tab, tab, socket].map((each) =>
        startBattle(each, { prompt, clientBattleKey: 'at-once' }),
      ),
    )
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(replies[0]).toMatchObject({ ok: true, turn: 1 })
    await play(socket, 'Let both be asked')
    const asked = stage.provider.requests.filter(({ body }) => body.messages[0]?.content === prompt)
    expect(asked).toHaveLength(2)
    tab.disconnect()
  })

  test('with another prompt: `conflict`', async () => {
    const clientBattleKey = 'another-prompt'
    expect(codeOf(await startBattle(socket, { prompt: 'One', clientBattleKey }))).toBe('ok')
    expect(codeOf(await startBattle(socket, { prompt: 'Two', clientBattleKey }))).toBe('conflict')
  })

  test('two prompts under one key at once: one battle, one `conflict`', async () => {
    const clientBattleKey = 'two-prompts-at-once'
    const replies = await Promise.all(
      ['One', 'Two'].map((prompt) => startBattle(socket, { prompt, clientBattleKey })),
    )
    expect(replies.map(codeOf).sort()).toEqual(['conflict', 'ok'])
  })

  test('is a key of this visitor: others may use the same', async () => {
    const payload = { prompt: 'Whose?', clientBattleKey: 'everybodys' }
    const other = await connect(stage.arena.url, await newVisitor(stage.arena.url))
    const [mine, theirs] = [await startBattle(socket, payload), await startBattle(other, payload)]
    expect(codeOf(theirs)).toBe('ok')
    expect(theirs).not.toEqual(mine)
    other.disconnect()
  })
})

describe('battle:delta and battle:end', () => {
  test('`seq` counts from 1 without gaps, per side; the texts in order are the answer', async () => {
    const prompt = 'by hand: frames'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    const said = { a: '', b: '' }
    for (let step = 1; step <= 5; step += 1) {
      a.say(`a${step} `)
      said.a += `a${step} `
      if (step % 2 === 0) {
        b.say(`b${step} `)
        said.b += `b${step} `
      }
      await heard.until(({ texts }) => texts.a === said.a && texts.b === said.b)
    }
    a.finish()
    b.finish()
    await heard.bothEnded()
    expect(heard.faults).toEqual([])
    expect(heard.texts).toEqual(said)
    expect(heard.seqs).toEqual({ a: 5, b: 2 })
    for (const { battleId: id, turn } of heard.deltas)
      expect({ id, turn }).toEqual({ id: battleId, turn: 1 })
    heard.stop()
  })

  test('one frame carries what both sides have since the last', async () => {
    const prompt = 'by hand: both at once'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    let words = 0
    while (!heard.deltas.some((delta) => delta.a !== undefined && delta.b !== undefined)) {
      words += 1
      a.say('a')
      b.say('b')
      await heard.until(({ texts }) => texts.a.length === words && texts.b.length === words)
    }
    // Far fewer frames than both sides' pieces: some are shared.
    expect(heard.deltas.length).toBeLessThan(2 * words)
    a.finish()
    b.finish()
    await heard.bothEnded()
    heard.stop()
  })

  test.each(['stop', 'length'] as const)('`reason` is `%s` as the model says', async (reason) => {
    const prompt = `by hand: reason ${reason}`
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('Something.')
    a.finish(reason)
    b.say('Something else.')
    b.finish()
    await heard.bothEnded()
    expect(heard.ends.a).toEqual({ battleId, turn: 1, side: 'a', seq: heard.seqs.a, reason })
    heard.stop()
  })

  test('`seq` of an end is the last that it closes', async () => {
    const prompt = 'by hand: last number'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    for (const word of ['one ', 'two ', 'three ']) {
      a.say(word)
      await heard.until(({ texts }) => texts.a.endsWith(word))
    }
    b.refuse(500)
    a.finish()
    await heard.bothEnded()
    expect(heard.ends.a?.seq).toBe(heard.seqs.a)
    expect(heard.ends.b?.seq).toBe(0)
    heard.stop()
  })
})

describe('a side that cannot answer', () => {
  const causes: [string, (exchange: Exchange) => void][] = [
    ['a status 500', (exchange) => exchange.refuse(500)],
    ['a status 401', (exchange) => exchange.refuse(401, '{"error":{"message":"bad key"}}')],
    ['a status 404', (exchange) => exchange.refuse(404, '<html>nothing</html>')],
    ['a status 429', (exchange) => exchange.refuse(429, '', { 'Retry-After': '60' })],
    ['a redirect', (exchange) => exchange.refuse(302, '', { Location: 'http://127.0.0.1:1/' })],
    [
      'a connection that breaks',
      (exchange) => {
        exchange.response.flushHeaders()
        exchange.breakOff()
      },
    ],
    ['no JSON', (exchange) => void exchange.response.end('data: {nonsense\n\n')],
    [
      'an error inside the stream',
      (exchange) => void exchange.response.end('data: {"error":{"message":"overloaded"}}\n\n'),
    ],
    ['an empty answer', (exchange) => exchange.finish()],
    [
      'an end before its end',
      (exchange) => {
        exchange.say('And then ')
        exchange.response.end()
      },
    ],
  ]

  const SAME_WORDS = {
    reason: 'error',
    error: {
      code: 'unavailable',
      message: 'This model could not answer. Try it again, or replace it.',
      retryable: true,
    },
  }

  test.each(causes)('ends in the same words for every cause: %s', async (what, cause) => {
    const prompt = `by hand: ${what}`
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    cause(a)
    b.say('All is well here.')
    b.finish()
    await heard.bothEnded()
    expect(heard.ends.a).toEqual({
      battleId,
      turn: 1,
      side: 'a',
      seq: heard.seqs.a,
      ...SAME_WORDS,
    })
    // One side harms no other.
    expect(heard.texts.b).toBe('All is well here.')
    expect(heard.ends.b?.reason).toBe('stop')
    heard.stop()
  })

  test.each([
    ['the first token', { FIRST_TOKEN_TIMEOUT_MS: '300' }, ''],
    ['the next token', { TOKEN_GAP_TIMEOUT_MS: '300' }, 'And then '],
    ['the last token', { ANSWER_TIMEOUT_MS: '300' }, 'And then '],
  ])('ends in the same words when %s does not come', async (_what, env, said) => {
    const quick = await setStage(env)
    const visitor = await quick.visitor()
    const prompt = 'by hand: silence'
    const { battleId, heard } = await begin(visitor.socket, prompt)
    const { a, b } = await quick.exchanges(battleId, prompt)
    for (const exchange of [a, b]) if (said !== '') exchange.say(said)
    await heard.bothEnded()
    expect(heard.texts).toEqual({ a: said, b: said })
    expect(heard.ends).toMatchObject({ a: SAME_WORDS, b: SAME_WORDS })
    // Nobody waits for the models any more.
    await Promise.all([a.closed, b.closed])
    visitor.socket.disconnect()
    await quick.close()
  })

  test('keeps what it had said', async () => {
    const prompt = 'by hand: half an answer'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('Half an ans')
    await heard.until(({ texts }) => texts.a === 'Half an ans')
    a.breakOff()
    b.say('A whole one.')
    b.finish()
    await heard.bothEnded()
    expect(heard.ends.a).toMatchObject({ reason: 'error', seq: heard.seqs.a })
    expect(heard.texts.a).toBe('Half an ans')
    heard.stop()
  })
})

describe('`no_models`', () => {
  test.each<[string, string[], string | undefined]>([
    ['no model', [], undefined],
    ['one model', ['alone'], undefined],
    ['two models, one of them disabled', ['alone', 'resting'], 'PATCH'],
    ['two models, one of them retired', ['alone', 'resting'], 'DELETE'],
  ])('answers battle:start with %s', async (_what, slugs, method) => {
    const few = await setStage({}, slugs)
    if (method !== undefined) {
      const body = method === 'PATCH' ? { enabled: false } : undefined
      await few.arena.admin(method, '/api/v1/admin/models/resting', body)
    }
    const visitor = await connectOutsider(few.arena.url)
    expect(await visitor.emitWithAck('battle:start', { prompt: 'Anybody?' })).toMatchObject({
      ok: false,
      error: { code: 'no_models' },
    })
    // `ready` is 200 all the same, and tells the models in its body.
    const ready = await fetch(`${few.arena.url}/health/ready`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ models: { ready: expect.any(Number) } })
    visitor.disconnect()
    await few.close()
  })
})
