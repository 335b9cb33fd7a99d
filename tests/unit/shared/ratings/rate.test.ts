import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_SKIP,
  OUTCOME_TIE,
  TIES,
} from '../../../../shared/ratings/outcomes.ts'
import { pairwiseCriticalValue } from '../../../../shared/ratings/ranks.ts'
import {
  checkAnchor,
  checkRateOptions,
  INTERVALS,
  RATING_METHODS,
  rateVotes,
  type RatedBoard,
  type RateOptions,
} from '../../../../shared/ratings/rate.ts'
import { SliceCounts, type VoteFilter } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable, type TableVote } from '../../../../shared/ratings/vote-table.ts'
import { column, expectClose, rate } from '../../../support/ratings/golden.ts'
import { LOG_DIMENSIONS, randomLog, tableOf } from '../../../support/ratings/random-votes.ts'

const methods = fc.constantFrom(...RATING_METHODS.filter((method) => method !== 'elo-permuted'))
const dimensions = fc.constantFrom('overall', ...LOG_DIMENSIONS)
const filters = fc.constantFrom<VoteFilter>(
  {},
  { language: 'de' },
  { judge: 'human', turns: 'multi' },
  { turns: 'single' },
)
const options = fc
  .record({
    method: methods,
    dimension: dimensions,
    ties: fc.constantFrom(...TIES),
    intervals: fc.constantFrom(...INTERVALS.filter((kind) => kind !== 'bootstrap')),
    filter: filters,
  })
  .filter(({ method, dimension }) => method !== 'davidson' || dimension !== 'overall')
/** Ratings that do not depend on the order of votes. */
const orderless = options.filter(({ method }) => method !== 'elo')

const boardOf = (votes: readonly TableVote[], wanted: RateOptions): RatedBoard =>
  rate(tableOf(votes), wanted)

const statuses = ({ models }: RatedBoard) =>
  Object.fromEntries(models.map(({ model, status }) => [model, status]))

/** Everything a board says, so that `toEqual` compares bits. */
const bits = (board: RatedBoard) => ({ ...board, theta: [...board.theta] })

function expectFinite(board: RatedBoard): void {
  const numbers: number[] = [
    ...board.theta.values(),
    ...(board.covariance ?? []),
    ...(board.inverseHessian ?? []),
    ...board.factors,
    ...Object.values(board.outcomes),
    board.nu ?? 0,
    board.voters,
    board.votes,
  ]
  for (const row of board.models) {
    for (const value of Object.values(row)) if (typeof value === 'number') numbers.push(value)
  }
  expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
}

test('whatever the votes, a board is marked and finite', () => {
  fc.assert(
    fc.property(randomLog(), options, (votes, wanted) => {
      const board = boardOf(votes, wanted)
      expectFinite(board)
      for (const row of board.models) {
        expect(row.rating === null).toBe(row.status !== 'rated')
        expect(row.rank === null).toBe(row.status !== 'rated')
        expect(row.provisional).toBe(row.votes < 30)
        if (row.rating === null) {
          expect([row.se, row.ciLow, row.ciHigh, row.rankUb, row.rankLow]).toEqual(
            Array.from({ length: 5 }, () => null),
          )
        } else if (row.se !== null) {
          expect(row.ciLow).toBeLessThanOrEqual(row.rating)
          expect(row.ciHigh).toBeGreaterThanOrEqual(row.rating)
          expect(row.rankLow).toBeLessThanOrEqual(row.rank!)
          expect(row.rankHigh).toBeGreaterThanOrEqual(row.rank!)
        }
      }
      const ratings = board.models.flatMap(({ rating }) => (rating === null ? [] : [rating]))
      expect(ratings).toEqual(ratings.toSorted((a, b) => b - a))
      expect(board.models.slice(ratings.length).every(({ rating }) => rating === null)).toBe(true)
      // A component of one model rates nobody.
      expect(ratings.length).not.toBe(1)
    }),
    { numRuns: 300 },
  )
})

test('the order of votes does not matter', () => {
  fc.assert(
    fc.property(
      randomLog().chain((votes) =>
        fc.tuple(fc.constant(votes), fc.shuffledSubarray(votes, { minLength: votes.length })),
      ),
      orderless,
      ([votes, shuffled], wanted) => {
        const [one, other] = [boardOf(votes, wanted), boardOf(shuffled, wanted)]
        expect(statuses(other)).toEqual(statuses(one))
        for (const name of ['rating', 'se', 'ciLow', 'ciHigh'] as const) {
          const [a, b] = [column(one, name), column(other, name)]
          for (const [model, value] of Object.entries(a)) {
            if (Number.isNaN(value)) expect(b[model]).toBeNaN()
            else expect(Math.abs(b[model]! - value)).toBeLessThan(1e-9 * Math.max(1, value))
          }
        }
      },
    ),
  )
})

test('counts kept vote by vote give the same bits as counts made at once', () => {
  fc.assert(
    fc.property(randomLog(), options, fc.nat(), (votes, wanted, cut) => {
      const whole = tableOf(votes)
      const table = new VoteTable({ dimensions: LOG_DIMENSIONS })
      const counts = new SliceCounts(LOG_DIMENSIONS, wanted.filter)
      for (const [index, vote] of votes.entries()) {
        counts.addRow(table, table.append(vote))
        // Elo is folded when it is asked for: here once in the middle.
        if (index === cut % votes.length) rateVotes(table, counts, wanted)
      }
      expect(bits(rateVotes(table, counts, wanted))).toEqual(
        bits(rateVotes(whole, SliceCounts.of(whole, wanted.filter), wanted)),
      )
    }),
  )
})

test('a vote that was taken back leaves no trace', () => {
  fc.assert(
    fc.property(
      randomLog({ minLength: 1 }),
      options,
      fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      (votes, wanted, picks) => {
        const gone = new Set(picks.map((pick) => pick % votes.length))
        const table = tableOf(votes)
        const counts = SliceCounts.of(table, wanted.filter)
        rateVotes(table, counts, wanted)
        for (const row of gone) {
          counts.removeRow(table, row)
          table.withdraw(row)
        }
        const left = votes.filter((_, row) => !gone.has(row))
        expect(bits(rateVotes(table, counts, wanted))).toEqual(bits(boardOf(left, wanted)))
      },
    ),
  )
})

const turned = [OUTCOME_B, OUTCOME_A, OUTCOME_TIE, OUTCOME_BOTH_BAD, OUTCOME_SKIP]

test('swapping the sides of every battle changes nothing', () => {
  fc.assert(
    fc.property(randomLog(), options, (votes, wanted) => {
      const swapped = votes.map((vote) => ({
        ...vote,
        modelA: vote.modelB,
        modelB: vote.modelA,
        outcomes: vote.outcomes.map((outcome) => turned[outcome]!),
      }))
      const [one, other] = [boardOf(votes, wanted), boardOf(swapped, wanted)]
      // Elo's expectation of the other side is rounded apart.
      expect(statuses(other)).toEqual(statuses(one))
      for (const name of ['rating', 'se', 'elo'] as const) {
        const rated = (board: RatedBoard) => board.models.filter((row) => row[name] !== null)
        expectClose(
          column({ ...other, models: rated(other) }, name),
          column({ ...one, models: rated(one) }, name),
          1e-7,
        )
      }
    }),
  )
})

describe('the gauge', () => {
  /** A ring in which everybody can be rated, and some more votes. */
  const ring = (models: number): TableVote[] =>
    Array.from({ length: models }, (_, i) => ({
      modelA: `m${i}`,
      modelB: `m${(i + 1) % models}`,
      outcomes: [OUTCOME_A, OUTCOME_TIE, OUTCOME_BOTH_BAD],
    }))

  test('an anchor shifts ratings and bounds, not standard errors or differences', () => {
    fc.assert(
      fc.property(
        randomLog(),
        dimensions,
        fc.nat({ max: 4 }),
        fc.integer({ min: -3000, max: 3000 }),
        (votes, dimension, anchor, rating) => {
          const log = [...ring(5), ...votes]
          const wanted = { dimension, method: 'bradley-terry' } as const
          const free = boardOf(log, wanted)
          const held = boardOf(log, { ...wanted, anchor: { model: `m${anchor}`, rating } })
          expect(column(held, 'se')).toEqual(column(free, 'se'))
          expect(column(held, 'rating')[`m${anchor}`]).toBe(rating)
          const shift = rating - column(free, 'rating')[`m${anchor}`]!
          for (const name of ['rating', 'ciLow', 'ciHigh'] as const) {
            const shifted = Object.entries(column(free, name)).map(([m, x]) => [m, x + shift])
            expectClose(column(held, name), Object.fromEntries(shifted), 1e-9)
          }
          const mean = free.models.reduce((sum, row) => sum + row.rating!, 0) / 5
          expect(mean).toBeCloseTo(1000, 8)
        },
      ),
    )
  })

  test('duplicating votes halves variances if the copies are of new voters', () => {
    fc.assert(
      fc.property(
        randomLog(),
        dimensions,
        fc.constantFrom('sandwich', 'clustered', 'fisher'),
        (votes, dimension, intervals) => {
          // Every voter gives few votes, so that nobody dominates.
          const log = [...ring(5), ...votes].map((vote, i) => ({ ...vote, voter: `v${i >> 1}` }))
          const copies = log.map((vote) => ({ ...vote, voter: `copy of ${vote.voter}` }))
          const wanted = { dimension, method: 'bradley-terry', intervals } as const
          const once = boardOf(log, wanted)
          const twice = boardOf([...log, ...copies], wanted)
          expectClose(column(twice, 'rating'), column(once, 'rating'), 1e-7)
          const halved = Object.entries(column(once, 'se')).map(([m, se]) => [m, se / Math.SQRT2])
          expectClose(column(twice, 'se'), Object.fromEntries(halved), 1e-6)
        },
      ),
    )
  })

  test('copies by the same voters change no clustered variance', () => {
    fc.assert(
      fc.property(randomLog(), dimensions, (votes, dimension) => {
        const log = [...ring(5), ...votes].map((vote, i) => ({ ...vote, voter: `v${i >> 1}` }))
        const wanted = { dimension, method: 'bradley-terry' } as const
        const once = boardOf(log, wanted)
        const twice = boardOf([...log, ...log], wanted)
        expectClose(column(twice, 'se'), column(once, 'se'), 1e-6)
        expect(twice.voters).toBe(once.voters)
      }),
    )
  })

  test('a weight is what that many equal votes of one voter are', () => {
    fc.assert(
      fc.property(
        randomLog(),
        dimensions,
        fc.integer({ min: 2, max: 5 }),
        (votes, dimension, w) => {
          const log = [...ring(5), ...votes].map((vote, i) => ({ ...vote, voter: `v${i >> 1}` }))
          const wanted = { dimension, method: 'bradley-terry' } as const
          const weighted = boardOf(
            log.map((vote, i) => (i % 3 === 0 ? { ...vote, weight: w } : vote)),
            wanted,
          )
          const repeated = boardOf(
            log.flatMap((vote, i) => Array.from({ length: i % 3 === 0 ? w : 1 }, () => vote)),
            wanted,
          )
          expectClose(column(weighted, 'rating'), column(repeated, 'rating'), 1e-6)
          expectClose(column(weighted, 'se'), column(repeated, 'se'), 1e-6)
        },
      ),
    )
  })

  test('weights of votes are all relative, and H takes w where B takes w²', () => {
    fc.assert(
      fc.property(randomLog(), dimensions, (votes, dimension) => {
        const log = [...ring(5), ...votes]
        for (const intervals of ['sandwich', 'clustered'] as const) {
          const wanted = { dimension, method: 'bradley-terry', intervals } as const
          const plain = boardOf(log, wanted)
          const scaled = boardOf(
            log.map((vote) => ({ ...vote, weight: 2.5 })),
            wanted,
          )
          expectClose(column(scaled, 'rating'), column(plain, 'rating'), 1e-6)
          expectClose(column(scaled, 'se'), column(plain, 'se'), 1e-6)
        }
      }),
    )
  })
})

describe('inputs without a finite maximum', () => {
  const win = (modelA: string, modelB: string): TableVote => ({
    modelA,
    modelB,
    outcomes: [OUTCOME_A, OUTCOME_A, OUTCOME_A],
  })
  const tie = (modelA: string, modelB: string): TableVote => ({
    modelA,
    modelB,
    outcomes: [OUTCOME_TIE, OUTCOME_TIE, OUTCOME_TIE],
  })
  const plain = { dimension: 'accuracy', method: 'bradley-terry' } as const

  test('nobody, one vote, two models', () => {
    for (const method of RATING_METHODS) {
      const board = boardOf([], { ...plain, method })
      expect(board.models).toEqual([])
      expectFinite(board)
    }
    expect(statuses(boardOf([win('a', 'b')], plain))).toEqual({
      a: 'unbounded-above',
      b: 'unbounded-below',
    })
    const even = boardOf([win('a', 'b'), win('b', 'a')], plain)
    expect(even.models.map(({ model, rating }) => [model, rating])).toEqual([
      ['a', 1000],
      ['b', 1000],
    ])
    expectFinite(even)
  })

  test('who never lost, who never won, and who met nobody rated', () => {
    const log = [win('a', 'b'), win('b', 'c'), win('c', 'a'), win('top', 'a'), win('king', 'top')]
    log.push(win('c', 'low'), win('x', 'y'), win('x', 'low'))
    const board = boardOf(log, plain)
    expect(statuses(board)).toEqual({
      a: 'rated',
      b: 'rated',
      c: 'rated',
      king: 'unbounded-above',
      top: 'unbounded-above',
      low: 'unbounded-below',
      x: 'disconnected',
      y: 'disconnected',
    })
    expect(board.models.map(({ model }) => model)).toEqual([
      'a',
      'b',
      'c',
      'king',
      'low',
      'top',
      'x',
      'y',
    ])
    expect(board.rated).toEqual(['a', 'b', 'c'])
    expectFinite(board)
  })

  test('of two groups the larger is rated, then the one with more votes, then the first', () => {
    const pair = (a: string, b: string) => [win(a, b), win(b, a)]
    const rated = (log: TableVote[]) => boardOf(log, plain).rated
    expect(rated([...pair('a', 'b'), ...pair('x', 'y'), ...pair('y', 'z')])).toEqual([
      'x',
      'y',
      'z',
    ])
    expect(rated([...pair('a', 'b'), ...pair('x', 'y'), win('x', 'y')])).toEqual(['x', 'y'])
    expect(rated([...pair('x', 'y'), ...pair('a', 'b')])).toEqual(['a', 'b'])
  })

  test('ties connect only where they count', () => {
    const log = [win('a', 'b'), tie('a', 'b')]
    expect(boardOf(log, plain).rated).toEqual(['a', 'b'])
    expect(boardOf(log, { ...plain, ties: 'drop' }).rated).toEqual([])
  })

  test('a dimension connects the overall board only with weight', () => {
    const skip = OUTCOME_SKIP
    const log: TableVote[] = [
      { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A, skip, skip] },
      { modelA: 'b', modelB: 'a', outcomes: [skip, OUTCOME_A, skip] },
    ]
    const overall = { dimension: 'overall', method: 'bradley-terry' } as const
    expect(boardOf(log, overall).rated).toEqual(['a', 'b'])
    expect(boardOf(log, { ...overall, weights: [1, 0, 1] }).rated).toEqual([])
    expectFinite(boardOf(log, overall))
  })

  test('Davidson with ties on every way back has no finite ν', () => {
    const board = boardOf([win('a', 'b'), win('a', 'b'), tie('a', 'b')], {
      ...plain,
      method: 'davidson',
    })
    expect(board.models.every(({ rating }) => rating === null)).toBe(true)
    expect(board.nu).toBeNull()
    const ties = boardOf([tie('a', 'b'), tie('b', 'c')], { ...plain, method: 'davidson' })
    expect(ties.rated).toEqual([])
    const chain = boardOf([win('a', 'b'), win('b', 'c'), tie('a', 'c')], {
      ...plain,
      method: 'davidson',
    })
    // Two wins on the way from a to c, one tie back: that is a maximum.
    expect(chain.rated).toEqual(['a', 'b', 'c'])
    expectFinite(chain)
  })

  test('a thousand million wins against one loss', () => {
    const table = new VoteTable({ dimensions: ['quality'] })
    const counts = new SliceCounts(['quality'])
    for (const name of ['a', 'b', 'c']) table.models.idOf(name)
    counts.pairs[0]!.addMany(0, 1, OUTCOME_A, 1e9)
    counts.pairs[0]!.addMany(0, 1, OUTCOME_B, 1)
    counts.pairs[0]!.addMany(1, 2, OUTCOME_A, 1e9)
    counts.pairs[0]!.addMany(2, 1, OUTCOME_A, 1)
    const board = rateVotes(table, counts, {
      dimension: 'quality',
      method: 'bradley-terry',
      intervals: 'sandwich',
    })
    expectFinite(board)
    const gap = Math.log(1e9)
    expect(board.theta.get('a')! - board.theta.get('b')!).toBeCloseTo(gap, 8)
    expect(board.theta.get('b')! - board.theta.get('c')!).toBeCloseTo(gap, 8)
  })

  test('a long chain in which everybody nearly always beats the next', () => {
    const log: TableVote[] = []
    for (let i = 0; i < 40; i += 1) {
      const [a, b] = [`m${String(i).padStart(2, '0')}`, `m${String(i + 1).padStart(2, '0')}`]
      for (let n = 0; n < 50; n += 1) log.push(win(a, b))
      log.push(win(b, a))
    }
    const board = boardOf(log, plain)
    expect(board.converged).toBe(true)
    expectFinite(board)
    expect(board.theta.get('m00')! - board.theta.get('m01')!).toBeCloseTo(Math.log(50), 8)
  })
})

describe('what a person may ask for', () => {
  const table = tableOf([
    { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A, OUTCOME_SKIP, OUTCOME_TIE] },
  ])
  const base: RateOptions = { dimension: 'overall', method: 'bradley-terry' }

  test.each<[string, Partial<RateOptions>, RegExp]>([
    ['an unknown dimension', { dimension: 'beauty' }, /no dimension “beauty”/],
    ['Davidson overall', { method: 'davidson' }, /rates a dimension/],
    ['too few weights', { weights: [1] }, /one number for each/],
    ['a weight below 0', { weights: [1, -1, 1] }, /none below 0/],
    ['no weight at all', { weights: [0, 0, 0] }, /not all 0/],
    ['an unknown anchor', { anchor: { model: 'z', rating: 1000 } }, /“z” has no votes/],
    ['an anchor at NaN', { anchor: { model: 'a', rating: Number.NaN } }, /has to be a number/],
    ['K = 0', { k: 0 }, /K has to be/],
    ['half an order', { orders: 0.5 }, /number of orders/],
    ['half a seed', { seed: 0.5 }, /seed/],
  ])('%s is refused', (_, wrong, message) => {
    const result = checkRateOptions(table, { ...base, ...wrong })
    if (result.ok) throw new Error('accepted')
    expect(result.error.code).toBe('invalid_input')
    expect(result.error.message).toMatch(message)
  })

  test('what can be done is accepted', () => {
    const wanted = { ...base, weights: [1, 0, 2], anchor: { model: 'a', rating: 1114 } }
    expect(checkRateOptions(table, wanted)).toEqual({ ok: true, value: wanted })
  })

  test('an anchor that could not be rated is told', () => {
    const board = rate(table, { dimension: 'accuracy', anchor: { model: 'a', rating: 1114 } })
    const result = checkAnchor(board, { model: 'a' })
    if (result.ok) throw new Error('accepted')
    expect(result.error.message).toMatch(/unbounded-above/)
    expect(checkAnchor(board, { model: 'z' }).ok).toBe(false)
    const even = rate(table, { dimension: 'language' })
    expect(checkAnchor(even, { model: 'a' }).ok).toBe(true)
  })

  test('programming errors are thrown', () => {
    expect(() => rate(table, { dimension: 'beauty' })).toThrow(RangeError)
    expect(() => rate(table, { dimension: 'overall', method: 'davidson' })).toThrow(RangeError)
  })
})

test('boards say what they counted', () => {
  const skip = OUTCOME_SKIP
  const table = tableOf([
    { modelA: 'a', modelB: 'b', outcomes: [OUTCOME_A, skip, OUTCOME_TIE], voter: 'v' },
    { modelA: 'b', modelB: 'a', outcomes: [OUTCOME_A, OUTCOME_BOTH_BAD, skip], voter: 'v' },
    { modelA: 'a', modelB: 'c', outcomes: [skip, skip, OUTCOME_TIE], voter: 'w' },
  ])
  const accuracy = rate(table, { dimension: 'accuracy' })
  expect(accuracy.votes).toBe(2)
  expect(accuracy.outcomes).toEqual({ decisive: 2, ties: 0, bothBad: 0, skipped: 1 })
  expect(accuracy.models.map(({ model }) => model)).toEqual(['a', 'b'])
  expect(accuracy.voters).toBe(1)
  const overall = rate(table, { dimension: 'overall' })
  expect(overall.votes).toBe(3)
  expect(overall.outcomes).toEqual({ decisive: 2, ties: 2, bothBad: 1, skipped: 4 })
  expect(overall.voters).toBe(2)
  const a = overall.models.find(({ model }) => model === 'a')!
  expect(a).toMatchObject({ votes: 3, wins: 1, losses: 1, ties: 2, bothBad: 1, bothBadRate: 0.2 })
  expect(a.bothBadLow).toBeNull()
  const elo = ['accuracy', 'helpfulness', 'language'].map(
    (dimension) =>
      rate(table, { dimension, method: 'elo' }).models.find(({ model }) => model === 'c')?.elo,
  )
  expect(elo).toEqual([undefined, undefined, expect.any(Number)])
  const c = overall.models.find(({ model }) => model === 'c')!
  expect(c.elo).toBeCloseTo((2000 + elo[2]!) / 3, 9)
})

test('critical values grow with the number of comparisons', () => {
  expect(pairwiseCriticalValue(2)).toBeCloseTo(1.959963984540054, 12)
  expect(pairwiseCriticalValue(1)).toBe(Number.POSITIVE_INFINITY)
  expect(pairwiseCriticalValue(20)).toBeGreaterThan(pairwiseCriticalValue(19))
})
