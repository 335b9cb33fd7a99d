import { readFileSync } from 'node:fs'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import type { ClientSocket } from '../support/arena/client.ts'
import { call } from '../support/arena/outsider.ts'
import { changeRows, play, setStage, vote, type Stage } from '../support/arena/stage.ts'
import type { Verdicts } from '../../shared/verdicts.ts'

const COLUMNS = [
  'id',
  'battle_id',
  'tstamp',
  'model_a',
  'model_b',
  'version_a',
  'version_b',
  'pair_probability',
  'winner_accuracy',
  'winner_helpfulness',
  'winner_language',
  'language',
  'category',
  'judge',
  'voter',
  'turns',
  'tokens_a',
  'tokens_b',
  'headers_a',
  'headers_b',
  'lists_a',
  'lists_b',
  'bold_a',
  'bold_b',
]
const LABELS = { a: 'model_a', b: 'model_b', tie: 'tie', both_bad: 'tie (bothbad)', skip: '' }
const VOTES: Verdicts[] = [
  { accuracy: 'a', helpfulness: 'b', language: 'tie' },
  { accuracy: 'both_bad', helpfulness: 'skip', language: 'a' },
  { accuracy: 'skip', helpfulness: 'tie', language: 'both_bad' },
]

let stage: Stage
let socket: ClientSocket
/** What must be exported, in log order, but for time and voter. */
const given: Record<string, unknown>[] = []
let begun: number

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma'])
  ;({ socket } = await stage.visitor())
  begun = Date.now()
  for (const verdicts of VOTES) {
    const { battleId } = await play(socket, 'What must not be exported?')
    const seats = stage.seats(battleId)
    const { voteId } = await vote(socket, battleId, verdicts)
    given.push({
      id: voteId,
      battle_id: battleId,
      model_a: seats.a,
      model_b: seats.b,
      version_a: 1,
      version_b: 1,
      winner_accuracy: LABELS[verdicts.accuracy],
      winner_helpfulness: LABELS[verdicts.helpfulness],
      winner_language: LABELS[verdicts.language],
      judge: 'human',
      turns: 1,
    })
  }
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

const get = (query = '', token?: string) =>
  call(`${stage.arena.url}/api/v1/exports/votes${query}`, { token })
async function parquet(url = stage.arena.url) {
  const response = await fetch(`${url}/api/v1/exports/votes?format=parquet`)
  const file = await response.arrayBuffer()
  const metadata = await parquetMetadataAsync(file)
  return { headers: response.headers, metadata, rows: await parquetReadObjects({ file, metadata }) }
}
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('GET /api/v1/exports/votes', () => {
  test('one line a vote, in log order, with the columns of the contract in their order', async () => {
    const rows = rowsOf((await get()).text)
    expect(rows).toHaveLength(given.length)
    for (const [index, row] of rows.entries()) {
      expect(Object.keys(row)).toEqual(COLUMNS)
      expect(row).toMatchObject(given[index] ?? {})
    }
  })

  test('`format=jsonl` is the default', async () => {
    const [plain, named] = [await get(), await get('?format=jsonl')]
    expect(plain.text).toBe(named.text)
    expect(plain.text.endsWith('\n')).toBe(true)
  })

  test('`tstamp` is in seconds; `pair_probability` is of the unordered pair', async () => {
    const rows = rowsOf((await get()).text)
    for (const row of rows) {
      expect(row['tstamp']).toBeGreaterThanOrEqual(begun / 1000)
      expect(row['tstamp']).toBeLessThanOrEqual(Date.now() / 1000)
      // At least a fifth is drawn evenly, whatever votes have told.
      expect(row['pair_probability']).toBeGreaterThan(0.2 / 3 - 1e-12)
      expect(row['pair_probability']).toBeLessThan(1)
    }
    // Three models of equal weight without votes: three pairs.
    expect(rows[0]?.['pair_probability']).toBeCloseTo(1 / 3, 12)
  })

  test('holds no texts, no cookie and no visitor’s own id; one voter has one pseudonym', async () => {
    const visitor = await stage.visitor()
    const { battleId } = await play(visitor.socket)
    await vote(visitor.socket, battleId)
    visitor.socket.disconnect()
    const { text } = await get()
    const id = visitor.cookie.split('=')[1]?.split('.')[0] ?? 'no id'
    expect(text).not.toContain(id)
    expect(text).not.toContain('What must not be exported?')
    expect(text).not.toContain('One answer.')
    const voters = rowsOf(text).map(({ voter }) => voter)
    expect(new Set(voters.slice(0, 3)).size).toBe(1)
    expect(voters[3]).not.toBe(voters[0])
    expect(voters[0]).toMatch(/^\S{16,}$/)
  })

  test('`format=csv` is the same: header, order, values; skip is the empty string', async () => {
    const csv = await get('?format=csv')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    const [header = '', ...lines] = csv.text.trimEnd().split('\n')
    expect(header.split(',')).toEqual(COLUMNS)
    const rows = rowsOf((await get()).text)
    expect(lines.map((line) => line.split(','))).toEqual(
      rows.map((row) =>
        COLUMNS.map((column) => JSON.stringify(row[column] ?? '').replaceAll('"', '')),
      ),
    )
  })

  test('`format=parquet` is the same: columns in order, values, types', async () => {
    const { headers, metadata, rows } = await parquet()
    expect(headers.get('content-type')).toBe('application/vnd.apache.parquet')
    const [, ...columns] = metadata.schema
    expect(columns.map(({ name }) => name)).toEqual(COLUMNS)
    const typed = columns.map(({ name, type }) => [name, type])
    expect(typed).toContainEqual(['tstamp', 'DOUBLE'])
    expect(typed).toContainEqual(['winner_accuracy', 'BYTE_ARRAY'])
    expect(typed).toContainEqual(['tokens_a', 'INT32'])
    expect(rows).toEqual(rowsOf((await get()).text))
  })

  test.each([
    'format=xml',
    'format=Parquet',
    'from=yesterday',
    'to=soon',
    'nonsense=1',
    'format=csv&format=jsonl',
  ])('what does not exist is `invalid_input`: %s', async (query) => {
    expect(await get(`?${query}`)).toMatchObject({ status: 422, code: 'invalid_input' })
  })

  test('`from` and `to` cut out a time', async () => {
    const all = rowsOf((await get()).text)
    const times = all.map(({ tstamp }) => Number(tstamp))
    const between = (index: number) => ((times[index] ?? 0) + (times[index + 1] ?? 0)) / 2
    const at = (seconds: number) => new Date(seconds * 1000).toISOString()
    const ids = async (query: string) => rowsOf((await get(query)).text).map(({ id }) => id)
    expect(await ids(`?from=${at(between(0))}&to=${at(between(1))}`)).toEqual([all[1]?.['id']])
    expect(await ids(`?to=${at(between(0))}`)).toEqual([all[0]?.['id']])
    expect(await ids(`?from=${at(between(0))}`)).toEqual(all.slice(1).map(({ id }) => id))
    expect(await ids(`?from=${at(Date.now() / 1000 + 60)}`)).toEqual([])
  })

  test('before the first vote: no line in JSONL, the columns alone in CSV and Parquet', async () => {
    const empty = await setStage({}, [])
    const url = `${empty.arena.url}/api/v1/exports/votes`
    expect((await call(url)).text).toBe('')
    expect((await call(`${url}?format=csv`)).text.trimEnd()).toBe(COLUMNS.join(','))
    const { metadata, rows } = await parquet(empty.arena.url)
    expect(metadata.schema.slice(1).map(({ name }) => name)).toEqual(COLUMNS)
    expect(rows).toEqual([])
    await empty.close()
  })
})

describe('EXPORT_DELAY_HOURS', () => {
  test('holds votes back from everybody but admin tokens', async () => {
    const all = rowsOf((await get()).text).map(({ id }) => id)
    socket.disconnect()
    await stage.restart({ EXPORT_DELAY_HOURS: '24' }, (folder) => {
      changeRows(
        folder,
        'update votes set created_at = created_at - ? where id = ?',
        86_400_000,
        String(all[0]),
      )
    })
    ;({ socket } = await stage.visitor())
    const ids = async (token?: string) => rowsOf((await get('', token)).text).map(({ id }) => id)
    expect(await ids()).toEqual([all[0]])
    expect(await ids('not-a-token')).not.toContain(all[1])
    expect(await ids(ADMIN_TOKEN)).toEqual(all)
    // Nor does naming the time help.
    const period = `?from=2000-01-01&to=${new Date(Date.now() + 60_000).toISOString()}`
    expect(rowsOf((await get(period)).text).map(({ id }) => id)).toEqual([all[0]])
    expect(rowsOf((await get(period, ADMIN_TOKEN)).text)).toHaveLength(all.length)
  })
})

test('the voter in the export is the visitor’s keyed hash: the secret file does not hold it', async () => {
  const voter = String(rowsOf((await get('', ADMIN_TOKEN)).text)[0]?.['voter'])
  expect(readFileSync(`${stage.arena.folder}/secret.json`, 'utf8')).not.toContain(voter)
})
