import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeRows, setStage, type Stage } from '../support/arena/stage.ts'
import { call } from '../support/arena/outsider.ts'
import { sampleVotes, seedVotes } from '../support/arena/seed-votes.ts'
import type { Board, History } from '../../shared/schemas/leaderboard.ts'

const SLUGS = ['alpha', 'beta', 'gamma']
const HOUR_MS = 3_600_000
/** Two votes an hour for five days. */
const VOTES = sampleVotes(SLUGS, 240, 3).map((vote, n) => ({
  ...vote,
  judge: 'human',
  at: Date.UTC(2026, 0, 1) + n * (HOUR_MS / 2),
}))
const LAST = VOTES.at(-1)?.at ?? 0

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, SLUGS)
  await stage.restart({}, (folder) => seedVotes(folder, VOTES))
})
afterAll(() => stage.close())

const get = (query: string) => call(`${stage.arena.url}/api/v1/leaderboard/history${query}`)
const history = async (query = '') => ((await get(query)).json() as History).points

/** The history once the arena has made up for all hours that passed before it started. */
async function settled(query: string): Promise<History['points']> {
  const hours = Math.floor((LAST - Date.UTC(2026, 0, 1)) / HOUR_MS)
  for (;;) {
    const points = await history(query)
    const moments = new Set(points.map(({ at }) => at))
    if (moments.size > hours) return points
  }
}

describe('GET /api/v1/leaderboard/history', () => {
  test('has where a model stood at the end of each hour, and where it stands', async () => {
    const points = await settled('?dimension=accuracy&model=alpha')
    expect(points.every(({ model }) => model === 'alpha')).toBe(true)
    const times = points.map(({ at }) => Date.parse(at))
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    expect(times.at(-1)).toBe(LAST)
    expect(times.slice(0, -1).every((at) => at % HOUR_MS === HOUR_MS / 2)).toBe(true)
    const board = (
      await call(`${stage.arena.url}/api/v1/leaderboard?dimension=accuracy`)
    ).json() as Board
    const row = board.rows.find(({ model }) => model.slug === 'alpha')
    expect(points.at(-1)).toEqual({
      at: new Date(LAST).toISOString(),
      model: 'alpha',
      rating: row?.rating,
      ciLow: row?.ciLow,
      ciHigh: row?.ciHigh,
      elo: row?.elo,
      votes: row?.votes,
    })
  })

  test('a point of the past is the board as it was', async () => {
    const until = VOTES.slice(0, 100)
    const earlier = await setStage({}, SLUGS)
    await earlier.restart({}, (folder) => seedVotes(folder, until))
    const board = (
      await call(`${earlier.arena.url}/api/v1/leaderboard?dimension=language`)
    ).json() as Board
    await earlier.close()
    const at = new Date(until.at(-1)?.at ?? 0).toISOString()
    const points = (await settled('?dimension=language')).filter((point) => point.at === at)
    expect(points).toHaveLength(SLUGS.length)
    for (const { model, rating, ciLow, ciHigh, elo, votes } of points) {
      const row = board.rows.find((each) => each.model.slug === model)
      expect(row).toMatchObject({ rating, ciLow, ciHigh, elo, votes })
    }
  })

  test('`from` is included, `to` is not; every model without `model`', async () => {
    const all = await settled('?dimension=overall')
    const [from, to] = ['2026-01-02T00:30:00Z', '2026-01-03T00:30:00.000Z']
    const some = await history(`?from=${from}&to=${to}`)
    expect(some).toEqual(
      all.filter(({ at }) => Date.parse(at) >= Date.parse(from) && Date.parse(at) < Date.parse(to)),
    )
    expect(new Set(some.map(({ model }) => model))).toEqual(new Set(SLUGS))
    const seconds = Date.parse(from) / 1000
    expect(await history(`?from=${seconds}&to=${to}`)).toEqual(some)
    expect(await history('?from=2027-01-01')).toEqual([])
    expect(await history('?model=nobody')).toEqual([])
  })

  test('carries `ETag`', async () => {
    await settled('')
    const etag = (await get('?model=beta')).headers.get('etag') ?? ''
    const again = await call(`${stage.arena.url}/api/v1/leaderboard/history?model=beta`, {
      headers: { 'if-none-match': etag },
    })
    expect(again.status).toBe(304)
  })

  test.each(['?dimension=taste', '?from=yesterday', '?to=', '?model=', '?judge=human', '?to=x'])(
    'what cannot be used is refused, an empty value is left out: %s',
    async (query) => {
      const answer = await get(query)
      if (query.endsWith('=')) expect(answer.status).toBe(200)
      else expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    },
  )

  test('stays over a restart, and is computed anew for another engine', async () => {
    const before = await settled('?dimension=helpfulness')
    await stage.restart()
    expect(await history('?dimension=helpfulness')).toEqual(before)
    await stage.restart({}, (folder) => {
      changeRows(folder, "update projections set engine = 'older' where name = 'history'")
    })
    expect(await settled('?dimension=helpfulness')).toEqual(before)
  })
})
