import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BOARD_DIMENSIONS } from '../../shared/dimensions.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { modelVersionsSchema, type ModelVersionView } from '../../shared/schemas/model.ts'
import { call } from '../support/arena/outsider.ts'
import { sampleVotes, seedVotes, type SeedVote } from '../support/arena/seed-votes.ts'
import { play, setStage, vote, type Stage } from '../support/arena/stage.ts'

// `GET /api/v1/models/:slug/versions`: who answers under a slug may change; each of them has ratings
// of its own, while the board has one row for all of them.

async function versionsOf(stage: Stage, slug: string): Promise<ModelVersionView[]> {
  // On a slow machine some of their past is told later.
  for (;;) {
    const answer = await call(`${stage.arena.url}/api/v1/models/${slug}/versions`)
    expect(answer.status).toBe(200)
    const { items, complete } = modelVersionsSchema.parse(answer.json())
    if (complete) return items
  }
}

async function change(stage: Stage, slug: string, body: object): Promise<number> {
  const response = await stage.arena.admin('PATCH', `/api/v1/admin/models/${slug}`, body)
  expect(response.status).toBe(200)
  return ((await response.json()) as { version: number }).version
}

describe('what makes a version', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage()
  })
  afterAll(() => stage.close())

  test('a model begins with one, which nobody has judged', async () => {
    const [only, ...others] = await versionsOf(stage, 'alpha')
    expect(others).toEqual([])
    expect(only).toMatchObject({ version: 1, until: null, sampling: {}, history: [] })
    expect(Date.parse(only?.from ?? '')).toBeGreaterThan(Date.now() - 600_000)
    expect(Object.values(only?.ratings ?? {})).toEqual([null, null, null, null])
  })

  test('how a model is shown makes none, what it is told makes one; votes fall to who answered', async () => {
    const { socket } = await stage.visitor()
    const before = await play(socket)
    await vote(socket, before.battleId)

    const shown = { name: 'Another name', description: 'Other words.', license: 'Apache-2.0' }
    expect(await change(stage, 'alpha', shown)).toBe(1)
    expect(await change(stage, 'alpha', { weight: 2, organization: 'Somebody' })).toBe(1)
    expect(await versionsOf(stage, 'alpha')).toHaveLength(1)

    // A battle of before the change that is judged after it belongs to who answered in it.
    const late = await play(socket)
    expect(await change(stage, 'alpha', { systemPrompt: 'SECRET: be brief.' })).toBe(2)
    await vote(socket, late.battleId)
    const [second, first] = await versionsOf(stage, 'alpha')
    expect(second).toMatchObject({ version: 2, until: null })
    expect(first).toMatchObject({ version: 1, until: second?.from })
    expect(first?.ratings.overall?.votes).toBe(2)
    expect(second?.ratings.overall).toBeNull()

    const after = await play(socket)
    await vote(socket, after.battleId)
    const [now, then] = await versionsOf(stage, 'alpha')
    expect(now?.ratings.overall?.votes).toBe(1)
    expect(then?.ratings.overall?.votes).toBe(2)
    expect(await change(stage, 'alpha', { sampling: { temperature: 0.2 } })).toBe(3)
    const versions = await versionsOf(stage, 'alpha')
    expect(versions.map(({ version, sampling }) => [version, sampling])).toEqual([
      [3, { temperature: 0.2 }],
      [2, {}],
      [1, {}],
    ])
    // The board goes on with one row for the model.
    const { rows } = (await call(`${stage.arena.url}/api/v1/leaderboard`)).json() as Board
    expect(rows.filter(({ model }) => model.slug === 'alpha').map((row) => row.votes)).toEqual([3])
    // The opponent has one version, with all votes.
    expect((await versionsOf(stage, 'beta')).map(({ ratings }) => ratings.overall?.votes)).toEqual([
      3,
    ])
    socket.disconnect()
  })

  test('says nothing of how a version is reached or what it is told', async () => {
    const { text } = await call(`${stage.arena.url}/api/v1/models/alpha/versions`)
    expect(text).not.toMatch(/SECRET|provider|baseUrl|systemPrompt|answerPrefix|127\.0\.0\.1/)
  })

  test('who is retired keeps its versions, the last with an end; nobody has none', async () => {
    const gone = await stage.arena.admin('DELETE', '/api/v1/admin/models/beta', { reason: 'Old.' })
    expect(gone.status).toBe(204)
    const card = (await call(`${stage.arena.url}/api/v1/models/beta`)).json()
    const [last] = await versionsOf(stage, 'beta')
    expect(card).toMatchObject({ retired: { at: last?.until } })
    const unknown = await call(`${stage.arena.url}/api/v1/models/nobody/versions`)
    expect([unknown.status, unknown.code]).toEqual([404, 'not_found'])
  })
})

describe('ratings of versions', () => {
  const SLUGS = ['alpha', 'beta', 'gamma', 'delta']
  // In the first half alpha is the weakest, in the second it wins whatever it meets.
  const VOTES = sampleVotes(SLUGS, 800, 5).map((each, index): SeedVote => {
    if (index < 400) return each
    const wins = index % 5 > 0
    if (each.a === 'alpha') return { ...each, versionA: 2, ...(wins ? { accuracy: 'a' } : {}) }
    if (each.b === 'alpha') return { ...each, versionB: 2, ...(wins ? { accuracy: 'b' } : {}) }
    return each
  })
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage({}, SLUGS)
    await change(stage, 'alpha', { systemPrompt: 'Be right.' })
    await stage.restart({}, (folder) => seedVotes(folder, VOTES))
  })
  afterAll(() => stage.close())

  const boards = () =>
    Promise.all(
      BOARD_DIMENSIONS.map(async (dimension) => {
        const answer = await call(`${stage.arena.url}/api/v1/leaderboard?dimension=${dimension}`)
        return [dimension, answer.json() as Board] as const
      }),
    )

  test('of the only version are those of the board, to the last digit', async () => {
    const [only] = await versionsOf(stage, 'gamma')
    for (const [dimension, { rows }] of await boards()) {
      const row = rows.find(({ model }) => model.slug === 'gamma')
      const { rating, ciLow, ciHigh, votes } = row ?? {}
      expect(only?.ratings[dimension]).toEqual({ rating, ciLow, ciHigh, votes })
    }
    expect(only?.ratings.accuracy?.rating).toBeTypeOf('number')
    // Their history ends where they stand.
    const last = only?.history.filter(({ dimension }) => dimension === 'language').at(-1)
    expect(last).toMatchObject(only?.ratings.language ?? {})
  })

  test('of two versions lie apart, with the board’s between them, and have histories of their own', async () => {
    const [second, first] = await versionsOf(stage, 'alpha')
    const [, accuracy] = (await boards()).find(([dimension]) => dimension === 'accuracy') ?? []
    const pooled = accuracy?.rows.find(({ model }) => model.slug === 'alpha')
    expect(first?.ratings.accuracy?.rating).toBeLessThan(pooled?.rating ?? Number.NaN)
    expect(second?.ratings.accuracy?.rating).toBeGreaterThan(pooled?.rating ?? Number.NaN)
    const votes = (first?.ratings.accuracy?.votes ?? 0) + (second?.ratings.accuracy?.votes ?? 0)
    expect(votes).toBe(pooled?.votes)
    const half = VOTES[400]?.at ?? 0
    // Moments are the ends of hours: the last of the first version is that of its last hour.
    const lastHour = half + 3_600_000
    for (const { at } of first?.history ?? []) expect(Date.parse(at)).toBeLessThan(lastHour)
    for (const { at } of second?.history ?? []) expect(Date.parse(at)).toBeGreaterThanOrEqual(half)
    for (const dimension of BOARD_DIMENSIONS) {
      const points = second?.history.filter((point) => point.dimension === dimension) ?? []
      expect(points.length).toBeGreaterThan(5)
      expect(points.length).toBeLessThanOrEqual(31)
      for (const { rating, ciLow, ciHigh } of points) {
        if (rating === null) continue
        expect(ciLow).toBeLessThanOrEqual(rating)
        expect(ciHigh).toBeGreaterThanOrEqual(rating)
      }
    }
  })

  test('live boards are answered while versions are rated', async () => {
    const answers = await Promise.all([
      ...SLUGS.map((slug) => call(`${stage.arena.url}/api/v1/models/${slug}/versions`)),
      call(`${stage.arena.url}/api/v1/leaderboard?dimension=accuracy&language=de`),
      call(`${stage.arena.url}/api/v1/pairs`),
    ])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })
})
