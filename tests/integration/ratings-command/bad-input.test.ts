import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parquetOf, rate, rated, voteFolder, type VoteFolder } from './support.ts'

let folder: VoteFolder
beforeAll(async () => {
  folder = await voteFolder()
})
afterAll(() => folder.remove())

const GOOD = 'model_a,model_b,winner\nx,y,model_a\ny,x,model_a\n'
const rows = [
  { model_a: 'x', model_b: 'y', winner: 'model_a' },
  { model_a: 'y', model_b: 'x', winner: 'model_a' },
]
const TYPES = { model_a: 'STRING', model_b: 'STRING', winner: 'STRING' } as const

describe('rows', () => {
  test('each bad row is named with file, line and reason, counted, and skipped', async () => {
    const file = await folder.write(
      'bad.csv',
      `${GOOD}x,x,tie\nx,,tie\nx,y,draw\nx,y\nx,y,\nx,y,tie\n`,
    )
    const { report, said } = await rate(file)
    expect(said).toEqual([
      `${file}:4: self-battle: "x" against itself`,
      `${file}:5: empty name: model_b names no model`,
      `${file}:6: unknown label: winner is "draw"`,
      `${file}:7: wrong number of fields: 2 where the header has 3`,
      `${file}:8: no winner: winner is empty`,
      '5 bad rows skipped: 1 self-battle, 1 empty name, 1 unknown label, 1 wrong number of fields, 1 no winner',
    ])
    expect(report).toMatchObject({ skipped: 5, board: { votes: 3 } })
  })

  test('--strict ends at the first one', async () => {
    const file = await folder.write('strict.csv', `${GOOD}x,y,draw\nx,x,tie\n`)
    const { report, error, said } = await rate(file, '--strict')
    expect(report).toBeUndefined()
    expect(error).toBe(`${file}:4: unknown label: winner is "draw"`)
    expect(said).toEqual([])
  })

  test('of many bad rows the first twenty are named, the others counted', async () => {
    const file = await folder.write('many.csv', GOOD + 'x,x,tie\n'.repeat(1500) + 'x,y,no\n')
    const { report, said } = await rate(file)
    expect(said).toHaveLength(22)
    expect(said[19]).toBe(`${file}:23: self-battle: "x" against itself`)
    expect(said.at(-1)).toBe('1,501 bad rows skipped: 1,500 self-battle, 1 unknown label')
    expect(report?.skipped).toBe(1501)
  })

  test('if none is left, nothing is rated', async () => {
    const file = await folder.write('none.csv', 'model_a,model_b,winner\nx,x,tie\n')
    expect(await rate(file)).toMatchObject({ report: undefined, error: 'no row can be rated' })
  })

  test('rows of Parquet are named by their number', async () => {
    const file = await folder.write(
      'bad.parquet',
      parquetOf([...rows, { model_a: 'x', model_b: 'x', winner: 'tie' }, ...rows], TYPES),
    )
    const { report, said } = await rate(file)
    expect(said[0]).toBe(`${file}, row 3: self-battle: "x" against itself`)
    expect(report).toMatchObject({ skipped: 1, board: { votes: 4 } })
  })

  test('bytes that are no UTF-8 are bad rows, in Parquet too', async () => {
    const latin1 = Buffer.from(`${GOOD}caf\xe9,y,tie\n`, 'latin1')
    const csv = await folder.write('latin1.csv', latin1)
    expect((await rate(csv)).said[0]).toMatch(`${csv}:4: not UTF-8`)
    const bytes = parquetOf([{ model_a: 'qqqq', model_b: 'y', winner: 'tie' }, ...rows], TYPES)
    const spoilt = Buffer.from(bytes.toString('latin1').replaceAll('qqqq', 'q\xff\xfeq'), 'latin1')
    const parquet = await folder.write('latin1.parquet', spoilt)
    expect((await rate(parquet)).said[0]).toMatch(`${parquet}, row 1: not UTF-8`)
  })
})

describe('files', () => {
  /** Why a file is refused: one line that begins with its name. */
  const refusal = async (name: string, content: string | Buffer) => {
    const file = await folder.write(name, content)
    const { report, error = '' } = await rate(file)
    expect(report).toBeUndefined()
    expect(error.startsWith(file)).toBe(true)
    expect(error).not.toContain('\n')
    return error
  }

  test('missing columns: what is needed and what was found', async () => {
    const message = /needs model_a, model_b .*; found model_a, winner/
    expect(await refusal('columns.csv', 'model_a,winner\nx,tie\n')).toMatch(message)
    expect(await refusal('columns.json', '[{"model_a":"x","winner":"tie"}]')).toMatch(message)
    expect(await refusal('columns.jsonl', '{"model_a":"x","winner":"tie"}\n')).toMatch(message)
    const types = { model_a: 'STRING', winner: 'STRING' } as const
    const bytes = parquetOf([{ model_a: 'x', winner: 'tie' }], types)
    expect(await refusal('columns.parquet', bytes)).toMatch(message)
  })

  test('a column twice', async () => {
    expect(await refusal('twice.csv', 'model_a,model_b,winner,winner\nx,y,tie,tie\n')).toMatch(
      /winner twice/,
    )
  })

  test('other encodings as a whole', async () => {
    const utf16 = Buffer.from(`\ufeff${GOOD}`, 'utf16le')
    expect(await refusal('utf16le.csv', utf16)).toMatch(/written in UTF-16; only UTF-8/)
    expect(await refusal('utf16be.jsonl', Buffer.from(utf16).swap16())).toMatch(/written in UTF-16/)
    expect(await refusal('no-mark.csv', Buffer.from(GOOD, 'utf16le'))).toMatch(
      /neither text in UTF-8 nor Parquet/,
    )
    expect(await refusal('header.csv', Buffer.from('mod\xe8le_a,winner\n', 'latin1'))).toMatch(
      /:1: the header/,
    )
  })

  test('cut off', async () => {
    const parquet = parquetOf(rows, TYPES)
    expect(await refusal('cut.parquet', parquet.subarray(0, parquet.length - 9))).toMatch(
      /cut off or damaged/,
    )
    expect(await refusal('short.parquet', parquet.subarray(0, 6))).toMatch(/cut off or damaged/)
    expect(await refusal('cut.json', JSON.stringify(rows).slice(0, -1))).toMatch(
      /:1: the file is cut off/,
    )
    expect(await refusal('cut.csv.gz', gzipSync(GOOD).subarray(0, 30))).toMatch(
      /gzip data is cut off/,
    )
    expect(await refusal('cut.csv', `${GOOD}"x,y,tie\n`)).toMatch(
      /:4: a quoted field begins here and never ends/,
    )
  })

  test('damaged inside', async () => {
    const parquet = parquetOf(rows, TYPES)
    const damaged = Buffer.from(parquet).fill(0xff, 4, 60)
    expect(await refusal('damaged.parquet', damaged)).toMatch(
      /rows 1 to 1: the row group cannot be read/,
    )
  })

  test('what is none: not there, a directory, another kind, empty', async () => {
    expect((await rate('nowhere.csv')).error).toBe('nowhere.csv: there is no such file')
    const beside = dirname(await folder.write('empty.csv', ''))
    await mkdir(join(beside, 'votes.json'))
    expect((await rate(join(beside, 'votes.json'))).error).toMatch(/is a directory/)
    expect(await refusal('text.parquet', GOOD)).toMatch(/is no Parquet file/)
    expect(await refusal('picture.csv', Buffer.from([0x89, 0x50, 0, 0]))).toMatch(/neither text/)
    expect(await refusal('empty2.csv', '')).toMatch(/:1: the file is empty/)
  })

  test('a winner a row and a winner per dimension do not go together', async () => {
    const one = await folder.write('one.csv', GOOD)
    const three = await folder.write('three.csv', GOOD.replace('winner', 'winner_accuracy'))
    expect((await rate(one, three)).error).toMatch(/rate them apart/)
  })
})

describe('options that do not fit the files', () => {
  test.each([
    ['winner', ['--dimension', 'accuracy'], /--dimension accuracy: these files name one winner/],
    ['winner', ['--weights', 'accuracy:1'], /--weights: these files name one winner a row/],
    ['winner', ['--anchor', 'z=1000'], /--anchor: no vote names the model "z"; there are x, y/],
    ['winner', ['--style'], /--style: these files do not say/],
    ['winner', ['--judge', 'model'], /--judge "model": these files name no kinds of judges/],
    ['winner_accuracy', ['--dimension', 'winner'], /name a winner per dimension/],
    ['winner_accuracy', ['--method', 'elo'], /--method elo has no overall board: add --dimension/],
    ['winner_accuracy', ['--method', 'davidson'], /--method davidson has no overall board/],
  ])('%s %j', async (column, args, message) => {
    const file = await folder.write('options.csv', GOOD.replace('winner', column))
    expect((await rate(file, ...args)).error).toMatch(message)
  })

  test('an anchor without a rating', async () => {
    const file = await folder.write('won.csv', `${GOOD}z,x,model_a\n`)
    expect((await rate(file, '--anchor', 'z=1')).error).toMatch(
      /--anchor: .*z. has no rating.*unbounded-above/,
    )
  })

  test('a kind of judge that nobody is', async () => {
    const file = await folder.write(
      'judges.csv',
      'model_a,model_b,winner,voter,judge\nx,y,tie,v,expert\n',
    )
    expect((await rate(file)).error).toBe('no vote of judge "human"; the files name expert')
    const report = await rated(file, '--judge', 'expert')
    expect(report.board.votes).toBe(1)
  })
})

test('a hundred thousand rows of one pair are counted exactly, and rated', async () => {
  const file = await folder.write('pair.csv', GOOD + 'x,y,model_a\n'.repeat(100_000))
  const { board } = await rated(file)
  expect(board.models.map(({ model, wins, losses }) => [model, wins, losses])).toEqual([
    ['x', 100_001, 1],
    ['y', 1, 100_001],
  ])
  for (const { rating, ciLow, ciHigh } of board.models) {
    expect([rating, ciLow, ciHigh].every(Number.isFinite)).toBe(true)
  }
})

test.each([
  ['[]', 'json'],
  ['', 'jsonl'],
  ['model_a,model_b,winner\n', 'csv'],
])('a file without votes is an empty board: %j', async (content, extension) => {
  const file = await folder.write(`empty-board.${extension}`, content)
  expect((await rated(file)).board).toMatchObject({ votes: 0, models: [] })
})
