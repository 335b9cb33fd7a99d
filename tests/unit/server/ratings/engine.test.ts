import { describe, expect, test } from 'vitest'
import { RatingEngine } from '../../../../server/ratings/engine.ts'
import { TickedBoard } from '../../../../server/ratings/ticked-board.ts'
import type { LoggedVote } from '../../../../server/votes/logged-vote.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { sliceSchema } from '../../../../shared/schemas/leaderboard.ts'
import type { Verdict } from '../../../../shared/verdicts.ts'

const SLICE = sliceSchema.parse({ dimension: 'accuracy' })

/** Votes among eight models of rising strength. */
function votes(count: number, seed = 1): LoggedVote[] {
  const random = mulberry32(seed)
  return Array.from({ length: count }, (_, index) => {
    const a = Math.floor(random() * 8)
    const b = (a + 1 + Math.floor(random() * 7)) % 8
    const verdict = (): Verdict => (random() < 1 / (1 + Math.exp((b - a) * 0.3)) ? 'a' : 'b')
    return {
      position: index + 1,
      slug_a: `m${a}`,
      slug_b: `m${b}`,
      accuracy: verdict(),
      helpfulness: verdict(),
      language: index % 3 === 0 ? 'tie' : verdict(),
      voter: `voter-${Math.floor(random() * 30)}`,
      battle_id: `battle-${index}`,
      judge: 'human',
      prompt_language: index % 4 === 0 ? 'de' : 'en',
      category: 'other',
      turns: 1,
      style: null,
      created_at: index,
      version_a: 1,
      version_b: 1,
    }
  })
}

/** A clock on which every look takes some milliseconds, so that all work seems dear. */
function slowClock(ms: number) {
  let now = 0
  return { now: () => (now += ms), pass: (more: number) => void (now += more) }
}

function engineOf(log: readonly LoggedVote[], now: () => number = () => 0): RatingEngine {
  const engine = new RatingEngine(now)
  for (const vote of log) engine.count(vote)
  return engine
}

const LOG = votes(400)

describe('what is dear', () => {
  test('ratings are exact at once, intervals are of the version that they say', () => {
    const clock = slowClock(50)
    const engine = engineOf(LOG.slice(0, 300), clock.now)
    const first = engine.rate(SLICE, 1)
    for (const vote of LOG.slice(300, 310)) engine.count(vote)
    const { board, intervalsVersion } = engine.rate(SLICE, 2)
    const exact = engineOf(LOG.slice(0, 310)).rate(SLICE, 2).board
    expect(intervalsVersion).toBe(1)
    expect(board.models.map(({ model, rating, rank }) => ({ model, rating, rank }))).toEqual(
      exact.models.map(({ model, rating, rank }) => ({ model, rating, rank })),
    )
    expect(board.models.map(({ votes: given }) => given)).toEqual(
      exact.models.map(({ votes: given }) => given),
    )
    for (const row of board.models) {
      const before = first.board.models.find(({ model }) => model === row.model)
      expect(row.se).toBe(before?.se)
      expect((row.ciLow ?? 0) + (row.ciHigh ?? 0)).toBeCloseTo(2 * (row.rating ?? 0), 9)
    }
  })

  test('at rest everything is as if it had been computed at once', () => {
    const clock = slowClock(50)
    const engine = engineOf(LOG.slice(0, 300), clock.now)
    engine.rate(SLICE, 1)
    for (const vote of LOG.slice(300)) engine.count(vote)
    engine.rate(SLICE, 2)
    expect(engine.refineIn()).toBeGreaterThan(0)
    for (let round = 0; engine.refineIn() !== undefined && round < 10; round += 1) {
      clock.pass(5000)
      engine.refine()
    }
    expect(engine.refineIn()).toBeUndefined()
    const { board, intervalsVersion } = engine.rate(SLICE, 3)
    expect(intervalsVersion).toBe(3)
    expect(board).toEqual(engineOf(LOG).rate(SLICE, 3).board)
  })

  test('intervals that nobody has looked at for long are not taken over', () => {
    const clock = slowClock(50)
    const engine = engineOf(LOG.slice(0, 300), clock.now)
    engine.rate(SLICE, 1)
    for (const vote of LOG.slice(300)) engine.count(vote)
    clock.pass(60_000)
    expect(engine.rate(SLICE, 2).intervalsVersion).toBe(2)
  })

  test('after a silence intervals are those of before the next vote, which are not old for long', () => {
    const clock = slowClock(50)
    const engine = engineOf(LOG.slice(0, 300), clock.now)
    engine.rate(SLICE, 1)
    clock.pass(60_000)
    engine.markTime()
    engine.count(LOG[300] as LoggedVote)
    expect(engine.rate(SLICE, 2).intervalsVersion).toBe(1)
    engine.markTime()
    engine.count(LOG[301] as LoggedVote)
    clock.pass(2000)
    expect(engine.rate(SLICE, 3).intervalsVersion).toBe(3)
  })

  test('a board that was slow by chance is solved exactly again', () => {
    let step = 200
    let now = 0
    const engine = engineOf(LOG.slice(0, 300), () => (now += step))
    engine.rate(SLICE, 1)
    engine.count(LOG[300] as LoggedVote)
    engine.rate(SLICE, 2)
    step = 25
    for (const [index, vote] of LOG.slice(301).entries()) {
      engine.count(vote)
      now += 2000
      engine.refine()
      engine.rate(SLICE, index + 3)
    }
    engine.markTime()
    engine.count({ ...(LOG[0] as LoggedVote), position: 401, battle_id: 'last' })
    const ratings = ({ models }: { models: readonly { rating: number | null }[] }) =>
      models.map(({ rating }) => rating)
    const exact = engineOf([...LOG, { ...(LOG[0] as LoggedVote), position: 401 }]).rate(SLICE, 1)
    expect(ratings(engine.rate(SLICE, 500).board)).toEqual(ratings(exact.board))
  })

  test('a board that takes too long to solve moves by the ticker, close to the exact one', () => {
    const clock = slowClock(160)
    const engine = engineOf(LOG.slice(0, 380), clock.now)
    engine.rate(SLICE, 1)
    engine.count(LOG[380] as LoggedVote)
    engine.rate(SLICE, 2)
    for (const vote of LOG.slice(381)) engine.count(vote)
    const { board } = engine.rate(SLICE, 3)
    const exact = engineOf(LOG).rate(SLICE, 3).board
    for (const row of exact.models) {
      const ticked = board.models.find(({ model }) => model === row.model)
      expect(ticked?.rating).not.toBe(row.rating)
      expect(Math.abs((ticked?.rating ?? 0) - (row.rating ?? 0))).toBeLessThan(3)
    }
  })

  test('a ticked board has the solved one where nothing was voted since', () => {
    const engine = engineOf(LOG)
    const solved = engine.rate(SLICE, 1).board
    const ticked = TickedBoard.of(solved, { judge: 'human' }, LOG.length)?.at(engine.table)
    for (const [index, row] of solved.models.entries()) {
      expect(ticked?.models[index]?.model).toBe(row.model)
      expect(ticked?.models[index]?.rating).toBeCloseTo(row.rating ?? 0, 9)
    }
  })
})

test('slices counted vote by vote and at once are the same', () => {
  const slices = [{ language: 'de' }, { turns: 'multi' }, {}, { judge: 'model' }].map((query) =>
    sliceSchema.parse(query),
  )
  const engine = new RatingEngine(() => 0)
  for (const vote of LOG) {
    engine.count(vote)
    if (vote.position % 40 === 1) for (const slice of slices) engine.rate(slice, 1)
  }
  for (const slice of slices) {
    expect(engine.rate(slice, 2).board).toEqual(engineOf(LOG).rate(slice, 2).board)
  }
})

test('what a vote would tell is known of every pair, in the order of the names', () => {
  const { slugs, gains } = engineOf(LOG).information()
  expect(slugs).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'])
  expect(gains).toHaveLength(64)
  for (const [at, gain] of gains.entries()) {
    if (at % 9 === 0) expect(gain).toBe(0)
    else expect(gain).toBeGreaterThan(0)
  }
})
