import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFailureRepository } from '../../../../server/health/failure-repository.ts'
import { createFailureLog, type FailureEntry } from '../../../../server/health/failures.ts'
import { modelFailureSchema } from '../../../../shared/schemas/admin.ts'
import {
  openTemporaryDatabase,
  type TemporaryDatabase,
} from '../../../support/database/temporary.ts'
import { ManualClock } from '../../../support/providers/manual-clock.ts'

const DAY = 86_400_000

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase()
})
afterEach(() => database.remove())

function setUp(clock = new ManualClock()) {
  const repository = createFailureRepository(database.db)
  const failures = createFailureLog({
    repository,
    now: clock.now,
    log: pino({ level: 'silent' }),
    schedule: clock.schedule,
  })
  return { clock, failures, repository }
}

function entry(more: Partial<FailureEntry> = {}): FailureEntry {
  return {
    slug: 'one',
    version: 1,
    battleId: 'battle',
    turn: 1,
    side: 'a',
    kind: 'http-status',
    status: 500,
    message: 'HTTP 500',
    durationMs: 12.6,
    ...more,
  }
}

describe('the failure log', () => {
  test('holds what was recorded a moment ago, and after a restart', async () => {
    const { failures, clock } = setUp()
    failures.record(entry())
    failures.record(entry({ slug: 'two', battleId: null, turn: null, side: null, status: null }))
    const { items } = await failures.list({ limit: 10 })
    for (const item of items) modelFailureSchema.parse(item)
    expect(items).toMatchObject([
      { slug: 'two', battleId: null, status: null },
      { slug: 'one', battleId: 'battle', turn: 1, side: 'a', status: 500, durationMs: 13 },
    ])
    failures.record(entry({ slug: 'three' }))
    await failures.stop()
    expect((await setUp(clock).failures.list({ limit: 10 })).items).toHaveLength(3)
    const [{ id } = { id: 0 }] = items
    expect(await failures.get(id)).toEqual(items[0])
    expect(await failures.get(id + 100)).toBeUndefined()
  })

  test('can be asked for a model, a kind and a battle, page by page', async () => {
    const { failures } = setUp()
    for (let index = 0; index < 5; index += 1) {
      failures.record(entry({ kind: 'timeout', battleId: `battle ${index}` }))
      failures.record(entry({ slug: 'two' }))
    }
    const first = await failures.list({ limit: 3, model: 'one' })
    expect(first.items.map(({ battleId }) => battleId)).toEqual([
      'battle 4',
      'battle 3',
      'battle 2',
    ])
    const cursor = first.nextCursor ?? ''
    const rest = await failures.list({ limit: 3, model: 'one', cursor })
    expect(rest.items.map(({ battleId }) => battleId)).toEqual(['battle 1', 'battle 0'])
    expect(rest.nextCursor).toBeNull()
    expect((await failures.list({ limit: 9, kind: 'timeout', model: 'two' })).items).toEqual([])
    expect((await failures.list({ limit: 9, battleId: 'battle 3' })).items).toHaveLength(1)
  })

  test('is kept 30 days', async () => {
    const { failures, clock } = setUp()
    failures.record(entry({ slug: 'old' }))
    await failures.flush()
    await clock.pass(29 * DAY)
    failures.record(entry({ slug: 'young' }))
    await failures.flush()
    await clock.pass(2 * DAY)
    const next = setUp(clock).failures
    await next.load()
    expect((await next.list({ limit: 9 })).items.map(({ slug }) => slug)).toEqual(['young'])
  })

  test('keeps the newest of too many', async () => {
    const { failures, repository, clock } = setUp()
    for (let index = 0; index < 700; index += 1) failures.record(entry({ slug: `m${index}` }))
    await failures.flush()
    await repository.prune(clock.now() - DAY, 200)
    const slugs = (await failures.list({ limit: 300 })).items.map(({ slug }) => slug)
    expect(slugs).toHaveLength(200)
    expect([slugs[0], slugs.at(-1)]).toEqual(['m699', 'm500'])
  })

  test('cuts long words, and tells whoever counts along', () => {
    const { failures } = setUp()
    const heard: string[] = []
    failures.onFailure(({ kind }) => heard.push(kind))
    failures.record(entry({ message: 'x'.repeat(5000) }))
    expect(heard).toEqual(['http-status'])
    return expect(failures.list({ limit: 1 })).resolves.toMatchObject({
      items: [{ message: 'x'.repeat(1000) }],
    })
  })
})
