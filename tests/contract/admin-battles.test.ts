import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import type { ClientSocket } from '../support/arena/client.ts'
import { call } from '../support/arena/outsider.ts'
import {
  begin,
  changeRows,
  goOn,
  play,
  setStage,
  vote,
  VERDICTS,
  type Stage,
} from '../support/arena/stage.ts'

type Summary = {
  battleId: string
  phase: string
  turns: number
  prompt: string
  models: Record<'a' | 'b', { slug: string }>
  ends: Record<'a' | 'b', string | null>
  verdicts?: object
}

let stage: Stage
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma'])
  socket = (await stage.visitor()).socket
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const get = (path: string) =>
  call(`${stage.arena.url}/api/v1/admin/battles${path}`, { token: ADMIN_TOKEN })
async function list(query = ''): Promise<Summary[]> {
  const found: Summary[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await get(`?limit=3${query}${next}`)
    expect(answer.status).toBe(200)
    const page = answer.json() as { items: Summary[]; nextCursor: string | null }
    found.push(...page.items)
    cursor = page.nextCursor
  }
  return found
}
const ids = (battles: Summary[]) => battles.map(({ battleId }) => battleId)

describe('GET /api/v1/admin/battles', () => {
  test('lists every battle with its names, also before the vote, newest first', async () => {
    const { battleId } = await play(
      socket,
      'How does a fjord come about, and why are there so many in Norway?',
    )
    const { a, b } = stage.seats(battleId)
    const [newest] = await list()
    expect(newest).toEqual({
      battleId,
      phase: 'answered',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      prompt: 'How does a fjord come about, and why are there so many in Norway?',
      turns: 1,
      models: {
        a: { slug: a, name: `Name of ${a}`, organization: `Maker of ${a}`, license: 'MIT' },
        b: { slug: b, name: `Name of ${b}`, organization: `Maker of ${b}`, license: 'MIT' },
      },
      versions: { a: 1, b: 1 },
      ends: { a: 'stop', b: 'stop' },
      language: 'en',
      category: expect.any(String) as string,
      pairProbability: expect.closeTo(1 / 3, 6) as number,
    })
    await vote(socket, battleId)
    expect((await list())[0]).toMatchObject({ battleId, phase: 'voted', verdicts: VERDICTS })
  })

  test('pages without a gap, whatever the filter; each filter finds what it says', async () => {
    const { battleId: longer } = await play(socket)
    ;(await goOn(socket, longer, 'And then?')).stop()
    for (let count = 0; count < 7; count += 1) {
      const { battleId } = await play(socket, `Question ${count}`)
      if (count % 2 === 0) await vote(socket, battleId)
    }
    const all = await list()
    expect(new Set(ids(all)).size).toBe(all.length)
    expect(all.find(({ battleId }) => battleId === longer)?.turns).toBe(2)

    const seated = (slug: string) =>
      all.filter(({ models: { a, b } }) => [a.slug, b.slug].includes(slug))
    for (const slug of ['alpha', 'beta', 'gamma']) {
      expect(ids(await list(`&model=${slug}`))).toEqual(ids(seated(slug)))
      expect(ids(await list(`&opponent=${slug}`))).toEqual(ids(seated(slug)))
    }
    const both = seated('alpha').filter((each) => seated('beta').includes(each))
    expect(ids(await list('&model=alpha&opponent=beta'))).toEqual(ids(both))
    expect(ids(await list('&model=beta&opponent=alpha'))).toEqual(ids(both))
    expect(await list('&model=alpha&opponent=alpha')).toEqual([])
    expect(await list('&model=nobody')).toEqual([])

    const voted = all.filter(({ verdicts }) => verdicts !== undefined)
    expect(voted.length).toBeGreaterThan(3)
    expect(ids(await list('&voted=1'))).toEqual(ids(voted))
    expect(ids(await list('&voted=0'))).toEqual(ids(all.filter((each) => !voted.includes(each))))
    const votedAlpha = voted.filter((each) => seated('alpha').includes(each))
    expect(ids(await list('&voted=1&model=alpha&end=stop'))).toEqual(ids(votedAlpha))
    expect(await list('&end=length')).toEqual([])
  })

  test('shows a battle that is being answered, and what has failed', async () => {
    for (const slug of stage.slugs) stage.provider.behave(slug, (exchange) => exchange.refuse(500))
    const { battleId } = await play(socket, 'Nobody can answer this')
    expect((await list())[0]).toMatchObject({ battleId, ends: { a: 'error', b: 'error' } })
    expect(ids(await list('&end=error'))).toEqual([battleId])
    const view = (await get(`/${battleId}`)).json() as { failures: Record<string, unknown>[] }
    expect(view.failures).toHaveLength(2)
    const { a, b } = stage.seats(battleId)
    expect(new Set(view.failures.map(({ slug }) => slug))).toEqual(new Set([a, b]))
    for (const failure of view.failures) {
      expect(failure).toMatchObject({ battleId, turn: 1, status: 500 })
    }
  })

  test.each(['cursor=x', 'cursor=1_', 'end=never', 'voted=2', 'limit=0', 'limit=201'])(
    'refuses ?%s',
    async (query) => {
      expect(await get(`?${query}`)).toMatchObject({ status: 422, code: 'invalid_input' })
    },
  )
})

describe('GET /api/v1/admin/battles/:id', () => {
  let hands: Stage
  let asker: ClientSocket

  beforeAll(async () => {
    hands = await setStage()
    asker = (await hands.visitor()).socket
  })
  afterAll(async () => {
    asker.disconnect()
    await hands.close()
  })
  const view = async (battleId: string) => {
    const answer = await call(`${hands.arena.url}/api/v1/admin/battles/${battleId}`, {
      token: ADMIN_TOKEN,
    })
    expect(answer.status).toBe(200)
    return answer.json() as Record<string, unknown>
  }

  test('is the whole battle: while it is answered, after the vote, and after a restart', async () => {
    const { battleId, heard } = await begin(asker, 'by hand: one')
    const { a, b } = hands.seats(battleId)
    const exchanges = await hands.exchanges(battleId, 'by hand: one')
    exchanges.a.say('Half of')
    await heard.until(({ texts }) => texts.a === 'Half of')
    const running = await view(battleId)
    expect(running).toMatchObject({
      battleId,
      phase: 'streaming',
      turns: [{ turn: 1, prompt: 'by hand: one', a: { text: 'Half of' }, b: { text: '' } }],
      models: { a: { slug: a }, b: { slug: b } },
      versions: { a: 1, b: 1 },
      failures: [],
    })
    expect(running).not.toHaveProperty('verdicts')
    const thought = { choices: [{ index: 0, delta: { reasoning_content: 'Let me think.' } }] }
    exchanges.a.response.write(`data: ${JSON.stringify(thought)}\n\n`)
    exchanges.a.say(' it.')
    exchanges.a.finish('stop')
    exchanges.b.say('All of it.')
    exchanges.b.finish('length')
    await heard.bothEnded()
    // What a model thought is told before the vote too.
    const thoughtOver = { text: 'Half of it.', reasoning: 'Let me think.' }
    expect(await view(battleId)).toMatchObject({ phase: 'answered', turns: [{ a: thoughtOver }] })
    const { voteId } = await vote(asker, battleId)
    const judged = await view(battleId)
    expect(judged).toMatchObject({
      phase: 'voted',
      voteId,
      verdicts: VERDICTS,
      turns: [
        {
          a: { ...thoughtOver, end: { reason: 'stop' } },
          b: { text: 'All of it.', end: { reason: 'length' } },
        },
      ],
    })
    expect(Object.keys((judged['ratings'] as { a: object }).a)).toContain('accuracy')
    asker.disconnect()
    await hands.restart()
    expect(await view(battleId)).toEqual(judged)
    asker = (await hands.visitor()).socket
  })

  test('of one that is over tells so', async () => {
    const { battleId } = await play(asker)
    asker.disconnect()
    await hands.restart({}, (folder) =>
      changeRows(folder, 'update battles set last_turn_at = 1 where id = ?', battleId),
    )
    expect(await view(battleId)).toMatchObject({ phase: 'expired' })
    asker = (await hands.visitor()).socket
  })

  test('of one that is none: 404', async () => {
    const answer = await get('/nothing')
    expect(answer).toMatchObject({ status: 404, code: 'battle_not_found' })
  })
})
