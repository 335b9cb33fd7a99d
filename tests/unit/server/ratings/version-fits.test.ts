import { describe, expect, test } from 'vitest'
import { BOARD_DIMENSIONS } from '../../../../shared/dimensions.ts'
import { rateVotes } from '../../../../shared/ratings/rate.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { versionName } from '../../../../shared/ratings/vote-table.ts'
import { sliceSchema } from '../../../../shared/schemas/leaderboard.ts'
import { RatingEngine } from '../../../../server/ratings/engine.ts'
import type { VersionFit } from '../../../../server/ratings/version-fits.ts'
import type { LoggedVote } from '../../../../server/votes/logged-vote.ts'

const HOUR = 3_600_000
const VERDICTS = ['a', 'a', 'b', 'b', 'tie', 'both_bad', 'skip'] as const
const MODELS = ['ant', 'bee', 'bee-2', 'bee2', 'cat', 'dog']

/** Votes among six models, an hour's worth of `perHour`; the version of `bee` is `versionAt(index)`. */
function votes(count: number, perHour: number, versionAt: (index: number) => number): LoggedVote[] {
  const random = mulberry32(7)
  const draw = (most: number) => Math.floor(random() * most)
  return Array.from({ length: count }, (_, index): LoggedVote => {
    const left = draw(MODELS.length)
    const right = (left + 1 + draw(MODELS.length - 1)) % MODELS.length
    const [slug_a = '', slug_b = ''] = [MODELS[left], MODELS[right]]
    const versionOf = (slug: string) => (slug === 'bee' ? versionAt(index) : 1)
    // The second version of bee wins always where it is more accurate.
    const verdict = () => VERDICTS[draw(VERDICTS.length)] ?? 'tie'
    const better =
      slug_a === 'bee' && versionAt(index) === 2 && draw(3) > 0
        ? 'a'
        : slug_b === 'bee' && versionAt(index) === 2 && draw(3) > 0
          ? 'b'
          : verdict()
    return {
      position: index + 1,
      slug_a,
      slug_b,
      accuracy: better,
      helpfulness: verdict(),
      language: verdict(),
      voter: `voter-${draw(40)}`,
      battle_id: `battle-${index}`,
      judge: 'human',
      prompt_language: 'en',
      category: 'other',
      turns: 1,
      style: null,
      created_at: index * (HOUR / perHour),
      version_a: versionOf(slug_a),
      version_b: versionOf(slug_b),
    }
  })
}

function engineOf(log: readonly LoggedVote[]): RatingEngine {
  const engine = new RatingEngine(() => 0)
  for (const vote of log) engine.count(vote)
  return engine
}

function run(engine: RatingEngine, slug: string): { fits: VersionFit[]; steps: number } {
  const work = engine.versions(slug)
  for (let steps = 0; ; steps += 1) {
    const { value, done } = work.next()
    if (done === true) return { fits: value, steps }
  }
}

describe('one version', () => {
  const engine = engineOf(votes(600, 50, () => 4))

  test('has the ratings of the board, to the last digit', () => {
    const { fits } = run(engine, 'bee')
    expect(fits).toHaveLength(1)
    for (const dimension of BOARD_DIMENSIONS) {
      const board = engine.rate(sliceSchema.parse({ dimension }), 1).board
      const row = board.models.find(({ model }) => model === 'bee')
      expect(row?.rating).not.toBeNull()
      expect(fits[0]?.version).toBe(4)
      expect(fits[0]?.ratings[dimension]).toEqual({
        rating: row?.rating,
        ciLow: row?.ciLow,
        ciHigh: row?.ciHigh,
        votes: row?.votes,
      })
    }
  })

  test('fitted under its own name it still has the same bits', () => {
    const split = engine.table.splitByVersion('bee')
    const options = {
      dimension: 'accuracy',
      method: 'bradley-terry',
      filter: { judge: 'human' },
    } as const
    const under = (table: typeof split) =>
      rateVotes(table, SliceCounts.of(table, options.filter), options)
    const [one, other] = [under(split), under(engine.table)]
    expect(one.models.map(({ model }) => model.split(' ')[0])).toEqual(
      other.models.map(({ model }) => model),
    )
    const numbers = ({ models }: typeof one) => models.map((row) => ({ ...row, model: '' }))
    expect(numbers(one)).toEqual(numbers(other))
  })

  test('its history is that of the board at the same moments', () => {
    const { fits } = run(engine, 'bee')
    const history = fits[0]?.history ?? []
    // Twelve hours, of which the last is not over.
    expect(history).toHaveLength(12)
    const early = engineOf(votes(600, 50, () => 4).slice(0, 50)).rate(
      sliceSchema.parse({ dimension: 'language' }),
      1,
    )
    const row = early.board.models.find(({ model }) => model === 'bee')
    expect(history[0]?.ratings.language).toMatchObject({ rating: row?.rating, ciLow: row?.ciLow })
  })
})

describe('two versions', () => {
  const log = votes(2000, 20, (index) => (index < 1000 ? 1 : 2))
  const engine = engineOf(log)
  const { fits } = run(engine, 'bee')
  const [second, first] = fits

  test('are rated apart, by their own votes', () => {
    expect(fits.map(({ version }) => version)).toEqual([2, 1])
    for (const [version, fit] of [
      [1, first],
      [2, second],
    ] as const) {
      const own = log.filter(
        (vote) =>
          vote.accuracy !== 'skip' &&
          ((vote.slug_a === 'bee' && vote.version_a === version) ||
            (vote.slug_b === 'bee' && vote.version_b === version)),
      )
      expect(fit?.ratings.accuracy?.votes).toBe(own.length)
    }
    expect(second?.ratings.accuracy?.ciLow).toBeGreaterThan(first?.ratings.accuracy?.ciHigh ?? 1e9)
    const board = engine.rate(sliceSchema.parse({ dimension: 'accuracy' }), 1).board
    const pooled = board.models.find(({ model }) => model === 'bee')?.rating ?? 0
    expect(pooled).toBeGreaterThan(first?.ratings.accuracy?.rating ?? 1e9)
    expect(pooled).toBeLessThan(second?.ratings.accuracy?.rating ?? 0)
  })

  test('count as one model in the mean of the scale, each with the share of its votes', () => {
    const split = engine.table.splitByVersion('bee')
    const filter = { judge: 'human' }
    const options = { dimension: 'accuracy', method: 'bradley-terry', filter } as const
    const raw = rateVotes(split, SliceCounts.of(split, filter), options)
    const others = raw.models.filter(({ model }) => !model.startsWith('bee '))
    const rating = (slug: string) => raw.models.find(({ model }) => model === slug)?.rating ?? 0
    // Equal differences to everybody: only the gauge is another one.
    const accuracy = fits.map(({ ratings }) => ratings.accuracy)
    const shift = (accuracy[0]?.rating ?? 0) - rating(versionName('bee', 2))
    expect((accuracy[1]?.rating ?? 0) - rating(versionName('bee', 1))).toBeCloseTo(shift, 9)
    expect(others).toHaveLength(5)
    const sum = others.reduce((total, row) => total + (row.rating ?? 0) + shift, 0)
    const votesOfAll = accuracy.reduce((total, each) => total + (each?.votes ?? 0), 0)
    const own = accuracy.reduce(
      (total, each) => total + ((each?.rating ?? 0) * (each?.votes ?? 0)) / votesOfAll,
      0,
    )
    expect((sum + own) / 6).toBeCloseTo(1000, 9)
    expect(Math.abs(shift)).toBeGreaterThan(1)
  })

  test('have histories of their own, of at most thirty moments', () => {
    const times = (fit: VersionFit | undefined) => fit?.history.map(({ at }) => at) ?? []
    expect(times(first).length).toBeGreaterThan(10)
    expect(times(first).length).toBeLessThanOrEqual(31)
    expect(times(first).toSorted((a, b) => a - b)).toEqual(times(first))
    // The first ends with the hour of its last vote, the second begins after it.
    expect(times(second)[0]).toBeGreaterThan(log[999]?.created_at ?? 0)
    expect(times(first).at(-1)).toBeLessThan((log[999]?.created_at ?? 0) + HOUR)
    expect(times(second).at(-1)).toBe(log.at(-1)?.created_at)
  })

  test('what was computed of the past is not computed again', () => {
    const again = run(engine, 'bee')
    expect(again.fits).toEqual(fits)
    // Splitting, counting, a solve for each dimension, and what is known then.
    expect(again.steps).toBe(BOARD_DIMENSIONS.length + 3)
    engine.count({ ...(log[1] as LoggedVote), position: 2001, created_at: log.at(-1)!.created_at })
    expect(run(engine, 'bee').steps).toBe(BOARD_DIMENSIONS.length + 3)
  })
})

describe('bounds', () => {
  test('a model with many versions: the work does not grow with them without end', () => {
    const engine = engineOf(votes(3000, 5, (index) => 1 + Math.floor(index / 20)))
    const { fits, steps } = run(engine, 'bee')
    expect(fits).toHaveLength(100)
    expect(fits[0]?.version).toBe(150)
    // At most two moments of sixty versions, and now.
    expect(steps).toBeLessThanOrEqual((2 * 60 + 1) * (BOARD_DIMENSIONS.length + 1) + 2)
    expect(fits.filter(({ history }) => history.length > 1).length).toBeLessThanOrEqual(60)
  })

  test('how they stand now is known first, their past as it is computed', () => {
    const engine = engineOf(votes(1200, 20, (index) => (index < 500 ? 1 : 2)))
    const { fits } = run(engineOf(votes(1200, 20, (index) => (index < 500 ? 1 : 2))), 'bee')
    const lengths: number[] = []
    for (const known of engine.versions('bee')) {
      const sofar = known?.()
      if (sofar === undefined) continue
      expect(sofar.map(({ ratings }) => ratings)).toEqual(fits.map(({ ratings }) => ratings))
      lengths.push(sofar.reduce((sum, { history }) => sum + history.length, 0))
    }
    expect(lengths[0]).toBe(1)
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
    expect(lengths.at(-1)).toBeGreaterThan(20)
    // Left half way, it is gone on with from there.
    const half = engineOf(votes(1200, 20, (index) => (index < 500 ? 1 : 2)))
    const work = half.versions('bee')
    for (let step = 0; step < 100; step += 1) work.next()
    const rest = run(half, 'bee')
    expect(rest.fits).toEqual(fits)
    expect(rest.steps).toBeLessThan(lengths.length - 60)
  })

  test('nobody, and nobody without votes', () => {
    expect(run(engineOf([]), 'bee').fits).toEqual([])
    expect(run(engineOf(votes(50, 5, () => 1)), 'nobody').fits).toEqual([])
  })

  test('votes that come while versions are rated are not counted, and disturb nothing', () => {
    const log = votes(1200, 20, (index) => (index < 500 ? 1 : 2))
    const calm = run(engineOf(log.slice(0, 1000)), 'bee').fits
    const engine = engineOf(log.slice(0, 1000))
    const work = engine.versions('bee')
    let next = 1000
    for (;;) {
      const { value, done } = work.next()
      if (done === true) {
        expect(value).toEqual(calm)
        break
      }
      const vote = log[next]
      if (vote !== undefined) engine.count(vote)
      next += 1
    }
  })
})
