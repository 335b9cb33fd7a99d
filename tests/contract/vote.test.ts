import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { ask, call, codeOf } from '../support/arena/outsider.ts'
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

const ALL_SKIP = { accuracy: 'skip', helpfulness: 'skip', language: 'skip' } as const
const DAY_MS = 24 * 60 * 60 * 1000

let stage: Stage
let cookie: string
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma'])
  ;({ cookie, socket } = await stage.visitor())
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

type Board = { votes: number; rows: { votes: number; model: { slug: string } }[] }

async function votesOnBoard(): Promise<number> {
  return ((await call(`${stage.arena.url}/api/v1/leaderboard`)).json() as Board).votes
}

const view = async (battleId: string, as = cookie) =>
  (await call(`${stage.arena.url}/api/v1/battles/${battleId}`, { cookie: as })).json() as Record<
    string,
    unknown
  >

const give = (battleId: string, verdicts: unknown = VERDICTS, from = socket) =>
  ask(from, 'battle:vote', { battleId, verdicts })

describe('battle:vote', () => {
  test('is acked with `{ voteId, reveal: { a: ModelRef, b: ModelRef }, ratings }`', async () => {
    const { battleId } = await play(socket)
    const seats = stage.seats(battleId)
    const change = {
      before: expect.any(Number),
      after: expect.any(Number),
      rankBefore: expect.any(Number),
      rankAfter: expect.any(Number),
      expected: expect.any(Number),
    }
    const side = { accuracy: change, helpfulness: change, language: change }
    const ref = (slug: string) => ({
      slug,
      name: `Name of ${slug}`,
      organization: `Maker of ${slug}`,
      license: 'MIT',
    })
    expect(await give(battleId)).toEqual({
      ok: true,
      voteId: expect.stringMatching(/./),
      reveal: { a: ref(seats.a), b: ref(seats.b) },
      ratings: { a: side, b: side },
    })
  })

  test('ratings are live Elo: what one side wins the other loses, nothing where skipped', async () => {
    const { battleId } = await play(socket)
    const receipt = await vote(socket, battleId, {
      accuracy: 'b',
      helpfulness: 'both_bad',
      language: 'skip',
    })
    const { a, b } = receipt.ratings ?? expect.fail('no ratings')
    for (const dimension of ['accuracy', 'helpfulness', 'language'] as const) {
      const gain = {
        a: a[dimension].after - a[dimension].before,
        b: b[dimension].after - b[dimension].before,
      }
      expect(gain.a).toBeCloseTo(-gain.b, 9)
      expect(a[dimension].expected + b[dimension].expected).toBeCloseTo(1, 12)
    }
    expect(a.accuracy.after).toBeLessThan(a.accuracy.before)
    expect(b.accuracy.after).toBeGreaterThan(b.accuracy.before)
    expect(b.accuracy.rankAfter).toBeLessThanOrEqual(b.accuracy.rankBefore)
    for (const side of [a, b]) {
      expect(side.language.after).toBe(side.language.before)
      expect(side.language.rankAfter).toBe(side.language.rankBefore)
    }
  })

  test('a second one with the same verdicts answers with the first receipt', async () => {
    const { battleId } = await play(socket)
    const before = await votesOnBoard()
    const first = await give(battleId)
    expect(codeOf(first)).toBe('ok')
    // Others vote meanwhile: the receipt stays what it was.
    const other = await play(socket)
    await vote(socket, other.battleId)
    expect(await give(battleId)).toEqual(first)
    const tab = await connect(stage.arena.url, cookie)
    expect(await give(battleId, VERDICTS, tab)).toEqual(first)
    tab.disconnect()
    expect(await votesOnBoard()).toBe(before + 2)
  })

  test('with other verdicts: `already_voted`', async () => {
    const { battleId } = await play(socket)
    await vote(socket, battleId)
    expect(codeOf(await give(battleId, { ...VERDICTS, accuracy: 'b' }))).toBe('already_voted')
    expect(codeOf(await give(battleId, { ...VERDICTS, language: 'skip' }))).toBe('already_voted')
    expect(await view(battleId)).toMatchObject({ verdicts: VERDICTS })
  })

  test('many at once with the same verdicts, from two tabs: one receipt, counted once', async () => {
    const { battleId } = await play(socket)
    const before = await votesOnBoard()
    const tab = await connect(stage.arena.url, cookie)
    const replies = await Promise.all(
      [socket, tab, socket, tab, socket].map((from) => give(battleId, VERDICTS, from)),
    )
    expect(replies[0]).toMatchObject({ ok: true, voteId: expect.any(String) })
    for (const reply of replies) expect(reply).toEqual(replies[0])
    expect(await votesOnBoard()).toBe(before + 1)
    tab.disconnect()
  })

  test('two at once with different verdicts: one counts, the other is `already_voted`', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { battleId } = await play(socket)
      const before = await votesOnBoard()
      const tab = await connect(stage.arena.url, cookie)
      const other = { accuracy: 'b', helpfulness: 'b', language: 'a' } as const
      const replies = await Promise.all([give(battleId), give(battleId, other, tab)])
      expect(replies.map(codeOf).sort()).toEqual(['already_voted', 'ok'])
      const kept = replies[0].ok ? VERDICTS : other
      expect(await view(battleId)).toMatchObject({ verdicts: kept })
      expect(await votesOnBoard()).toBe(before + 1)
      tab.disconnect()
    }
  })

  test('counts exactly once for both models', async () => {
    const before = await rows()
    const { battleId } = await play(socket)
    const seats = stage.seats(battleId)
    await vote(socket, battleId)
    await give(battleId)
    const after = await rows()
    for (const slug of stage.slugs) {
      const seated = slug === seats.a || slug === seats.b
      expect(after.get(slug) ?? 0, slug).toBe((before.get(slug) ?? 0) + (seated ? 1 : 0))
    }
  })

  test('all three `skip` is `invalid_input`, and the battle can still be judged', async () => {
    const { battleId } = await play(socket)
    expect(codeOf(await give(battleId, ALL_SKIP))).toBe('invalid_input')
    expect(codeOf(await give(battleId, { ...ALL_SKIP, language: 'tie' }))).toBe('ok')
  })

  test.each([
    null,
    'a',
    [],
    {},
    { accuracy: 'a', helpfulness: 'a' },
    { accuracy: 'a', helpfulness: 'a', language: 'c' },
    { accuracy: 'A', helpfulness: 'a', language: 'a' },
    { accuracy: 'a', helpfulness: 'a', language: null },
    { accuracy: 'a', helpfulness: 'a', language: 'a', overall: 'a' },
    { accuracy: ['a'], helpfulness: 'a', language: 'a' },
  ])('verdicts that are none are `invalid_input`: %j', async (verdicts) => {
    const { battleId } = await play(socket)
    expect(codeOf(await give(battleId, verdicts))).toBe('invalid_input')
    expect((await view(battleId))['verdicts']).toBeUndefined()
  })

  test('someone else’s battle: `forbidden`; unknown: `battle_not_found`', async () => {
    const { battleId } = await play(socket)
    const stranger = await connect(stage.arena.url, await newVisitor(stage.arena.url))
    expect(codeOf(await give(battleId, VERDICTS, stranger))).toBe('forbidden')
    expect(codeOf(await give('nowhere', VERDICTS, stranger))).toBe('battle_not_found')
    stranger.disconnect()
    expect(codeOf(await give(battleId))).toBe('ok')
  })

  test('while a side still streams: `battle_not_votable`', async () => {
    const prompt = 'by hand: not yet'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    expect(codeOf(await give(battleId))).toBe('battle_not_votable')
    a.say('Done.')
    a.finish()
    await heard.until(({ ends }) => ends.a !== undefined)
    expect(codeOf(await give(battleId))).toBe('battle_not_votable')
    b.say('Done, too.')
    b.finish()
    await heard.bothEnded()
    expect(codeOf(await give(battleId))).toBe('ok')
  })

  test('after a side of the last turn ended in `error`: `battle_not_votable`', async () => {
    const { battleId } = await play(socket)
    const prompt = 'by hand: broken in turn two'
    const heard = await goOn(socket, battleId, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.refuse(500)
    b.say('Fine.')
    b.finish()
    await heard.bothEnded()
    expect(codeOf(await give(battleId))).toBe('battle_not_votable')
    expect(codeOf(await ask(socket, 'battle:retry', { battleId }))).toBe('ok')
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Now.')
    again.finish()
    await heard.until(({ ends }) => ends.a?.reason === 'stop')
    expect(codeOf(await give(battleId))).toBe('ok')
  })

  test('at once with a battle:continue: one of them, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { battleId } = await play(socket)
      const acts = [
        () => give(battleId),
        () => ask(socket, 'battle:continue', { battleId, prompt: 'by hand: or not' }),
      ]
      if (round % 2 === 1) acts.reverse()
      const codes = (await Promise.all(acts.map((act) => act()))).map(codeOf)
      expect(codes[0]).toBe('ok')
      expect(codes[1]).toBe(round % 2 === 1 ? 'battle_not_votable' : 'battle_closed')
    }
  })
})

describe('the receipt', () => {
  test('equals GET /api/v1/battles/:battleId later, also after a restart', async () => {
    const mine = await stage.visitor()
    const { battleId } = await play(mine.socket)
    const receipt = await vote(mine.socket, battleId)
    const later = {
      phase: 'voted',
      verdicts: VERDICTS,
      models: receipt.reveal,
      ratings: receipt.ratings,
    }
    expect(await view(battleId, mine.cookie)).toMatchObject(later)
    for (let more = 0; more < 3; more += 1) {
      await vote(mine.socket, (await play(mine.socket)).battleId)
    }
    expect(await view(battleId, mine.cookie)).toMatchObject(later)
    mine.socket.disconnect()
    socket.disconnect()
    await stage.restart()
    socket = await connect(stage.arena.url, cookie)
    expect(await view(battleId, mine.cookie)).toMatchObject(later)
    const again = await connect(stage.arena.url, mine.cookie)
    expect(await give(battleId, VERDICTS, again)).toEqual({ ...receipt, ok: true })
    const other = { ...VERDICTS, accuracy: 'tie' }
    expect(codeOf(await give(battleId, other, again))).toBe('already_voted')
    again.disconnect()
  })

  test('of a model that was retired meanwhile still names it', async () => {
    const few = await setStage()
    const visitor = await few.visitor()
    const { battleId } = await play(visitor.socket)
    await few.arena.admin('DELETE', '/api/v1/admin/models/alpha')
    const { reveal } = await vote(visitor.socket, battleId)
    expect([reveal.a.slug, reveal.b.slug].sort()).toEqual(['alpha', 'beta'])
    visitor.socket.disconnect()
    await few.close()
  })
})

describe('a battle expires 24 h after its last turn', () => {
  test('then every act but resume, comment and react is `battle_closed`', async () => {
    const mine = await stage.visitor()
    const old = (await play(mine.socket)).battleId
    const young = (await play(mine.socket)).battleId
    const voted = (await play(mine.socket)).battleId
    await vote(mine.socket, voted)
    mine.socket.disconnect()
    socket.disconnect()
    await stage.restart({}, (folder) => {
      const sql = 'update battles set last_turn_at = ? where id = ?'
      changeRows(folder, sql, Date.now() - DAY_MS - 1000, old)
      changeRows(folder, sql, Date.now() - DAY_MS + 60_000, young)
      changeRows(folder, sql, Date.now() - DAY_MS - 1000, voted)
    })
    socket = await connect(stage.arena.url, cookie)
    const again = await connect(stage.arena.url, mine.cookie)

    expect(codeOf(await give(old, VERDICTS, again))).toBe('battle_closed')
    for (const [event, more] of [
      ['battle:continue', { prompt: 'Still there?' }],
      ['battle:stop', {}],
      ['battle:retry', {}],
    ] as const) {
      expect(codeOf(await ask(again, event, { battleId: old, ...more })), event).toBe(
        'battle_closed',
      )
    }
    const from = { a: 0, b: 0 }
    const resumed = await ask(again, 'battle:resume', { battleId: old, turn: 1, from })
    expect(resumed).toMatchObject({ ok: true, state: { phase: 'expired' } })
    const reaction = { battleId: old, turn: 1, side: 'a', reaction: 'like' }
    expect(codeOf(await ask(again, 'battle:react', reaction))).toBe('ok')
    const comment = await ask(again, 'battle:comment', { battleId: old, comment: 'Too late.' })
    expect(codeOf(comment)).not.toBe('battle_closed')

    const expired = await view(old, mine.cookie)
    expect(expired).toMatchObject({ phase: 'expired' })
    expect(Object.keys(expired)).not.toContain('models')

    // One that was judged in time stays judged; one a minute younger can be.
    expect(await view(voted, mine.cookie)).toMatchObject({ phase: 'voted' })
    expect(codeOf(await give(voted, VERDICTS, again))).toBe('ok')
    expect(codeOf(await give(young, VERDICTS, again))).toBe('ok')
    again.disconnect()
  })
})

async function rows(): Promise<Map<string, number>> {
  const board = (await call(`${stage.arena.url}/api/v1/leaderboard`)).json() as Board
  return new Map(board.rows.map(({ model, votes }) => [model.slug, votes]))
}
