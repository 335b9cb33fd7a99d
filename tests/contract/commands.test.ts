import { stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../support/arena/outsider.ts'
import {
  removePrograms,
  runProgram,
  settingsFor,
  type Ended,
  type Program,
} from '../support/arena/process.ts'
import { changeRows, play, setStage, vote, VERDICTS, type Stage } from '../support/arena/stage.ts'

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
    expect(listed.stderr).toBe('')
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
