import { chmod, readFile, rm, stat, symlink, rename } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAuditLog } from '../../../server/admin/audit-repository.ts'
import { openDatabase } from '../../../server/database/database.ts'
import {
  createSealedKeyRepository,
  type SealedKeyRepository,
} from '../../../server/models/sealed-key-repository.ts'
import { createKeyCare, type KeyCare } from '../../../server/secrets/key-care.ts'
import type { ClientSocket } from '../../support/arena/client.ts'
import { call } from '../../support/arena/outsider.ts'
import { removePrograms, runProgram, settingsFor } from '../../support/arena/process.ts'
import { play, setStage, vote, type Stage } from '../../support/arena/stage.ts'

type Key = { id: string; purpose: string; createdAt: string }

const KEYS: Record<string, string> = { alpha: 'sk-of-alpha', beta: 'sk-of-beta' }

let stage: Stage
let visitor: { cookie: string; socket: ClientSocket }

const pathOf = () => join(stage.arena.folder, 'secret.json')
const fileKeys = async () => (JSON.parse(await readFile(pathOf(), 'utf8')) as { keys: Key[] }).keys
const idsOf = async (purpose: string) =>
  (await fileKeys()).filter((key) => key.purpose === purpose).map(({ id }) => id)

/** With which key of the file each provider's key is sealed. */
function sealedWith(): Record<string, string> {
  const db = new BetterSqlite(join(stage.arena.folder, 'arena.db'), { readonly: true })
  const rows = db
    .prepare<[], { slug: string; sealed: string }>(
      'select slug, sealed_key as sealed from models where sealed_key is not null',
    )
    .all()
  db.close()
  return Object.fromEntries(rows.map(({ slug, sealed }) => [slug, sealed.split('.')[0] ?? '']))
}

/** The care of keys as the command has it: over a connection of its own. */
async function withCare<T>(
  act: (care: KeyCare) => Promise<T>,
  change: (repository: SealedKeyRepository) => SealedKeyRepository = (same) => same,
  now: () => number = Date.now,
): Promise<T> {
  const { kysely } = await openDatabase({
    dialect: 'sqlite',
    path: join(stage.arena.folder, 'arena.db'),
  })
  try {
    const repository = change(createSealedKeyRepository(kysely, createAuditLog(kysely)))
    return await act(createKeyCare({ path: pathOf(), repository, now }))
  } finally {
    await kysely.destroy()
  }
}

/** A battle in which the provider has to be shown both models' keys. */
async function battleWorks(): Promise<void> {
  const before = stage.provider.requests.length
  const { heard, battleId } = await play(visitor.socket)
  expect(heard.ends).toMatchObject({ a: { reason: 'stop' }, b: { reason: 'stop' } })
  const seen = stage.provider.requests.slice(before)
  for (const slug of Object.values(stage.seats(battleId))) {
    expect(
      seen.some(
        ({ headers, body }) =>
          body.model === slug && headers.authorization === `Bearer ${KEYS[slug] ?? ''}`,
      ),
    ).toBe(true)
  }
}

async function restart(): Promise<void> {
  visitor.socket.disconnect()
  await stage.restart()
  visitor = { cookie: visitor.cookie, socket: (await stage.visitor()).socket }
}

beforeEach(async () => {
  stage = await setStage()
  for (const [slug, apiKey] of Object.entries(KEYS)) {
    const answer = await stage.arena.admin('PATCH', `/api/v1/admin/models/${slug}`, {
      provider: { apiKey },
    })
    if (answer.status !== 200) throw new Error(await answer.text())
  }
  visitor = await stage.visitor()
})
afterEach(async () => {
  visitor.socket.disconnect()
  await stage.close()
})
afterAll(removePrograms)

describe('a rotation beside a running arena', () => {
  test('seals every key anew; the arena goes on, also after the old keys are gone', async () => {
    const [first = ''] = await idsOf('sealing')
    expect(new Set(Object.values(sealedWith()))).toEqual(new Set([first]))
    const voters = await idsOf('voters')

    const { added, resealed, unreadable } = await withCare((care) =>
      care.rotate(['sealing', 'cookies'], 'a test'),
    )
    expect({ resealed, unreadable }).toEqual({ resealed: 2, unreadable: [] })
    const second = added[0] ?? ''
    expect(await idsOf('sealing')).toEqual([first, second])
    expect(await idsOf('voters')).toEqual(voters)
    expect((await stat(pathOf())).mode & 0o777).toBe(0o600)
    expect(sealedWith()).toEqual({ alpha: second, beta: second })
    await battleWorks()

    // What is changed beside the key does not bring the key back as it was sealed before.
    await stage.arena.admin('PATCH', '/api/v1/admin/models/alpha', { name: 'Another name' })
    await stage.arena.admin('POST', '/api/v1/admin/models/alpha/pause', {})
    await stage.arena.admin('POST', '/api/v1/admin/models/alpha/resume', {})
    expect(sealedWith()).toEqual({ alpha: second, beta: second })

    // What is sealed now is sealed with the new key, without a restart.
    await stage.arena.register('gamma', stage.provider.baseUrl, {
      weight: 0,
      provider: {
        kind: 'openai-compatible',
        baseUrl: stage.provider.baseUrl,
        model: 'gamma',
        apiKey: 'sk-of-gamma',
      },
    })
    expect(sealedWith()['gamma']).toBe(second)

    const { dropped } = await withCare((care) => care.prune({ force: true }, 'a test'))
    expect(dropped).toContain(first)
    expect(await idsOf('sealing')).toEqual([second])
    // This process still holds them as they were sealed with the key that is gone.
    await battleWorks()
    await restart()
    await battleWorks()
  })

  test('leaves voters and visitors who they are', async () => {
    const { battleId } = await play(visitor.socket)
    await vote(visitor.socket, battleId)
    const mine = async () => {
      const answer = await call(`${stage.arena.url}/api/v1/battles?mine=1`, {
        cookie: visitor.cookie,
      })
      return (answer.json() as { items: { battleId: string }[] }).items.map((each) => each.battleId)
    }
    const voters = async () => {
      const answer = await stage.arena.admin('GET', '/api/v1/exports/votes')
      return (await answer.text())
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { voter: string }).voter)
    }
    const [before, voter] = [await mine(), await voters()]
    expect(before).toEqual([battleId])
    await withCare((care) => care.rotate(['sealing', 'cookies'], 'a test'))
    expect(await mine()).toEqual(before)
    await restart()
    expect(await mine()).toEqual(before)
    expect(await voters()).toEqual(voter)
    // New visitors are signed in with the new key.
    const { cookie, socket } = await stage.visitor()
    socket.disconnect()
    expect(cookie).toContain(`.${(await idsOf('cookies')).at(-1) ?? ''}.`)
  })

  test('is in the audit log, without a key', async () => {
    await withCare((care) => care.rotate(['sealing'], 'command line'))
    await withCare((care) => care.prune({ force: true }, 'command line'))
    const answer = await stage.arena.admin('GET', '/api/v1/admin/audit?subject=secret%20file')
    const { items } = (await answer.json()) as { items: Record<string, unknown>[] }
    const [first = '', second = ''] = [
      (items[0]?.['details'] as { dropped: string[] } | undefined)?.dropped[0],
      ...(await idsOf('sealing')),
    ]
    expect(items).toMatchObject([
      { actor: 'command line', action: 'keys.prune', details: { dropped: [first], force: true } },
      {
        actor: 'command line',
        action: 'keys.rotate',
        details: { purposes: ['sealing'], added: [second], resealed: 2, unreadable: [] },
      },
    ])
    const file = await readFile(pathOf(), 'utf8')
    for (const [, key = ''] of file.matchAll(/"key": "([^"]+)"/g)) {
      expect(JSON.stringify(items)).not.toContain(key)
    }
  })
})

describe('a crash', () => {
  const dies = (name: 'write' | 'record') => (repository: SealedKeyRepository) => ({
    ...repository,
    exclusively: <T>(act: Parameters<typeof repository.exclusively<T>>[0]) =>
      repository.exclusively<T>((writer) =>
        act({ ...writer, [name]: () => Promise.reject(new Error('the power is gone')) }),
      ),
  })

  test.each(['write', 'record'] as const)(
    'between the file and the end of the transaction (%s) leaves everything readable',
    async (step) => {
      const before = sealedWith()
      await expect(
        withCare((care) => care.rotate(['sealing'], 'a test'), dies(step)),
      ).rejects.toThrow('the power is gone')
      // The file has the new key, and nothing is sealed with it.
      expect(await idsOf('sealing')).toHaveLength(2)
      expect(sealedWith()).toEqual(before)
      await battleWorks()
      await restart()
      await battleWorks()
      const { resealed } = await withCare((care) => care.rotate(['sealing'], 'a test'))
      expect(resealed).toBe(2)
      await withCare((care) => care.prune({ force: true }, 'a test'))
      expect(await idsOf('sealing')).toHaveLength(1)
      await restart()
      await battleWorks()
    },
  )

  test('before the file was replaced changes nothing', async () => {
    const before = await readFile(pathOf(), 'utf8')
    await chmod(pathOf(), 0o644)
    await expect(withCare((care) => care.rotate(['sealing'], 'a test'))).rejects.toThrow(
      /can be read by others/,
    )
    await chmod(pathOf(), 0o600)
    expect(await readFile(pathOf(), 'utf8')).toBe(before)
    await battleWorks()
  })
})

describe('what is dropped', () => {
  const DAY = 86_400_000

  test('is no key that was replaced a moment ago, nor one that something needs', async () => {
    const sealing = await idsOf('sealing')
    await withCare((care) => care.rotate(['sealing', 'cookies'], 'a test'))
    const prune = (later: number, force = false) =>
      withCare(
        (care) => care.prune({ force }, 'a test'),
        undefined,
        () => Date.now() + later,
      )
    expect(await prune(0)).toMatchObject({ dropped: [] })
    expect(await prune(DAY)).toEqual({ dropped: sealing, waiting: [] })
    expect(await idsOf('cookies')).toHaveLength(2)
    expect((await prune(366 * DAY)).dropped).toHaveLength(1)
    // The newest of each purpose stays, and voters' keys do, whatever is asked.
    expect(await prune(999 * DAY, true)).toEqual({ dropped: [], waiting: [] })
    expect((await fileKeys()).map(({ purpose }) => purpose).toSorted()).toEqual([
      'cookies',
      'sealing',
      'voters',
    ])
    await restart()
    await battleWorks()
  })

  test('is no key of a model that is still sealed with it', async () => {
    await expect(
      withCare(
        (care) => care.rotate(['sealing'], 'a test'),
        (repository) => ({
          ...repository,
          exclusively: (act) =>
            repository.exclusively((writer) => act({ ...writer, rows: writer.rows.slice(0, 1) })),
        }),
      ),
    ).resolves.toMatchObject({ resealed: 1 })
    expect(await withCare((care) => care.prune({ force: true }, 'a test'))).toMatchObject({
      dropped: [],
    })
  })
})

describe('a link in the place of the secret file', () => {
  test('stays a link', async () => {
    const target = join(stage.arena.folder, 'elsewhere.json')
    await rename(pathOf(), target)
    await symlink(target, pathOf())
    await withCare((care) => care.rotate(['sealing'], 'a test'))
    expect((await stat(target)).mode & 0o777).toBe(0o600)
    expect(await idsOf('sealing')).toHaveLength(2)
    await battleWorks()
    await rm(pathOf())
    await rename(target, pathOf())
  })
})

describe('npm run admin -- keys', () => {
  const keys = (...args: string[]) =>
    runProgram('scripts/admin', ['keys', ...args], settingsFor(stage.arena.folder))

  test('list, rotate and prune do what they say, and show no key', async () => {
    const said: string[] = []
    const ran = async (...args: string[]) => {
      const { code, stdout, stderr } = await keys(...args)
      expect({ code, args, stderr: code === 0 ? '' : stderr }).toEqual({
        code: 0,
        args,
        stderr: '',
      })
      said.push(stdout, stderr)
      return { lines: stdout.split('\n').filter((line) => line !== ''), stderr }
    }
    const { lines } = await ran('list')
    expect(lines).toHaveLength(3)
    const [sealing = ''] = lines.filter((line) => line.includes('\tsealing\t'))
    expect(sealing).toMatch(/^[0-9a-f]+\tsealing\t\d{4}-.*Z\t0 days\tseals, 2 provider keys$/)

    const rotated = await ran('rotate', '--purpose', 'sealing')
    expect(rotated.lines).toEqual([expect.stringMatching(/^[0-9a-f]+\tsealing$/)])
    expect(rotated.stderr).toMatch(/^Provider keys sealed anew: 2\.\n$/m)
    const after = (await ran('list')).lines.filter((line) => line.includes('\tsealing\t'))
    expect(after).toEqual([
      expect.stringMatching(/seals, 2 provider keys$/),
      expect.stringMatching(/opens, 0 provider keys$/),
    ])
    await battleWorks()
    expect((await ran('rotate')).lines).toHaveLength(2)
    const pruned = await ran('prune')
    expect(pruned.lines).toEqual([])
    expect(pruned.stderr).toContain('waits until ten minutes after it was replaced')
    expect((await ran('prune', '--force')).lines).toHaveLength(3)
    await battleWorks()

    const file = await readFile(pathOf(), 'utf8')
    for (const [, key = ''] of file.matchAll(/"key": "([^"]+)"/g)) {
      expect(said.join()).not.toContain(key)
    }
    for (const key of Object.values(KEYS)) expect(said.join()).not.toContain(key)
  }, 120_000)

  test('three rotations at once go one after the other', async () => {
    const all = await Promise.all([1, 2, 3].map(() => keys('rotate', '--purpose', 'sealing')))
    for (const { code, stderr } of all) {
      expect(code).toBe(0)
      expect(stderr).toContain('Provider keys sealed anew: 2.\n')
    }
    const ids = await idsOf('sealing')
    expect(ids).toHaveLength(4)
    expect(new Set(Object.values(sealedWith()))).toEqual(new Set([ids.at(-1)]))
    await battleWorks()
    await restart()
    await battleWorks()
  }, 120_000)

  test('name models whose key no key of the file opens', async () => {
    const db = new BetterSqlite(join(stage.arena.folder, 'arena.db'))
    db.prepare("update models set sealed_key = 'gone.AAAA' where slug = 'alpha'").run()
    db.close()
    const listed = await keys('list')
    expect(listed.code).toBe(0)
    expect(listed.stderr).toContain('sealed with gone, which this file does not hold')
    const { code, stderr } = await keys('rotate', '--purpose', 'sealing')
    expect(code).toBe(0)
    expect(stderr).toContain('The key of the model alpha cannot be opened')
    expect(stderr).toContain('Provider keys sealed anew: 1.')
  })

  test.each([
    [2, ['rotate', '--purpose', 'voters'], /voters' keys stay/],
    [2, ['rotate', '--purpose', 'all'], /--purpose must be one of sealing, cookies/],
    [2, ['prune', '--hard'], /--hard/],
    [2, ['turn'], /cannot read "keys turn"/],
    [2, [], /cannot read "keys/],
  ])('%i, %j: says what is wrong, and changes nothing', async (expected, args, words) => {
    const before = await readFile(pathOf(), 'utf8')
    const { code, stdout, stderr } = await keys(...args)
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(words)
    expect(await readFile(pathOf(), 'utf8')).toBe(before)
  })

  test('a file that is not there or not ours is said in one line, and none is made', async () => {
    const settings = { ...settingsFor(stage.arena.folder), SECRET_FILE: '/nowhere/secret.json' }
    const missing = await runProgram('scripts/admin', ['keys', 'rotate'], settings)
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toMatch(/^admin: SECRET_FILE \/nowhere\/secret.json .*\n$/)
    await chmod(pathOf(), 0o640)
    const open = await keys('rotate')
    expect(open).toMatchObject({ code: 1, stdout: '' })
    expect(open.stderr).toMatch(/^admin: SECRET_FILE .* can be read by others: .*\n$/)
    await chmod(pathOf(), 0o600)
  })
})
