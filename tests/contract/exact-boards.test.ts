import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Board, BoardRow, Pairs } from '../../shared/schemas/leaderboard.ts'
import { DIMENSIONS, type Dimension } from '../../shared/dimensions.ts'
import { call } from '../support/arena/outsider.ts'
import { sampleVotes, seedVotes, type SeedVote } from '../support/arena/seed-votes.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'

const SLUGS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']
const VOTES = sampleVotes(SLUGS, 600, 11)
const ELO_PER_LOGIT = 400 / Math.LN10

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, SLUGS)
  await stage.restart({}, (folder) => seedVotes(folder, VOTES))
})
afterAll(() => stage.close())

const get = (path: string) => call(`${stage.arena.url}/api/v1/${path}`)
const board = async (query = '') => (await get(`leaderboard${query}`)).json() as Board
const pairs = async (query = '') => (await get(`pairs${query}`)).json() as Pairs

const human = VOTES.filter(({ judge }) => judge === 'human')

type Game = { a: number; b: number; score: number; weight: number; voter: string }

/** The verdicts of some votes as games: the score of the left side, a tie half. */
function gamesOf(votes: readonly SeedVote[], dimension: Dimension, weight = 1): Game[] {
  return votes.flatMap((vote) => {
    const verdict = vote[dimension] ?? 'skip'
    if (verdict === 'skip') return []
    const score = verdict === 'a' ? 1 : verdict === 'b' ? 0 : 0.5
    const [a, b] = [SLUGS.indexOf(vote.a), SLUGS.indexOf(vote.b)]
    return [{ a, b, score, weight, voter: vote.voter ?? '' }]
  })
}

/**
 * Bradley–Terry by minorisation–maximisation (Hunter 2004), another algorithm than the arena's.
 *
 * @returns log-strengths with mean 0
 */
function fitByMM(games: readonly Game[]): number[] {
  let strengths = SLUGS.map(() => 1)
  for (let round = 0; round < 20_000; round += 1) {
    const wins = SLUGS.map(() => 0)
    const shares = SLUGS.map(() => 0)
    for (const { a, b, score, weight } of games) {
      const share = weight / ((strengths[a] ?? 0) + (strengths[b] ?? 0))
      wins[a] = (wins[a] ?? 0) + weight * score
      wins[b] = (wins[b] ?? 0) + weight * (1 - score)
      shares[a] = (shares[a] ?? 0) + share
      shares[b] = (shares[b] ?? 0) + share
    }
    const next = wins.map((won, model) => won / (shares[model] ?? 1))
    const moved = Math.max(
      ...next.map((value, i) => Math.abs(Math.log(value / (strengths[i] ?? 1)))),
    )
    strengths = next
    if (moved < 1e-13) break
  }
  const logs = strengths.map(Math.log)
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  return logs.map((value) => value - mean)
}

const rowOf = ({ rows }: Board, slug: string): BoardRow => {
  const row = rows.find(({ model }) => model.slug === slug)
  if (row === undefined) throw new Error(`${slug} is not on the board`)
  return row
}

function expectRatings(answer: Board, theta: readonly number[]): void {
  for (const [model, slug] of SLUGS.entries()) {
    const rating = 1000 + (theta[model] ?? Number.NaN) * ELO_PER_LOGIT
    expect(rowOf(answer, slug).rating, slug).toBeCloseTo(rating, 6)
  }
}

describe('Bradley–Terry boards', () => {
  test.each(DIMENSIONS)('%s is the maximum of its likelihood, ties half', async (dimension) => {
    const answer = await board(`?dimension=${dimension}`)
    expectRatings(answer, fitByMM(gamesOf(human, dimension)))
    expect(answer.votes).toBe(gamesOf(human, dimension).length)
  })

  test.each([
    ['equal weights', '', [1, 1, 1]],
    ['weights of a reader', '?weights=accuracy:2,language:1', [2, 0, 1]],
  ])('overall is one fit to all three, each by its share: %s', async (_, query, weights) => {
    const games = DIMENSIONS.flatMap((dimension, index) => {
      const own = gamesOf(human, dimension)
      return own.map((game) => ({ ...game, weight: (weights[index] ?? 0) / own.length }))
    })
    expectRatings(await board(query), fitByMM(games.filter(({ weight }) => weight > 0)))
  })

  test('who is judge, and how many turns there were, choose the votes', async () => {
    for (const judge of ['human', 'expert', 'model'] as const) {
      const votes = VOTES.filter((vote) => vote.judge === judge)
      expect((await board(`?judge=${judge}`)).votes).toBe(votes.length)
    }
    const single = human.filter(({ turns }) => turns === 1)
    expectRatings(
      await board('?dimension=accuracy&turns=single'),
      fitByMM(gamesOf(single, 'accuracy')),
    )
    const multi = await board('?dimension=accuracy&turns=multi')
    expect(multi.votes).toBe(human.length - single.length)
  })

  test('intervals are clustered by voter, ranks fit their ratings', async () => {
    const answer = await board('?dimension=accuracy')
    const games = gamesOf(human, 'accuracy')
    expect(answer.intervals).toEqual({
      kind: 'clustered',
      version: answer.version,
      voters: new Set(games.map(({ voter }) => voter)).size,
    })
    for (const row of answer.rows) {
      const better = answer.rows.filter(({ rating }) => (rating ?? 0) > (row.rating ?? 0))
      const surely = answer.rows.filter(({ ciLow }) => (ciLow ?? 0) > (row.ciHigh ?? 0))
      expect(row.rank).toBe(1 + better.length)
      expect(row.rankUb).toBe(1 + surely.length)
      expect(row.rankLow).toBeLessThanOrEqual(row.rank ?? 0)
      expect(row.rankHigh).toBeGreaterThanOrEqual(row.rank ?? 0)
      expect((row.ciLow ?? 0) + (row.ciHigh ?? 0)).toBeCloseTo(2 * (row.rating ?? 0), 6)
    }
    const mean = answer.rows.reduce((sum, { rating }) => sum + (rating ?? 0), 0) / SLUGS.length
    expect(mean).toBeCloseTo(1000, 6)
  })

  test('the Elo of a board of people is the one that receipts are made of', async () => {
    const { elo } = await stage.arena
      .admin('GET', '/api/v1/models/alpha')
      .then(
        async (answer) =>
          ((await answer.json()) as { ratings: { accuracy: BoardRow } }).ratings.accuracy,
      )
    const folded = SLUGS.map(() => 1000)
    for (const { a, b, score } of gamesOf(VOTES, 'accuracy')) {
      const expected = 1 / (1 + 10 ** (((folded[b] ?? 0) - (folded[a] ?? 0)) / 400))
      folded[a] = (folded[a] ?? 0) + 4 * (score - expected)
      folded[b] = (folded[b] ?? 0) - 4 * (score - expected)
    }
    expect(Number.isFinite(elo)).toBe(true)
    const all = await board('?dimension=accuracy&method=elo')
    expect(rowOf(all, 'alpha').elo).toBe(elo)
  })

  test('a language or category leans on the board of all votes', async () => {
    const all = await board('?dimension=accuracy')
    const german = await board('?dimension=accuracy&language=de')
    expect(german.intervals.kind).toBe('posterior')
    expect(german.votes).toBe(
      gamesOf(
        human.filter((vote) => vote.prompt_language === 'de'),
        'accuracy',
      ).length,
    )
    // Nobody asked in French: everybody stands where all votes put them, 60 points uncertain.
    const french = await board('?dimension=accuracy&language=fr')
    expect(french.votes).toBe(0)
    for (const slug of SLUGS) {
      const row = rowOf(french, slug)
      expect(row.rating).toBeCloseTo(rowOf(all, slug).rating ?? Number.NaN, 9)
      expect(row).toMatchObject({ se: expect.closeTo(60, 9), votes: 0, provisional: true })
      const own = rowOf(german, slug)
      expect(own.se).toBeLessThan(60)
    }
  })

  test('`style` adds coefficients with intervals', async () => {
    const { styleEffects, rows } = await board('?dimension=accuracy&style=true')
    expect(styleEffects?.map(({ feature }) => feature)).toEqual([
      'tokens',
      'headers',
      'lists',
      'bold',
    ])
    for (const { coefficient, se, ciLow, ciHigh } of styleEffects ?? []) {
      expect(se).toBeGreaterThan(0)
      expect((ciLow + ciHigh) / 2).toBeCloseTo(coefficient, 9)
    }
    expect(rows).toHaveLength(SLUGS.length)
  })

  test('`davidson` has a tie parameter of its own', async () => {
    const { nu, rows, intervals } = await board('?dimension=accuracy&method=davidson')
    expect(nu).toBeGreaterThan(0)
    expect(intervals.kind).toBe('information')
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
  })

  test('a board says how firmly the first one leads, and what standing left is worth', async () => {
    const { leader, position, rows } = await board('?dimension=accuracy')
    expect(leader).toMatchObject({ model: rows[0]?.model.slug, votesToFlip: expect.any(Number) })
    expect(position).toMatchObject({ coefficient: expect.any(Number), se: expect.any(Number) })
  })

  test('csv holds the same numbers to the last digit', async () => {
    const json = await board('?dimension=accuracy')
    const lines = (await get('leaderboard?dimension=accuracy&format=csv')).text
      .trimEnd()
      .split('\n')
    const header = (lines[0] ?? '').split(',')
    expect(lines[0]).toBe(
      'rank,rank_ub,rank_low,rank_high,slug,name,organization,license,rating,ci_low,ci_high,elo,' +
        'votes,wins,losses,ties,both_bad,status,provisional,version,se,both_bad_rate,' +
        'both_bad_low,both_bad_high',
    )
    for (const [index, row] of json.rows.entries()) {
      const cells = (lines[index + 1] ?? '').split(',')
      const cell = (name: string) => cells[header.indexOf(name)]
      expect(cell('rating')).toBe(String(row.rating))
      expect(cell('ci_low')).toBe(String(row.ciLow))
      expect(cell('se')).toBe(String(row.se))
      expect(cell('both_bad_high')).toBe(String(row.bothBadHigh))
    }
  })
})

describe('GET /api/v1/pairs', () => {
  test('is the win matrix of a board: every pair once, by slug, as the first one saw it', async () => {
    const answer = await pairs('?dimension=helpfulness')
    const sorted = SLUGS.toSorted()
    expect(answer.models.map(({ slug }) => slug)).toEqual(sorted)
    expect(answer.slice).toEqual((await board('?dimension=helpfulness')).slice)
    const names = answer.cells.map(({ a, b }) => [a, b])
    expect(names).toEqual(sorted.flatMap((a, i) => sorted.slice(i + 1).map((b) => [a, b])))
    for (const { a, b, ...cell } of answer.cells) {
      const met = human.filter((vote) => [a, b].includes(vote.a) && [a, b].includes(vote.b))
      const count = (won: string, lost: string) =>
        met.filter((vote) => vote.helpfulness === (vote.a === won ? 'a' : 'b') && won !== lost)
          .length
      expect(cell).toMatchObject({
        wins: count(a, b),
        losses: count(b, a),
        ties: met.filter(({ helpfulness }) => helpfulness === 'tie').length,
        bothBad: met.filter(({ helpfulness }) => helpfulness === 'both_bad').length,
      })
    }
  })

  test('`expected` is what the ratings of the board predict', async () => {
    for (const query of ['?dimension=accuracy', '', '?dimension=accuracy&language=de']) {
      const rated = await board(query)
      for (const { a, b, expected } of (await pairs(query)).cells) {
        const gap = (rowOf(rated, b).rating ?? 0) - (rowOf(rated, a).rating ?? 0)
        expect(expected).toBeCloseTo(1 / (1 + 10 ** (gap / 400)), 9)
      }
    }
  })

  test('`overall` sums the outcomes of all three questions', async () => {
    const [sum, ...parts] = await Promise.all([
      pairs(),
      ...DIMENSIONS.map((dimension) => pairs(`?dimension=${dimension}`)),
    ])
    for (const [index, cell] of sum.cells.entries()) {
      for (const name of ['wins', 'losses', 'ties', 'bothBad'] as const) {
        expect(cell[name]).toBe(
          parts.reduce((total, { cells }) => total + (cells[index]?.[name] ?? 0), 0),
        )
      }
    }
  })

  test('`overall` leaves out the questions that have no weight', async () => {
    const [language, weighted, rated] = await Promise.all([
      pairs('?dimension=language'),
      pairs('?weights=language:7'),
      board('?weights=language:7'),
    ])
    expect(weighted.cells).toEqual(
      language.cells.map((cell) => ({ ...cell, expected: expect.closeTo(cell.expected ?? 0, 9) })),
    )
    for (const { model, wins } of rated.rows) {
      const won = weighted.cells.map((cell) =>
        cell.a === model.slug ? cell.wins : cell.b === model.slug ? cell.losses : 0,
      )
      expect(won.reduce((sum, each) => sum + each, 0)).toBe(wins)
    }
  })

  test('carries `ETag`, comes as CSV, and refuses what boards refuse', async () => {
    const url = `${stage.arena.url}/api/v1/pairs?dimension=accuracy`
    const etag = (await call(url)).headers.get('etag') ?? ''
    expect((await call(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const csv = await get('pairs?dimension=accuracy&format=csv')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    const lines = csv.text.trimEnd().split('\n')
    expect(lines[0]).toBe('a,b,wins,losses,ties,both_bad,expected,version')
    expect(lines).toHaveLength(1 + 10)
    expect(await get('pairs?method=davidson')).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(await get('pairs?nonsense=1')).toMatchObject({ status: 422, code: 'invalid_input' })
  })
})

describe('boards without a finite maximum', () => {
  /** The board of accuracy after some votes, in an arena of its own. */
  async function boardOf(votes: readonly SeedVote[]): Promise<Board> {
    const own = await setStage({}, ['alpha', 'beta'])
    await own.restart({}, (folder) => seedVotes(folder, votes))
    const answer = (await call(`${own.arena.url}/api/v1/leaderboard?dimension=accuracy`)).json()
    await own.close()
    return answer as Board
  }

  const UNRATED = { rating: null, se: null, ciLow: null, ciHigh: null, rank: null, rankUb: null }

  test('who never lost has no rating and stands last, marked', async () => {
    const { rows } = await boardOf([
      { a: 'alpha', b: 'beta', accuracy: 'a' },
      { a: 'beta', b: 'alpha', accuracy: 'a' },
      { a: 'winner', b: 'alpha', accuracy: 'a' },
      { a: 'loser', b: 'beta', accuracy: 'b' },
      { a: 'far', b: 'away', accuracy: 'tie' },
    ])
    expect(rows.map(({ model, status }) => [model.slug, status])).toEqual([
      ['alpha', 'rated'],
      ['beta', 'rated'],
      ['away', 'disconnected'],
      ['far', 'disconnected'],
      ['loser', 'unbounded-below'],
      ['winner', 'unbounded-above'],
    ])
    for (const row of rows.slice(2)) expect(row).toMatchObject(UNRATED)
  })

  test('two models of which one always won: nobody is rated', async () => {
    const { rows, votes } = await boardOf([{ a: 'alpha', b: 'beta', accuracy: 'a' }])
    expect(votes).toBe(1)
    expect(rows).toMatchObject([
      { model: { slug: 'alpha' }, status: 'unbounded-above', ...UNRATED },
      { model: { slug: 'beta' }, status: 'unbounded-below', ...UNRATED },
    ])
  })

  test('no number of any board is anything but a number or null', async () => {
    const { rows } = await boardOf([
      { a: 'alpha', b: 'beta', accuracy: 'both_bad', voter: 'one' },
      { a: 'alpha', b: 'beta', accuracy: 'tie', voter: 'one' },
    ])
    expect(rows.map(({ status, rating }) => [status, rating])).toEqual([
      ['rated', 1000],
      ['rated', 1000],
    ])
  })
})
