import { rm } from 'node:fs/promises'
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
import {
  changeRows,
  goOn,
  play,
  setStage,
  vote,
  VERDICTS,
  type Stage,
} from '../support/arena/stage.ts'

const PROMPTS = [
  ['en', 'writing', 'Write a short poem about the sea in autumn'],
  ['de', 'knowledge', 'Was ist der Unterschied zwischen Wetter und Klima?'],
  ['zh', 'translation', '把这句话翻译成英文：今天天气很好'],
  ['und', 'other', 'hi'],
] as const

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma'])
  const { socket } = await stage.visitor()
  for (const [index, [, , prompt]] of PROMPTS.entries()) {
    const { battleId } = await play(socket, prompt)
    if (index === 0) {
      const heard = await goOn(socket, battleId, 'Übersetze das bitte in die deutsche Sprache')
      await heard.bothEnded()
      heard.stop()
    }
    await vote(socket, battleId, VERDICTS)
  }
  socket.disconnect()
})
afterAll(async () => {
  await removePrograms()
  await stage.close()
})

const run = (program: Program, ...args: string[]): Promise<Ended> =>
  runProgram(program, args, settingsFor(stage.arena.folder))
const classify = (...args: string[]) => run('scripts/classify', ...args)
const exported = async () =>
  (await call(`${stage.arena.url}/api/v1/exports/votes`, { token: ADMIN_TOKEN })).text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const slices = async () => (await exported()).map(({ language, category }) => [language, category])
const expected = PROMPTS.map(([language, category]) => [language, category])

describe('a vote', () => {
  test('is exported with language and category of the first prompt', async () => {
    expect(await slices()).toEqual(expected)
  })

  test('is exported with its turns, and with how both answers were written', async () => {
    const [first, ...others] = await exported()
    expect(first?.['turns']).toBe(2)
    for (const row of others) {
      // `One answer. It has 5 letters.`
      expect(row).toMatchObject({ turns: 1, tokens_a: 8, tokens_b: 8, lists_a: 0, bold_b: 0 })
    }
    expect(first).toMatchObject({ tokens_a: 16, tokens_b: 16 })
  })

  test('is counted on the boards of its language and its category, and on no other', async () => {
    const votesOf = async (query: string) =>
      ((await call(`${stage.arena.url}/api/v1/leaderboard?${query}`)).json() as { votes: number })
        .votes
    expect(await votesOf('language=de')).toBe(1)
    expect(await votesOf('language=fr')).toBe(0)
    expect(await votesOf('category=translation')).toBe(1)
    expect(await votesOf('language=en&category=writing')).toBe(1)
    expect(await votesOf('language=en&category=code')).toBe(0)
  })
})

describe('npm run classify', () => {
  test('--check says that nothing would change, also beside a running arena', async () => {
    expect(await classify('--check')).toMatchObject({ code: 0, stderr: '' })
  })

  test('beside a running arena changes nothing, and says why', async () => {
    const { code, stdout, stderr } = await classify()
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('in use by another arena')
  })

  test('files battles of another classifier anew, and their votes with them', async () => {
    const { folder } = stage.arena
    await stage.arena.close()
    changeRows(folder, `update battles set language = 'xx', category = ?, classifier = null`, 'old')
    changeRows(folder, `update votes set prompt_language = 'xx', category = ?`, 'old')
    const checked = await classify('--check')
    expect(checked.code).toBe(1)
    expect(checked.stdout).toContain('4 would be filed elsewhere')
    expect((await classify('--check')).code).toBe(1)

    expect(await classify()).toMatchObject({ code: 0, stderr: '' })
    expect((await classify('--check')).code).toBe(0)
    // What is projected from the log does not tell slices apart.
    expect((await run('scripts/rebuild', '--check')).code).toBe(0)
    await stage.restart()
    expect(await slices()).toEqual(expected)
  })

  test('with an argument that is none says so and does nothing', async () => {
    const { code, stdout, stderr } = await classify('--chekc')
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('--chekc')
  })
})

describe('npm run simulate', () => {
  const simulate = (...args: string[]) => run('scripts/simulate', ...args)

  test('never touches a database that holds anything, nor one that an arena works on', async () => {
    expect((await simulate('--votes', '10')).stderr).toContain('in use by another arena')
    await stage.arena.close()
    const { code, stderr } = await simulate('--votes', '10')
    expect(code).toBe(1)
    expect(stderr).toContain('not empty')
    await stage.restart()
    expect(await slices()).toEqual(expected)
  })

  test.each([
    ['--votes', 'many'],
    ['--models', '1'],
    ['--days', '0'],
    ['--vote', '10'],
  ])('says what it cannot read: %s %s', async (name, value) => {
    const { code, stdout, stderr } = await simulate(name, value)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(name)
  })

  test('fills an empty database, which an arena then shows, with nobody to be asked', async () => {
    const { folder } = stage.arena
    await stage.arena.close()
    for (const suffix of ['', '-wal', '-shm'])
      await rm(`${folder}/arena.db${suffix}`, { force: true })
    const made = await simulate('--models', '6', '--votes', '300', '--days', '3', '--seed', '9')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect((await classify('--check')).code).toBe(0)
    expect((await run('scripts/rebuild', '--check')).code).toBe(0)
    await stage.restart()
    const board = (await call(`${stage.arena.url}/api/v1/leaderboard`)).json() as {
      votes: number
      rows: { model: { name: string }; status: string }[]
    }
    expect(board.votes).toBe(300)
    expect(board.rows.map(({ status }) => status)).toEqual(Array(6).fill('rated'))
    const { items } = (await call(`${stage.arena.url}/api/v1/models`)).json() as {
      items: { description: string }[]
    }
    for (const { description } of items) expect(description).toMatch(/^Simulated/)
    const { socket } = await stage.visitor()
    const ack = await socket.emitWithAck('battle:start', { prompt: 'Who is there?' })
    expect(ack).toMatchObject({ ok: false, error: { code: 'no_models' } })
    socket.disconnect()
  })
})
