import { expect, test } from 'vitest'
import { normal } from '../../../../shared/ratings/draws.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { rateVotes, type RateOptions } from '../../../../shared/ratings/rate.ts'
import { SliceCounts, type VoteFilter } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'

const DIMENSIONS = ['accuracy', 'helpfulness', 'language']

/** Votes of voters who like long answers, in two languages; one of them has one model less. */
function arena({ votes = 6000, models = 6, style = 0.8 } = {}): VoteTable {
  const random = mulberry32(42)
  const table = new VoteTable({ dimensions: DIMENSIONS })
  for (let vote = 0; vote < votes; vote += 1) {
    const language = random() < 0.4 ? 'fr' : 'en'
    const known = language === 'fr' ? models - 1 : models
    const i = Math.floor(random() * known)
    const other = Math.floor(random() * (known - 1))
    const j = other >= i ? other + 1 : other
    // Weak models write more.
    const tokens = [i, j].map((model) =>
      Math.round(200 * (1 + model / 3) * Math.exp(0.5 * normal(random))),
    )
    const longer = (tokens[0]! - tokens[1]!) / (tokens[0]! + tokens[1]!)
    const distance = (j - i) * 0.3 + style * longer + 0.2
    const outcome = () => {
      const u = random()
      if (u < 0.05) return 4
      if (u < 0.2) return 2
      if (u < 0.25) return 3
      return random() < 1 / (1 + Math.exp(-distance)) ? 0 : 1
    }
    table.append({
      modelA: `m${i}`,
      modelB: `m${j}`,
      outcomes: [outcome(), outcome(), outcome()],
      voter: `v${vote % 700}`,
      language,
      style: [tokens[0]!, tokens[1]!, 0, 0, 1, 1, 2, 1],
    })
  }
  return table
}

const TABLE = arena()

function board(options: Partial<RateOptions> = {}, filter: VoteFilter = {}) {
  return rateVotes(TABLE, SliceCounts.of(TABLE, filter), {
    dimension: 'accuracy',
    method: 'bradley-terry',
    filter,
    ...options,
  })
}

test.each(['accuracy', 'overall'])('a slice leans on the unsliced board (%s)', (dimension) => {
  const all = board({ dimension, intervals: 'none' })
  const own = board({ dimension }, { language: 'fr' })
  const slice = board({ dimension, prior: { theta: all.theta } }, { language: 'fr' })
  expect(slice.rated).toEqual(all.rated)
  const row = (of: typeof all, model: string) => of.models.find((each) => each.model === model)
  // Nobody met m5 in French: it keeps what it has overall, and says how little is known.
  expect(row(own, 'm5')).toBeUndefined()
  expect(row(slice, 'm5')!.rating).toBeCloseTo(row(all, 'm5')!.rating!, 8)
  expect(row(slice, 'm5')!.se).toBeCloseTo(60, 8)
  expect(row(slice, 'm5')).toMatchObject({ votes: 0, provisional: true, status: 'rated' })
  for (const model of own.rated) {
    const [shrunk, overall] = [row(slice, model)!, row(all, model)!]
    expect(shrunk.se).toBeLessThan(30)
    expect(shrunk.provisional).toBe(false)
    expect(Math.abs(shrunk.rating! - overall.rating!)).toBeLessThan(60)
  }
})

test('a model without a rating overall has none in a slice', () => {
  const all = board({ intervals: 'none' })
  const theta = new Map([...all.theta].filter(([model]) => model !== 'm0'))
  const slice = board({ prior: { theta } }, { language: 'fr' })
  const row = slice.models.at(-1)!
  expect(row).toMatchObject({ model: 'm0', rating: null, se: null, status: 'disconnected' })
  expect(row.votes).toBeGreaterThan(0)
})

test.each(['accuracy', 'overall'])(
  'style control takes length out of the ratings (%s)',
  (dimension) => {
    const plain = board({ dimension })
    const style = board({ dimension, style: true })
    const [tokens, headers] = style.style!
    expect(style.style!.map(({ feature }) => feature)).toEqual([
      'tokens',
      'headers',
      'lists',
      'bold',
    ])
    // One standard deviation of length is about 0.3 of (A−B)/(A+B), and voters like it with 0.8.
    expect(tokens!.ciLow).toBeGreaterThan(0.1)
    expect(tokens!.ciHigh).toBeLessThan(0.4)
    expect(headers).toMatchObject({ coefficient: 0 })
    expect(plain.style).toBeNull()
    // The wordy last one was overrated, the terse first one underrated.
    expect(style.theta.get('m5')!).toBeLessThan(plain.theta.get('m5')! - 0.03)
    expect(style.theta.get('m0')!).toBeGreaterThan(plain.theta.get('m0')! + 0.03)
    expect(style.voters).toBe(700)
    for (const { rating, ciLow, ciHigh, se } of style.models) {
      expect(ciLow!).toBeLessThan(rating!)
      expect(ciHigh! - rating!).toBeGreaterThan(1.9 * se!)
    }
  },
)

test('style control of a slice leans on a board too; without intervals it has the same ratings', () => {
  const prior = { theta: board({ style: true, intervals: 'none' }).theta }
  const slice = board({ style: true, prior }, { language: 'fr' })
  expect(slice.rated).toContain('m5')
  const quick = board({ style: true, prior, intervals: 'none' }, { language: 'fr' })
  expect(quick.theta).toEqual(slice.theta)
  expect(quick.style).toBeNull()
})

test('a style slice knows a model no better than the same slice without style', () => {
  const prior = { theta: board({ style: true, intervals: 'none' }).theta }
  const [styled, plain] = [
    board({ style: true, prior }, { language: 'fr' }),
    board({ prior }, { language: 'fr' }),
  ]
  const errorOf = new Map(plain.models.map(({ model, se }) => [model, se!]))
  for (const { model, se, provisional } of styled.models) {
    expect(se! / errorOf.get(model)!).toBeGreaterThan(0.97)
    expect(provisional).toBe(se! >= 30)
  }
})

test('a style slice without votes has the ratings of the board that it leans on, ± 60', () => {
  const prior = { theta: board({ style: true, intervals: 'none' }).theta }
  const empty = board({ style: true, prior }, { language: 'xx' })
  expect(empty.rated.length).toBe(prior.theta.size)
  for (const { model, rating, se } of empty.models) {
    expect(rating).toBeCloseTo(1000 + (prior.theta.get(model)! * 400) / Math.LN10, 9)
    expect(se).toBeCloseTo(60, 9)
  }
})

test('style control of answers that nobody has looked at changes nothing but the side', () => {
  const bare = new VoteTable({ dimensions: ['d'] })
  for (const [a, b, outcome] of [
    ['a', 'b', 0],
    ['b', 'a', 0],
    ['a', 'b', 2],
    ['a', 'b', 1],
    ['b', 'a', 1],
    ['a', 'b', 0],
  ] as const) {
    bare.append({ modelA: a, modelB: b, outcomes: [outcome] })
  }
  const options = { dimension: 'd', method: 'bradley-terry' } as const
  const plain = rateVotes(bare, SliceCounts.of(bare), options)
  const rated = rateVotes(bare, SliceCounts.of(bare), { ...options, style: true })
  expect(rated.position?.coefficient).toBeCloseTo(plain.position!.coefficient, 9)
  expect(rated.style?.map(({ coefficient, se }) => [coefficient, se])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ])
})

test('style control goes without the side where one side has always won', () => {
  const lefts = new VoteTable({ dimensions: ['d'] })
  for (const [a, b] of ['ab', 'ba', 'bc', 'cb', 'ca', 'ab']) {
    lefts.append({ modelA: a!, modelB: b!, outcomes: [0] })
  }
  const options = { dimension: 'd', method: 'bradley-terry' } as const
  const plain = rateVotes(lefts, SliceCounts.of(lefts), options)
  const rated = rateVotes(lefts, SliceCounts.of(lefts), { ...options, style: true })
  expect(plain.position).toBeNull()
  expect(rated.position).toBeNull()
  for (const [k, row] of rated.models.entries()) {
    expect(row.status).toBe('rated')
    expect(row.rating).toBeCloseTo(plain.models[k]!.rating!, 6)
    expect(row.ciHigh! - row.ciLow!).toBeCloseTo(
      plain.models[k]!.ciHigh! - plain.models[k]!.ciLow!,
      6,
    )
  }
})

test('verdicts on one battle stay together in the overall style board, with or without a voter', () => {
  const named = new VoteTable({ dimensions: DIMENSIONS })
  const nameless = new VoteTable({ dimensions: DIMENSIONS })
  const random = mulberry32(3)
  for (let vote = 0; vote < 400; vote += 1) {
    const winner = random() < 0.5 ? 0 : 1
    const one = {
      modelA: `m${vote % 3}`,
      modelB: `m${(vote + 1) % 3}`,
      outcomes: [winner, winner, winner],
      style: [vote % 7, 3, 0, 0, 0, 0, 0, 0],
    }
    named.append({ ...one, voter: `v${vote}` })
    nameless.append(one)
  }
  const options = { dimension: 'overall', method: 'bradley-terry', style: true } as const
  const [first, second] = [named, nameless].map((table) =>
    rateVotes(table, SliceCounts.of(table), options),
  )
  expect(second!.voters).toBe(400)
  for (const [k, row] of first!.models.entries()) {
    expect(second!.models[k]!.se).toBeCloseTo(row.se!, 8)
    expect(second!.models[k]!.ciLow).toBeCloseTo(row.ciLow!, 8)
  }
  expect(second!.style![0]!.se).toBeCloseTo(first!.style![0]!.se, 10)
})

test('the left side’s advantage is told for a dimension, and not for overall', () => {
  const { position } = board()
  expect(position!.ciLow).toBeGreaterThan(0)
  expect(position!.ciHigh - position!.coefficient).toBeCloseTo(1.96 * position!.se, 3)
  expect(board({ style: true }).position!.ciLow).toBeGreaterThan(0)
  expect(board({ dimension: 'overall' }).position).toBeNull()
  expect(board({ method: 'elo' }).position).toBeNull()
  expect(board({ method: 'davidson' }).position).toEqual(position)
})

test.each(['accuracy', 'overall'])(
  'how many votes hold the leader is told on demand (%s)',
  (dimension) => {
    const rated = board({ dimension, leader: true })
    const [first] = rated.models
    expect(rated.leader!.leader).toBe(first!.model)
    const runnerUp = rated.models.find(({ model }) => model === rated.leader!.runnerUp)!
    expect(rated.leader!.gap).toBeCloseTo(first!.rating! - runnerUp.rating!, 8)
    expect(rated.leader!.votesToFlip).toBeGreaterThan(0)
    expect(rated.leader!.share).toBeLessThan(0.1)
    expect(board({ dimension }).leader).toBeNull()
  },
)

test('bootstrap intervals are near the sandwich’s', () => {
  const sandwich = board({ intervals: 'sandwich' })
  for (const [k, row] of board({ intervals: 'bootstrap' }).models.entries()) {
    expect(Math.abs(row.se! / sandwich.models[k]!.se! - 1)).toBeLessThan(0.25)
  }
})
