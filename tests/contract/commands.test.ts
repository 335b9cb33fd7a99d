import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call } from '../support/arena/outsider.ts'
import {
  removePrograms,
  runProgram,
  settingsFor,
  type Ended,
  type Program,
} from '../support/arena/process.ts'
import { changeRows, play, setStage, vote, VERDICTS, type Stage } from '../support/arena/stage.ts'

const MODEL_FIELDS = [
  'model',
  'rank',
  'rankUb',
  'rankLow',
  'rankHigh',
  'rating',
  'ciLow',
  'ciHigh',
  'wins',
  'losses',
  'ties',
  'bothBad',
  'votes',
  'status',
  'provisional',
]

let stage: Stage

beforeAll(async () => {
  stage = await setStage()
})
afterAll(async () => {
  await removePrograms()
  await stage.close()
})

const run = (program: Program, ...args: string[]): Promise<Ended> =>
  runProgram(program, args, settingsFor(stage.arena.folder))
const admin = (...args: string[]) => run('scripts/admin', ...args)
const rebuild = (...args: string[]) => run('scripts/rebuild', ...args)
const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const statusOf = async (token: string, path = '/api/v1/admin/models') =>
  (await call(`${stage.arena.url}${path}`, { token })).status

describe('npm run admin', () => {
  test('says on stderr which database it works on, and that it made a new one', async () => {
    const known = await admin('token', 'list')
    expect(known.stderr).toContain(`works on the database ${stage.arena.folder}`)
    const path = join(stage.arena.folder, 'elsewhere.db')
    const settings = { ...settingsFor(stage.arena.folder), DATABASE_URL: `file:${path}` }
    const elsewhere = await runProgram('scripts/admin', ['token', 'list'], settings)
    expect(elsewhere).toMatchObject({ code: 0, stdout: '' })
    expect(elsewhere.stderr).toContain(`a new database was made at ${path}`)
  })

  test('token create, list, revoke: what another process does holds at the next call', async () => {
    const made = await admin('token', 'create', '--scope', 'operator', '--name', 'night shift')
    expect(made.code).toBe(0)
    // The token stands alone on the last line, and results alone on stdout.
    const [token = ''] = lines(made.stdout)
    expect(lines(made.stdout)).toHaveLength(1)
    expect(token).toMatch(/^\S{20,}$/)
    expect(made.stderr).not.toContain(token)
    expect(await statusOf(token)).toBe(200)
    expect(await statusOf(token, '/api/v1/admin/audit')).toBe(403)

    const listed = await admin('token', 'list')
    expect(listed.code).toBe(0)
    expect(lines(listed.stderr)).toEqual([expect.stringContaining('works on the database')])
    const line = lines(listed.stdout).find((each) => each.includes('night shift')) ?? ''
    expect(line).toContain('operator')
    expect(listed.stdout).not.toContain(token)
    const [id = ''] = line.split(/\s/)
    expect(id).not.toBe('')

    const revoked = await admin('token', 'revoke', id)
    expect(revoked).toMatchObject({ code: 0, stdout: '' })
    expect(await statusOf(token)).toBe(401)
  })

  test('token create gives an admin by default', async () => {
    const { stdout } = await admin('token', 'create')
    expect(await statusOf(lines(stdout).at(-1) ?? '', '/api/v1/admin/audit')).toBe(200)
  })

  test.concurrent.each([
    [[]],
    [['token', 'create', '--scope', 'god']],
    [['token', 'revoke', 'nobody']],
  ])(
    'what cannot be done says so on stderr, and ends with another code than 0: %j',
    async (args) => {
      const { code, stdout, stderr } = await admin(...args)
      expect(code).not.toBe(0)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/\w/)
      expect(stderr).not.toMatch(/^\s+at /m)
    },
  )
})

describe('npm run rebuild', () => {
  beforeAll(async () => {
    const { socket } = await stage.visitor()
    for (const accuracy of ['a', 'tie', 'skip'] as const) {
      const { battleId } = await play(socket)
      await vote(socket, battleId, { ...VERDICTS, accuracy })
    }
    socket.disconnect()
    // The projection is written down with the stop.
    await stage.restart()
  })

  const board = async () => {
    const { rows } = (await call(`${stage.arena.url}/api/v1/leaderboard`)).json() as {
      rows: unknown
    }
    return rows
  }
  const standings = 'update standings set elo = elo + ? where dimension = ? and slug = ?'

  test('--check says that all is the same, also beside a running arena', async () => {
    const checked = await rebuild('--check')
    expect(checked).toMatchObject({ code: 0, stderr: '' })
    expect(checked.stdout).toMatch(/\w/)
  })

  test('--check ends with 1 at a row changed by hand, and changes nothing; rebuild puts it right', async () => {
    const before = await board()
    const { folder } = stage.arena
    await stage.arena.close()
    // One bit of one number is enough.
    changeRows(folder, standings, 2 ** -40, 'accuracy', 'alpha')
    const written = await stat(`${folder}/arena.db`)
    const checked = await rebuild('--check')
    expect(checked.code).toBe(1)
    expect(`${checked.stdout}${checked.stderr}`).toMatch(/accuracy.*alpha/)
    expect((await stat(`${folder}/arena.db`)).mtimeMs).toBe(written.mtimeMs)
    expect((await rebuild('--check')).code).toBe(1)

    expect(await rebuild()).toMatchObject({ code: 0 })
    expect((await rebuild('--check')).code).toBe(0)
    await stage.restart()
    expect(await board()).toEqual(before)
  })

  test('beside a running arena drops and replays everything, and the arena goes on', async () => {
    const before = await board()
    expect(await rebuild()).toMatchObject({ code: 0, stderr: '' })
    expect(await board()).toEqual(before)
    const { socket } = await stage.visitor()
    const { battleId } = await play(socket)
    const { ratings } = await vote(socket, battleId)
    expect(ratings).not.toBeNull()
    socket.disconnect()
    await stage.restart()
    expect((await rebuild('--check')).code).toBe(0)
  })

  test('with an argument that is none says so and does nothing', async () => {
    const { code, stdout, stderr } = await rebuild('--chekc')
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain('--chekc')
  })
})

describe('npm run ratings', () => {
  const ratings = (...args: string[]) => runProgram('scripts/ratings', args, {})
  let votes: string

  beforeAll(async () => {
    const { socket } = await stage.visitor()
    for (const accuracy of ['a', 'b', 'tie', 'both_bad', 'skip'] as const) {
      const { battleId } = await play(socket)
      await vote(socket, battleId, { accuracy, helpfulness: 'b', language: 'skip' })
    }
    socket.disconnect()
    votes = `${stage.arena.folder}/votes.csv`
    const exported = await call(`${stage.arena.url}/api/v1/exports/votes?format=csv`, {
      token: ADMIN_TOKEN,
    })
    await writeFile(votes, exported.text)
  })

  test('--format json: one object on stdout, with the fields of RATINGS and its defaults', async () => {
    const { code, stdout, stderr } = await ratings(votes, '--format', 'json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const board = JSON.parse(stdout) as { votes: number; models: Record<string, unknown>[] }
    expect(board).toEqual({
      method: 'bradley-terry',
      dimension: 'overall',
      votes: board.votes,
      skipped: 0,
      models: board.models,
      seconds: {
        read: expect.any(Number) as number,
        count: expect.any(Number) as number,
        solve: expect.any(Number) as number,
      },
    })
    expect(board.votes).toBeGreaterThanOrEqual(5)
    expect(board.models).toHaveLength(2)
    for (const model of board.models) {
      expect(Object.keys(model)).toEqual(MODEL_FIELDS)
    }
  })

  test('the board of an exported log is the live one, to the last digit', async () => {
    const query = (dimension: string) => `/api/v1/leaderboard?dimension=${dimension}`
    for (const dimension of ['overall', 'accuracy', 'helpfulness']) {
      const live = async () => {
        const { rows } = (await call(`${stage.arena.url}${query(dimension)}`)).json() as {
          rows: (Record<string, unknown> & { model: { slug: string } })[]
        }
        return rows.map((row) => ({
          ...Object.fromEntries(MODEL_FIELDS.map((field) => [field, row[field]])),
          model: row.model.slug,
        }))
      }
      const { stdout } = await ratings(votes, '--format', 'json', '--dimension', dimension)
      const { models } = JSON.parse(stdout) as { models: Record<string, unknown>[] }
      // Intervals may lag behind the votes by two seconds.
      await expect.poll(live, { timeout: 5000 }).toEqual(models)
    }
  })

  test('--format csv and the table (the default) stand alone on stdout', async () => {
    const csv = await ratings(votes, '--format', 'csv')
    expect(csv).toMatchObject({ code: 0, stderr: '' })
    expect(lines(csv.stdout)[0]).toMatch(/^rank,rank_ub,.*model,rating/)
    expect(lines(csv.stdout)).toHaveLength(3)
    const table = await ratings(votes)
    expect(table).toMatchObject({ code: 0, stderr: '' })
    expect(table.stdout).toMatch(/alpha/)
    expect(table.stdout).toMatch(/Bradley–Terry · overall/)
  })

  test('a bad row is named on stderr and skipped; with --strict it ends everything with 1', async () => {
    const bad = `${stage.arena.folder}/bad.csv`
    await writeFile(bad, 'model_a,model_b,winner\nx,y,model_a\nx,y,who\ny,x,model_a\n')
    const skipped = await ratings(bad, '--format', 'json')
    expect(skipped.code).toBe(0)
    expect(JSON.parse(skipped.stdout)).toMatchObject({ votes: 2, skipped: 1 })
    expect(skipped.stderr).toMatch(/bad\.csv:3: .*"who"/)
    const strict = await ratings(bad, '--strict')
    expect(strict).toMatchObject({ code: 1, stdout: '' })
    expect(strict.stderr).toMatch(/bad\.csv:3: .*"who"/)
  })

  test.each([
    [2, []],
    [2, ['--nonsense']],
    [2, ['votes.csv', '--method', 'glicko']],
    [2, ['votes.csv', '--method', 'elo', '--dimension', 'overall']],
    [1, ['nowhere.csv']],
  ])('what cannot be done is said on stderr and ends with %i: %j', async (expected, args) => {
    const { code, stdout, stderr } = await ratings(...args)
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(/^ratings: \S/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
