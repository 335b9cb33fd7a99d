import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { call } from '../support/arena/outsider.ts'
import { begin, goOn, play, setStage, vote, VERDICTS, type Stage } from '../support/arena/stage.ts'

type Summary = { battleId: string; phase: string; prompt: string; models?: unknown }
type Page = { items: Summary[]; nextCursor: string | null }

let stage: Stage
let cookie: string
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage()
  ;({ cookie, socket } = await stage.visitor())
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const get = (path: string, as: string | undefined = cookie) =>
  call(`${stage.arena.url}/api/v1/battles${path}`, { cookie: as })
const list = async (query: string, as = cookie) => (await get(query, as)).json() as Page

describe('GET /api/v1/battles/:battleId', () => {
  test('answers `{ battleId, phase, turns: [{ turn, prompt, a: { text, end? }, b }] }`', async () => {
    const { battleId, heard } = await play(socket, 'First?')
    const second = await goOn(socket, battleId, 'Second?')
    await second.bothEnded()
    const side = (text: string) => ({ text, end: { reason: 'stop' } })
    expect((await get(`/${battleId}`)).json()).toMatchObject({
      battleId,
      phase: 'answered',
      turns: [
        { turn: 1, prompt: 'First?', a: side(heard.texts.a), b: side(heard.texts.b) },
        { turn: 2, prompt: 'Second?', a: side(second.texts.a), b: side(second.texts.b) },
      ],
    })
  })

  test('of a running battle tells what has been said so far, without an end', async () => {
    const prompt = 'by hand: half said'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('Half a ')
    await heard.until(({ texts }) => texts.a !== '')
    expect((await get(`/${battleId}`)).json()).toMatchObject({
      phase: 'streaming',
      turns: [{ a: { text: 'Half a ' }, b: { text: '' } }],
    })
    expect((await get(`/${battleId}`)).text).not.toContain('"end"')
    b.refuse(500)
    a.finish()
    await heard.bothEnded()
    expect((await get(`/${battleId}`)).json()).toMatchObject({
      phase: 'answered',
      turns: [{ b: { text: '', end: { reason: 'error', error: { code: 'unavailable' } } } }],
    })
  })

  test('has `verdicts`, `models` and `ratings` only after the vote', async () => {
    const { battleId } = await play(socket)
    const before = (await get(`/${battleId}`)).json() as object
    for (const field of ['verdicts', 'models', 'ratings', 'voteId']) {
      expect(before).not.toHaveProperty(field)
    }
    const { reveal, ratings } = await vote(socket, battleId)
    expect((await get(`/${battleId}`)).json()).toEqual({
      ...before,
      phase: 'voted',
      voteId: expect.any(String),
      verdicts: VERDICTS,
      models: reveal,
      ratings,
    })
  })

  test('is its visitor’s alone until a screening has released it', async () => {
    const { battleId } = await play(socket, 'A secret question?')
    await vote(socket, battleId)
    for (const as of [await newVisitor(stage.arena.url), undefined]) {
      const answer = await call(`${stage.arena.url}/api/v1/battles/${battleId}`, { cookie: as })
      expect([403, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('A secret question?')
    }
  })

  test('that is unknown is 404 `battle_not_found`', async () => {
    for (const id of ['nowhere', '00000000-0000-4000-8000-000000000000', 'x'.repeat(500)]) {
      expect(await get(`/${id}`)).toMatchObject({ status: 404, code: 'battle_not_found' })
    }
  })
})

describe('GET /api/v1/battles', () => {
  test('with `mine=1` lists the visitor’s battles, newest first, paged without gap or repetition', async () => {
    const mine = await stage.visitor()
    const played: string[] = []
    for (let round = 0; round < 5; round += 1) {
      played.unshift((await play(mine.socket, `Question ${round}?`)).battleId)
    }
    const all = await list('?mine=1', mine.cookie)
    expect(all.items.map(({ battleId }) => battleId)).toEqual(played)
    expect(all.nextCursor).toBeNull()
    expect(all.items[0]).toMatchObject({ phase: 'answered', prompt: 'Question 4?' })
    const paged: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: Page = await list(`?mine=1&limit=2${query}`, mine.cookie)
      paged.push(...page.items.map(({ battleId }) => battleId))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(played)
    mine.socket.disconnect()
  })

  test('names models after the vote alone; `model=` and `opponent=` find no battle before it', async () => {
    const mine = await stage.visitor()
    const [judged, open] = [await play(mine.socket), await play(mine.socket)]
    await vote(mine.socket, judged.battleId)
    const { items } = await list('?mine=1', mine.cookie)
    expect(items.find(({ battleId }) => battleId === open.battleId)).not.toHaveProperty('models')
    expect(items.find(({ battleId }) => battleId === judged.battleId)).toMatchObject({
      phase: 'voted',
      models: { a: { slug: expect.any(String) }, b: { slug: expect.any(String) } },
    })
    for (const query of ['model=alpha', 'opponent=beta', 'model=beta&opponent=alpha']) {
      const found = await list(`?mine=1&${query}`, mine.cookie)
      expect(
        found.items.map(({ battleId }) => battleId),
        query,
      ).toEqual([judged.battleId])
    }
    expect((await list('?mine=1&model=nobody', mine.cookie)).items).toEqual([])
    mine.socket.disconnect()
  })

  test('others see released ones: none, until a screening exists', async () => {
    await play(socket)
    expect(await list('')).toEqual({ items: [], nextCursor: null })
    expect(await list('?mine=1', await newVisitor(stage.arena.url))).toEqual({
      items: [],
      nextCursor: null,
    })
  })

  test.each(['mine=1&limit=0', 'mine=1&limit=100000', 'mine=1&cursor=nonsense', 'mine=maybe'])(
    'with a query that cannot be used is `invalid_input`: %s',
    async (query) => {
      expect(await get(`?${query}`)).toMatchObject({ status: 422, code: 'invalid_input' })
    },
  )
})
