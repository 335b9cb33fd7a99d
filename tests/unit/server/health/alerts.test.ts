import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAuditLog } from '../../../../server/admin/audit-repository.ts'
import { createAlertRepository } from '../../../../server/health/alert-repository.ts'
import { createAlerts, type AlertNews } from '../../../../server/health/alerts.ts'
import { alertSchema } from '../../../../shared/schemas/admin.ts'
import {
  openTemporaryDatabase,
  type TemporaryDatabase,
} from '../../../support/database/temporary.ts'
import { ManualClock } from '../../../support/providers/manual-clock.ts'

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase()
})
afterEach(() => database.remove())

const ALL = { limit: 50, active: '0' } as const
const ACTIVE = { limit: 50, active: '1' } as const

function setUp(clock = new ManualClock()) {
  const told: AlertNews[] = []
  const audit = createAuditLog(database.db.kysely)
  const alerts = createAlerts({
    repository: createAlertRepository(database.db.kysely, audit),
    now: clock.now,
    log: pino({ level: 'silent' }),
    schedule: clock.schedule,
    tell: (news) => told.push(news),
  })
  return { clock, alerts, told, audit }
}

describe('alerts', () => {
  test('are raised once while they hold, and resolved once', async () => {
    const { alerts, told, clock } = setUp()
    alerts.raise('failing', 'one', 'it fails')
    alerts.raise('failing', 'one', 'it fails more')
    alerts.raise('failing', 'two', 'it fails')
    expect(alerts.isActive('failing', 'one')).toBe(true)
    await clock.pass(5000)
    alerts.resolve('failing', 'one')
    alerts.resolve('failing', 'one')
    alerts.resolve('errors', 'one')
    const { items, nextCursor } = await alerts.list(ALL)
    expect(nextCursor).toBeNull()
    for (const item of items) alertSchema.parse(item)
    expect(items).toMatchObject([
      { kind: 'failing', model: 'two', resolvedAt: null },
      { kind: 'failing', model: 'one', message: 'it fails', at: '2026-05-05T12:00:00.000Z' },
    ])
    expect(items[1]?.resolvedAt).toBe('2026-05-05T12:00:05.000Z')
    expect((await alerts.list(ACTIVE)).items).toHaveLength(1)
    expect(told.map(({ model, resolved }) => [model, resolved])).toEqual([
      ['one', false],
      ['two', false],
      ['one', true],
    ])
  })

  test('that get worse are told anew; in the same words they are not', async () => {
    const { alerts, told } = setUp()
    alerts.raise('budget', 'one', 'four fifths')
    alerts.raise('budget', 'one', 'all of it', true)
    alerts.raise('budget', 'one', 'all of it', true)
    alerts.raise('budget', 'one', 'four fifths')
    expect(told.map(({ message, resolved }) => [message, resolved])).toEqual([
      ['four fifths', false],
      ['four fifths', true],
      ['all of it', false],
    ])
    expect((await alerts.list(ACTIVE)).items).toMatchObject([{ message: 'all of it' }])
    expect((await alerts.list(ALL)).items).toHaveLength(2)
  })

  test('come back after a restart: those that hold stay, the others are over', async () => {
    const first = setUp()
    first.alerts.raise('key', 'one', 'no key')
    first.alerts.raise('budget', 'two', 'all of it')
    await first.alerts.stop()
    const { alerts, told } = setUp(first.clock)
    await alerts.load()
    alerts.raise('key', 'one', 'no key')
    alerts.forgetOld()
    alerts.forgetOld()
    expect((await alerts.list(ACTIVE)).items).toMatchObject([{ kind: 'key', model: 'one' }])
    expect((await alerts.list(ALL)).items).toHaveLength(2)
    expect(told).toMatchObject([{ kind: 'budget', model: 'two', resolved: true }])
  })

  test('of what a restart forgets are closed without telling anybody that somebody is back', async () => {
    const kinds = ['failing', 'errors', 'probe', 'inference'] as const
    const first = setUp()
    for (const kind of kinds) first.alerts.raise(kind, kind === 'inference' ? null : 'one', 'bad')
    await first.alerts.stop()
    const { alerts, told, audit } = setUp(first.clock)
    await alerts.load()
    alerts.resolve('probe', 'one')
    alerts.forgetOld()
    expect((await alerts.list(ACTIVE)).items).toEqual([])
    const { items } = await alerts.list(ALL)
    expect(items.map(({ kind }) => kind)).toEqual(kinds.toReversed())
    for (const item of items) {
      expect(item.message).toBe('bad; closed by a restart, not by an answer')
      expect(item.resolvedAt).not.toBeNull()
    }
    expect(told).toEqual([])
    // Raised again it is another one, which is told.
    alerts.raise('failing', 'one', 'worse')
    expect(told).toMatchObject([{ kind: 'failing', resolved: false }])
    await alerts.stop()
    const actions = (await audit.list({ limit: 9 })).items.map(({ action }) => action)
    expect(actions).toEqual(['model.failing', 'model.failing'])
  })

  test('come in pages, the newest first', async () => {
    const { alerts } = setUp()
    for (const slug of ['a', 'b', 'c', 'd', 'e']) alerts.raise('probe', slug, 'no answer')
    const first = await alerts.list({ limit: 3, active: '0' })
    expect(first.items.map(({ model }) => model)).toEqual(['e', 'd', 'c'])
    const rest = await alerts.list({ limit: 3, active: '0', cursor: first.nextCursor ?? '' })
    expect(rest.items.map(({ model }) => model)).toEqual(['b', 'a'])
    expect(rest.nextCursor).toBeNull()
  })

  test('are acknowledged by whoever came first, which the audit log says', async () => {
    const { alerts, audit } = setUp()
    alerts.raise('inference', null, 'it keeps ending')
    const [{ id } = { id: 0 }] = (await alerts.list(ALL)).items
    expect(await alerts.acknowledge(id, 'ann (1)')).toMatchObject({ acknowledgedBy: 'ann (1)' })
    expect(await alerts.acknowledge(id, 'bob (2)')).toMatchObject({ acknowledgedBy: 'ann (1)' })
    expect(await alerts.acknowledge(id + 1, 'bob (2)')).toBeUndefined()
    const { items } = await audit.list({ limit: 10 })
    expect(items).toMatchObject([
      { actor: 'ann (1)', action: 'alert.acknowledge', subject: `alert ${id}` },
    ])
  })

  test('that are over are let go of after 90 days, also while the arena runs', async () => {
    const { alerts, clock } = setUp()
    await alerts.load()
    alerts.raise('probe', 'one', 'no answer')
    alerts.raise('key', 'two', 'no key')
    alerts.resolve('probe', 'one')
    await clock.pass(90 * 86_400_000)
    expect((await alerts.list(ALL)).items).toHaveLength(2)
    await clock.pass(86_400_000)
    expect((await alerts.list(ALL)).items).toMatchObject([{ model: 'two' }])
    await alerts.stop()
    expect(clock.waiting).toBe(0)
  })
})
