import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClientSocket } from '../support/arena/client.ts'
import { ask, call, codeOf, connectOutsider } from '../support/arena/outsider.ts'
import { play, setStage, vote, type Stage } from '../support/arena/stage.ts'
import type { Verdicts } from '../../shared/verdicts.ts'

type Row = {
  rank: number | null
  rankUb: number | null
  rankLow: number | null
  rankHigh: number | null
  model: { slug: string }
  rating: number | null
  se: number | null
  ciLow: number | null
  ciHigh: number | null
  elo: number
  status: string
  provisional: boolean
  votes: number
  wins: number
  losses: number
  ties: number
  bothBad: number
}
type Board = {
  version: number
  slice: Record<string, unknown>
  votes: number
  rows: Row[]
  intervals: { kind: string; version: number; voters: number }
}
type Update = Board & { since: number }

const DEFAULTS = {
  dimension: 'overall',
  method: 'bradley-terry',
  language: null,
  category: null,
  judge: 'human',
  turns: 'both',
  style: false,
}

let stage: Stage
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage()
  ;({ socket } = await stage.visitor())
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const get = (query = '', headers: Record<string, string> = {}) =>
  call(`${stage.arena.url}/api/v1/leaderboard${query}`, { headers })
const board = async (query = '') => (await get(query)).json() as Board

/** Plays a battle and gives verdicts for the first of the two models by name. */
async function judge(verdicts: Verdicts): Promise<void> {
  const { battleId } = await play(socket)
  const swap = stage.seats(battleId).a !== 'alpha'
  const seen = (verdict: Verdicts['accuracy']) =>
    swap && verdict === 'a' ? 'b' : swap && verdict === 'b' ? 'a' : verdict
  await vote(socket, battleId, {
    accuracy: seen(verdicts.accuracy),
    helpfulness: seen(verdicts.helpfulness),
    language: seen(verdicts.language),
  })
}

const ALPHA_WINS = { accuracy: 'a', helpfulness: 'a', language: 'a' } as const

describe('GET /api/v1/leaderboard', () => {
  test('is empty before the first vote, and has a version all the same', async () => {
    const empty = await setStage()
    const answer = (await call(`${empty.arena.url}/api/v1/leaderboard`)).json() as Board
    expect(answer).toMatchObject({ version: expect.any(Number), votes: 0, rows: [] })
    await empty.close()
  })

  test('counts skip for nothing, `both_bad` and ties as such', async () => {
    await judge({ accuracy: 'a', helpfulness: 'both_bad', language: 'skip' })
    await judge({ accuracy: 'tie', helpfulness: 'b', language: 'skip' })
    const [accuracy, helpfulness, language] = [
      await board('?dimension=accuracy'),
      await board('?dimension=helpfulness'),
      await board('?dimension=language'),
    ]
    expect([accuracy.votes, helpfulness.votes, language.votes]).toEqual([2, 2, 0])
    const row = ({ rows }: Board, slug: string) => rows.find(({ model }) => model.slug === slug)
    expect(row(accuracy, 'alpha')).toMatchObject({
      votes: 2,
      wins: 1,
      losses: 0,
      ties: 1,
      bothBad: 0,
    })
    expect(row(accuracy, 'beta')).toMatchObject({
      votes: 2,
      wins: 0,
      losses: 1,
      ties: 1,
      bothBad: 0,
    })
    expect(row(helpfulness, 'alpha')).toMatchObject({ wins: 0, losses: 1, ties: 0, bothBad: 1 })
    expect(row(helpfulness, 'beta')).toMatchObject({ wins: 1, losses: 0, ties: 0, bothBad: 1 })
    expect(language.rows).toEqual([])
    expect((await board()).votes).toBe(2)
  })

  test('answers the form of the contract', async () => {
    const answer = await board('?dimension=accuracy')
    expect(answer).toEqual({
      version: expect.any(Number),
      generatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      slice: { ...DEFAULTS, dimension: 'accuracy', weights: null },
      votes: 2,
      rows: expect.any(Array),
      // One voter alone says nothing of how voters differ: votes are taken as independent.
      intervals: { kind: 'independent', version: answer.version, voters: 1 },
      outcomes: { decisive: 1, ties: 1, bothBad: 0, skipped: 0 },
      nu: null,
      position: null,
      styleEffects: null,
      leader: null,
      engine: expect.any(String),
    })
    expect(answer.rows[0]).toEqual({
      rank: 1,
      rankUb: expect.any(Number),
      rankLow: expect.any(Number),
      rankHigh: expect.any(Number),
      model: {
        slug: 'alpha',
        name: 'Name of alpha',
        organization: 'Maker of alpha',
        license: 'MIT',
      },
      rating: expect.any(Number),
      se: expect.any(Number),
      ciLow: expect.any(Number),
      ciHigh: expect.any(Number),
      elo: expect.any(Number),
      votes: 2,
      wins: 1,
      losses: 0,
      ties: 1,
      bothBad: 0,
      bothBadRate: 0,
      bothBadLow: 0,
      bothBadHigh: expect.closeTo(0.6576, 4),
      status: 'rated',
      provisional: true,
    })
    expect(Number.isInteger(answer.version)).toBe(true)
  })

  test.each([
    ['', {}],
    ['?dimension=overall', {}],
    ['?method=bradley-terry&judge=human&turns=both&style=false', {}],
    ['?dimension=language', { dimension: 'language' }],
    ['?method=elo', { method: 'elo' }],
    ['?dimension=accuracy&method=davidson', { dimension: 'accuracy', method: 'davidson' }],
    ['?language=de&category=code', { language: 'de', category: 'code' }],
    ['?language=und', { language: 'und' }],
    ['?judge=model&turns=multi', { judge: 'model', turns: 'multi' }],
    ['?judge=expert&turns=single', { judge: 'expert', turns: 'single' }],
    ['?style=true', { style: true }],
    ['?style=1', { style: true }],
  ])('`slice` holds every field with its default: %s', async (query, named) => {
    const { slice } = await board(query)
    expect(slice).toMatchObject({ ...DEFAULTS, ...named })
    expect(Object.keys(slice)).toEqual([...Object.keys(DEFAULTS), 'weights'])
  })

  test('`method=elo` rates by online Elo, without intervals; `overall` weighs the three', async () => {
    const { rows, intervals } = await board('?method=elo')
    for (const row of rows) expect(row).toMatchObject({ rating: row.elo, ciLow: null, se: null })
    expect(intervals.kind).toBe('none')
    const elo = async (query: string) =>
      (await board(query)).rows.find(({ model }) => model.slug === 'alpha')?.elo ?? Number.NaN
    const each = {
      accuracy: await elo('?dimension=accuracy'),
      helpfulness: await elo('?dimension=helpfulness'),
    }
    // Nobody has a vote in language: everybody stands at the start.
    const weighed = (2 * each.accuracy + each.helpfulness + 1000) / 4
    expect(await elo('?weights=accuracy:2,helpfulness:1,language:1')).toBeCloseTo(weighed, 9)
    expect(await elo('?weights=accuracy:1')).toBeCloseTo(each.accuracy, 9)
    const same = await board('?weights=language:1,accuracy:2,helpfulness:1')
    expect(same.slice).toEqual((await board('?weights=accuracy:2,helpfulness:1,language:1')).slice)
  })

  test.each([
    'dimension=everything',
    'dimension=Overall',
    'method=glicko',
    'method=davidson',
    'method=davidson&dimension=overall',
    'language=german',
    'language=xx',
    'language=DE',
    'category=cooking',
    'category=uncategorized',
    'judge=nobody',
    'turns=2',
    'style=maybe',
    'style=true&method=elo',
    'style=true&method=davidson&dimension=accuracy',
    'format=xml',
    'weights=nothing',
    'weights=accuracy:0,helpfulness:0,language:0',
    'weights=accuracy:-1',
    'weights=accuracy:1,accuracy:2',
    'weights=accuracy:1e3',
    'dimension=accuracy&weights=accuracy:1',
    'dimension=accuracy&dimension=language',
    'nonsense=1',
    'constructor=1',
    '__proto__=1',
  ])('what does not exist is `invalid_input`: %s', async (query) => {
    expect(await get(`?${query}`)).toMatchObject({ status: 422, code: 'invalid_input' })
  })

  test.each([
    ['method=davidson', 'method'],
    ['style=true&method=elo', 'style'],
    ['dimension=accuracy&weights=accuracy:1', 'weights'],
    ['language=xx', 'language'],
    ['nonsense=1', 'nonsense'],
  ])('the field that cannot be used is named: %s', async (query, field) => {
    const { details } = (await get(`?${query}`)).json() as { details: { field: string } }
    expect(details.field).toBe(field)
  })

  test('reads carry `ETag`; the same version again is 304 without a body', async () => {
    const first = await get()
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^(?:W\/)?".+"$/)
    for (const held of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const again = await get('', { 'if-none-match': held })
      expect(again.status, held).toBe(304)
      expect(again.text).toBe('')
      expect(again.headers.get('etag')).toBe(etag)
    }
    expect((await get('', { 'if-none-match': '"other"' })).status).toBe(200)
    expect((await get('?dimension=accuracy')).headers.get('etag')).not.toBe(etag)
    expect((await get('?format=csv')).headers.get('etag')).not.toBe(etag)
    await judge(ALPHA_WINS)
    const changed = await get('', { 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  })

  test('equal reads are equal to the byte while nobody votes', async () => {
    expect((await get()).text).toBe((await get('?dimension=overall')).text)
  })

  test('HEAD answers as GET, without the body', async () => {
    const head = await call(`${stage.arena.url}/api/v1/leaderboard`, { method: 'HEAD' })
    const full = await get()
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect(head.headers.get('etag')).toBe(full.headers.get('etag'))
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(full.text)))
  })

  test('`format=csv` is the same board, a line a model', async () => {
    const csv = await get('?dimension=accuracy&format=csv')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    const [header = '', ...lines] = csv.text.trimEnd().split('\n')
    const json = await board('?dimension=accuracy')
    expect(lines).toHaveLength(json.rows.length)
    const column = (name: string) => header.split(',').indexOf(name)
    for (const [index, line] of lines.entries()) {
      const cells = line.split(',')
      expect(cells[column('slug')]).toBe(json.rows[index]?.model.slug)
      expect(Number(cells[column('elo')])).toBe(json.rows[index]?.elo)
      expect(Number(cells[column('wins')])).toBe(json.rows[index]?.wins)
    }
  })

  test('`version` only grows, with each vote and over restarts', async () => {
    const versions = [(await board()).version]
    for (let round = 0; round < 3; round += 1) {
      await judge(ALPHA_WINS)
      versions.push((await board()).version)
    }
    const before = await board()
    socket.disconnect()
    for (let restarts = 0; restarts < 2; restarts += 1) {
      await stage.restart()
      versions.push((await board()).version)
    }
    ;({ socket } = await stage.visitor())
    for (const [index, version] of versions.slice(1).entries()) {
      expect(version).toBeGreaterThan(versions[index] ?? Number.NaN)
    }
    expect((await board()).rows).toEqual(before.rows)
  })
})

describe('leaderboard:subscribe', () => {
  const subscribe = (slice: unknown, from: Socket = socket) =>
    ask(from, 'leaderboard:subscribe', { slice })

  test('is acked with the current board, as the HTTP call answers it', async () => {
    for (const dimension of ['overall', 'accuracy', 'helpfulness', 'language']) {
      const reply = await subscribe({ dimension })
      expect(reply).toEqual({ ok: true, board: await board(`?dimension=${dimension}`) })
      await ask(socket, 'leaderboard:unsubscribe', { slice: { dimension } })
    }
  })

  test('fields of a slice are named and defaulted as the query', async () => {
    const all = { ...DEFAULTS, weights: 'accuracy:1,helpfulness:1,language:1' }
    const replies = [
      await subscribe({}),
      await subscribe({ dimension: 'overall' }),
      await subscribe(all),
    ]
    for (const reply of replies) expect(reply).toEqual(replies[0])
    await ask(socket, 'leaderboard:unsubscribe', { slice: all })
  })

  test.each([
    undefined,
    null,
    'overall',
    [],
    { dimension: 'everything' },
    { method: 'davidson' },
    { language: 'xx' },
    { turns: 3 },
    { style: 'maybe' },
    { style: true, method: 'elo' },
    { nonsense: 1 },
    { dimension: 'accuracy', weights: 'accuracy:1' },
  ])('a slice that does not exist is `invalid_input`: %j', async (slice) => {
    expect(codeOf(await subscribe(slice))).toBe('invalid_input')
    expect(codeOf(await ask(socket, 'leaderboard:unsubscribe', { slice }))).toBe('invalid_input')
  })

  test('a vote is seen within a second by another socket, as whole rows of what changed', async () => {
    const reader = await connectOutsider(stage.arena.url)
    const { board: held } = (await subscribe({}, reader)) as unknown as { board: Board }
    const update = new Promise<{ at: number; update: Update }>((resolve) => {
      reader.once('leaderboard:update', (message: Update) =>
        resolve({ at: performance.now(), update: message }),
      )
    })
    await judge(ALPHA_WINS)
    const voted = performance.now()
    const { at, update: seen } = await update
    expect(at - voted).toBeLessThan(1000)
    expect(seen).toMatchObject({
      slice: held.slice,
      version: expect.any(Number),
      since: expect.any(Number),
      votes: held.votes + 1,
      rows: expect.any(Array),
    })
    expect(seen.version).toBeGreaterThan(held.version)
    expect(seen.since).toBeLessThanOrEqual(held.version)
    const now = await board()
    for (const row of seen.rows) expect(now.rows).toContainEqual(row)
    reader.disconnect()
  })

  test('who holds `since` or later applies updates and has the board that HTTP answers', async () => {
    const readers = await Promise.all([1, 2].map(() => connectOutsider(stage.arena.url)))
    const [early, late] = readers
    if (early === undefined || late === undefined) throw new Error('no readers')
    const follow = async (reader: typeof early) => {
      const { board: held } = (await subscribe({ dimension: 'accuracy' }, reader)) as unknown as {
        board: Board
      }
      const state = { ...held, faults: [] as string[] }
      let wake: () => void = () => undefined
      reader.on('leaderboard:update', (update: Update) => {
        if (update.since > state.version) state.faults.push(`${update.since} > ${state.version}`)
        if (update.version <= state.version) return
        const rows = new Map(state.rows.map((row) => [row.model.slug, row]))
        for (const row of update.rows) rows.set(row.model.slug, row)
        Object.assign(state, {
          rows: [...rows.values()],
          version: update.version,
          votes: update.votes,
        })
        wake()
      })
      return {
        state,
        until: async (version: number) => {
          while (state.version < version) await new Promise<void>((resolve) => (wake = resolve))
        },
      }
    }
    const first = await follow(early)
    await judge(ALPHA_WINS)
    const second = await follow(late)
    await judge({ accuracy: 'b', helpfulness: 'skip', language: 'skip' })
    const now = await board('?dimension=accuracy')
    for (const { state, until } of [first, second]) {
      await until(now.version)
      expect(state.faults).toEqual([])
      expect(state.votes).toBe(now.votes)
      const byRank = state.rows.sort((left, right) => (left.rank ?? 9) - (right.rank ?? 9))
      expect(byRank).toEqual(now.rows)
    }
    for (const reader of readers) reader.disconnect()
  })

  test('leaderboard:unsubscribe ends the updates of that slice alone', async () => {
    const reader = await connectOutsider(stage.arena.url)
    const slices: unknown[] = []
    await subscribe({ dimension: 'accuracy' }, reader)
    await subscribe({ dimension: 'helpfulness' }, reader)
    const reply = await ask(reader, 'leaderboard:unsubscribe', { slice: { dimension: 'accuracy' } })
    expect(codeOf(reply)).toBe('ok')
    const heard = new Promise<void>((resolve) => {
      reader.on('leaderboard:update', ({ slice }: Update) => {
        slices.push(slice['dimension'])
        if (slice['dimension'] === 'helpfulness') resolve()
      })
    })
    await judge(ALPHA_WINS)
    await heard
    // Everything that is pushed for a vote is pushed at once; one more round trip sees it all.
    await ask(reader, 'leaderboard:unsubscribe', { slice: {} })
    expect(slices).toEqual(['helpfulness'])
    reader.disconnect()
  })

  test('what was never subscribed can be unsubscribed', async () => {
    expect(codeOf(await ask(socket, 'leaderboard:unsubscribe', { slice: {} }))).toBe('ok')
  })

  test('a renamed model comes as an update', async () => {
    const reader = await connectOutsider(stage.arena.url)
    await subscribe({}, reader)
    const update = new Promise<Update>((resolve) => reader.once('leaderboard:update', resolve))
    await stage.arena.admin('PATCH', '/api/v1/admin/models/beta', { name: 'Another name' })
    const { rows } = await update
    expect(rows).toMatchObject([{ model: { slug: 'beta', name: 'Another name' } }])
    expect((await board()).rows).toContainEqual(rows[0])
    reader.disconnect()
  })
})
