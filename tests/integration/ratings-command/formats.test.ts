import { gzipSync } from 'node:zlib'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toParquet } from '../../../server/research/vote-parquet.ts'
import { exportVotes } from '../../../server/research/vote-export.ts'
import { EXPORT_COLUMNS, type ExportedVote } from '../../../shared/schemas/export.ts'
import { sampleVote } from '../../support/database/votes.ts'
import { parquetOf, rate, rated, voteFolder, type VoteFolder } from './support.ts'

let folder: VoteFolder
beforeAll(async () => {
  folder = await voteFolder()
})
afterAll(() => folder.remove())

const VOTES = 2500
const log = Array.from({ length: VOTES }, (_, index) => ({
  ...sampleVote(index + 1),
  position: index + 1,
}))

/** The export of a log, as the server writes it. */
function exported(): AsyncGenerator<ExportedVote> {
  const readPeriod = async (after: number, limit: number) =>
    Promise.resolve(log.slice(after, after + limit))
  return exportVotes({ readPeriod }, {})
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The export in every form in which it can be had. */
async function forms(): Promise<Record<string, Buffer>> {
  const votes = await collect(exported())
  const jsonl = votes.map((vote) => `${JSON.stringify(vote)}\n`).join('')
  const csv = stringify(votes, {
    header: true,
    columns: [...EXPORT_COLUMNS],
    escape_formulas: true,
  })
  return {
    'votes.jsonl': Buffer.from(jsonl),
    'votes.csv': Buffer.from(csv),
    'votes.parquet': Buffer.concat(await collect(toParquet(exported()))),
    'votes.json': Buffer.from(JSON.stringify(votes)),
    'windows.csv': Buffer.from(`\ufeff${csv.replaceAll('\n', '\r\n')}`),
    'semicolons.csv': Buffer.from(
      stringify(votes, {
        header: true,
        columns: EXPORT_COLUMNS.toReversed(),
        delimiter: ';',
        quoted: true,
      }),
    ),
    'tabs.tsv': Buffer.from(
      stringify(votes, { header: true, columns: [...EXPORT_COLUMNS], delimiter: '\t' }),
    ),
    'votes.csv.gz': gzipSync(csv),
    'votes.jsonl.gz': gzipSync(jsonl),
    // The content tells, not the name.
    'array.jsonl': Buffer.from(JSON.stringify(votes, null, 2)),
    'lines.json': Buffer.from(jsonl),
    nameless: Buffer.from(csv),
  }
}

describe('this arena’s export', () => {
  test('gives the same board, to the last bit, in every form', async () => {
    const written = Object.entries(await forms())
    const boards = []
    for (const [name, bytes] of written) {
      const { board, skipped } = await rated(await folder.write(name, bytes))
      expect({ name, skipped, votes: board.votes }).toEqual({ name, skipped: 0, votes: VOTES })
      boards.push(board)
    }
    expect(boards[0]?.dimension).toBe('overall')
    expect(boards[0]?.voters).toBe(17)
    for (const board of boards.slice(1)) expect(board).toEqual(boards[0])
  })

  test('has what style control needs, in every form', async () => {
    const { 'votes.csv': csv, 'votes.jsonl': jsonl, 'votes.parquet': parquet } = await forms()
    const boards = []
    for (const [name, bytes] of Object.entries({
      's.csv': csv,
      's.jsonl': jsonl,
      's.parquet': parquet,
    })) {
      boards.push((await rated(await folder.write(name, bytes ?? ''), '--style')).board)
    }
    expect(boards[0]?.style?.map(({ feature }) => feature)).toEqual([
      'tokens',
      'headers',
      'lists',
      'bold',
    ])
    expect(boards[1]).toEqual(boards[0])
    expect(boards[2]).toEqual(boards[0])
  })

  test('of two files the votes are put together', async () => {
    const { 'votes.csv': csv } = await forms()
    const file = await folder.write('half.csv', csv ?? '')
    const [once, twice] = [await rated(file), await rated(file, file)]
    expect(twice.board.votes).toBe(2 * once.board.votes)
    const ratings = (report: typeof once) => report.board.models.map(({ rating }) => rating ?? 0)
    for (const [index, rating] of ratings(twice).entries()) {
      expect(rating).toBeCloseTo(ratings(once)[index] ?? Number.NaN, 8)
    }
  })

  test('a dimension is rated by its own votes', async () => {
    const { 'votes.csv': csv } = await forms()
    const file = await folder.write('dimension.csv', csv ?? '')
    const { board } = await rated(file, '--dimension', 'language')
    expect(board.votes).toBe(log.filter(({ language }) => language !== 'skip').length)
    const alone = await rated(file, '--weights', 'language:2')
    expect(alone.board.models.map(({ rating }) => rating?.toFixed(8))).toEqual(
      board.models.map(({ rating }) => rating?.toFixed(8)),
    )
  })
})

describe('foreign files', () => {
  test('FastChat’s battles: only anonymous ones are rated, judges are voters', async () => {
    const battle = { model_a: 'x', model_b: 'y', judge: 'arena_user_1', turn: 1, tstamp: 1.68e9 }
    const file = await folder.write(
      'clean_battle.json',
      JSON.stringify([
        { ...battle, winner: 'model_a', anony: true },
        { ...battle, winner: 'tie (bothbad)', anony: true },
        { ...battle, winner: 'model_b', anony: false },
        { ...battle, winner: 'model_b', anony: true, judge: 'arena_user_2' },
      ]),
    )
    const { report, said } = await rate(file)
    expect(report?.board).toMatchObject({ votes: 3, voters: 2 })
    expect(report?.board.outcomes).toMatchObject({ decisive: 2, bothBad: 1 })
    expect(report?.skipped).toBe(0)
    expect(said).toEqual(['1 vote of voters who knew the models (anony is false) left out'])
  })

  test('LMArena’s Parquet with nested metadata and 64-bit numbers', async () => {
    const metadata = (tokens: number) => ({
      sum_assistant_a_tokens: tokens,
      sum_assistant_b_tokens: 100,
      header_count_a: { h1: 1, h2: 1 },
      header_count_b: { h1: 0, h2: tokens % 3 },
      list_count_a: { ordered: 2, unordered: tokens % 2 },
      list_count_b: { ordered: 0, unordered: 1 },
      bold_count_a: { '**': tokens % 5, __: 0 },
      bold_count_b: { '**': 1, __: 0 },
    })
    const rows = Array.from({ length: 40 }, (_, n) => ({
      model_a: n % 2 === 0 ? 'x' : 'y',
      model_b: n % 2 === 0 ? 'y' : 'x',
      winner: ['model_a', 'model_b', 'tie', 'both_bad'][n % 4],
      evaluation_order: BigInt(n),
      conv_metadata: metadata(50 + n),
    }))
    const file = await folder.write(
      '140k.parquet',
      parquetOf(rows, {
        model_a: 'STRING',
        model_b: 'STRING',
        winner: 'STRING',
        evaluation_order: 'INT64',
        conv_metadata: 'JSON',
      }),
    )
    const { board } = await rated(file, '--style')
    expect(board.votes).toBe(40)
    expect(board.style).toHaveLength(4)
    expect(board.outcomes).toMatchObject({ decisive: 20, ties: 10, bothBad: 10 })
  })

  test('weights count: a vote of weight 3 is as three of weight 1', async () => {
    const heavy = await folder.write(
      'heavy.csv',
      'model_a,model_b,winner,weight\nx,y,model_a,3\ny,x,model_a,\nx,y,tie,0\n',
    )
    const plain = await folder.write(
      'plain.csv',
      `model_a,model_b,winner\n${'x,y,model_a\n'.repeat(3)}y,x,model_a\n`,
    )
    const { report, said } = await rate(heavy, '--ci', 'none')
    expect(report?.board.votes).toBe(2)
    expect(said).toEqual(['1 vote of weight 0 left out'])
    const ratings = (models = report?.board.models) =>
      models?.map(({ rating }) => rating?.toFixed(6))
    expect(ratings()).toEqual(ratings((await rated(plain, '--ci', 'none')).board.models))
  })

  test('ties are treated as asked', async () => {
    const file = await folder.write(
      'ties.csv',
      'model_a,model_b,winner\nx,y,model_a\nx,y,model_b\nx,y,tie\nx,y,both_bad\nx,y,model_a\n',
    )
    const share = async (ties: string) => {
      const { board } = await rated(file, '--ties', ties, '--ci', 'none')
      const [first] = board.models
      return 1 / (1 + 10 ** ((1000 - (first?.rating ?? 0)) / 200))
    }
    // Wins of x: 2 of 3, and half of each tie that counts.
    expect(await share('half')).toBeCloseTo(3 / 5, 6)
    expect(await share('no-both-bad')).toBeCloseTo(2.5 / 4, 6)
    expect(await share('drop')).toBeCloseTo(2 / 3, 6)
  })
})
