import { describe, expect, test } from 'vitest'
import { createWatch } from '../../../../server/health/watch.ts'
import type { EmbeddedState } from '../../../../server/models/embedded.ts'
import type { Model } from '../../../../server/models/model.ts'
import { createRoster } from '../../../../server/models/roster.ts'
import type { ModelsReadiness } from '../../../../shared/schemas/system.ts'
import { ManualClock } from '../../../support/providers/manual-clock.ts'
import { makeModel } from '../../../support/providers/model.ts'

const HOUR = 3_600_000

function setUp() {
  const clock = new ManualClock()
  const holds = new Map<string, string>()
  const spent = { tokens: 0, cost: 0 }
  const closed = new Set<string>()
  const embedded = { state: 'starting' as EmbeddedState, failing: false }
  const arena = { state: 'ready' as ModelsReadiness['state'] }
  const roster = createRoster({
    isRunning: () => true,
    probe: () => Promise.resolve(false),
    schedule: clock.schedule,
    now: clock.now,
    onBreaker: (slug, state) => watch.onBreaker(slug, state),
    onPut: (model) => watch.onModel(model),
  })
  const watch = createWatch({
    alerts: {
      raise: (kind, slug, message, graver = false) => {
        const key = `${kind} ${slug ?? ''}`.trim()
        if (graver || !holds.has(key)) holds.set(key, message)
      },
      resolve: (kind, slug) => void holds.delete(`${kind} ${slug ?? ''}`.trim()),
    },
    activity: { spentToday: () => spent },
    models: () => roster,
    embedded: {
      isFailing: () => embedded.failing,
      lastError: () => 'it ended with 1',
      state: () => embedded.state,
    },
    keyOpens: ({ slug }: Model) => !closed.has(slug),
    readiness: () => arena.state,
    now: clock.now,
    schedule: clock.schedule,
  })
  roster.put(makeModel({ slug: 'one' }))
  const answers = (how: 'succeeded' | 'failed' | 'aborted', times: number) => {
    for (let index = 0; index < times; index += 1) watch.onOutcome({ slug: 'one', how })
  }
  return { arena, clock, holds, spent, closed, embedded, roster, watch, answers }
}

describe('errors', () => {
  test('are told when more than a fifth of the last answers failed, of 20 at least', () => {
    const { holds, answers } = setUp()
    answers('failed', 4)
    answers('succeeded', 15)
    expect([...holds]).toEqual([])
    answers('failed', 1)
    expect([...holds]).toEqual([['errors one', '5 of its last 20 answers failed']])
    // A share that moves about the limit is one alert, over when a tenth is left.
    answers('succeeded', 5)
    answers('failed', 1)
    expect([...holds]).toEqual([['errors one', '5 of its last 20 answers failed']])
    answers('succeeded', 33)
    expect(holds.has('errors one')).toBe(true)
    answers('succeeded', 1)
    expect([...holds]).toEqual([])
  })

  test('of what a model was before a change are over; those of a paused one are no news', () => {
    const { holds, answers, roster } = setUp()
    answers('failed', 20)
    expect(holds.size).toBe(1)
    const model = roster.get('one') ?? makeModel()
    roster.put({ ...model, weight: 3 })
    expect(holds.size).toBe(1)
    roster.put({ ...model, sealedKey: 'another' })
    expect(holds.size).toBe(0)
    answers('succeeded', 1)
    expect(holds.size).toBe(0)
    roster.put({ ...model, enabled: false })
    answers('failed', 30)
    for (let index = 0; index < 8; index += 1) roster.breaker('one').failed('x')
    expect(holds.size).toBe(0)
  })

  test('do not count answers that were stopped', () => {
    const { holds, answers } = setUp()
    answers('failed', 5)
    answers('aborted', 30)
    expect([...holds]).toEqual([])
  })

  test('are over when they are an hour old', async () => {
    const { holds, answers, clock, watch } = setUp()
    watch.start()
    answers('failed', 20)
    expect(holds.size).toBe(1)
    await clock.pass(HOUR - 1000)
    expect(holds.size).toBe(1)
    await clock.pass(61_000)
    expect(holds.size).toBe(0)
    watch.stop()
    expect(clock.waiting).toBe(0)
  })
})

describe('an open breaker', () => {
  test('is told until it is closed, not only on trial', async () => {
    const { holds, roster } = setUp()
    const breaker = roster.breaker('one')
    for (let index = 0; index < 8; index += 1) breaker.failed('timeout: no text')
    expect(holds.get('failing one')).toBe(
      '8 answers failed in a row, it is left out; last: timeout: no text',
    )
    breaker.succeeded()
    expect(holds.size).toBe(0)
  })

  test('of a model that an administrator paused is no news any more', () => {
    const { holds, roster } = setUp()
    for (let index = 0; index < 8; index += 1) roster.breaker('one').failed('x')
    roster.put(makeModel({ slug: 'one', enabled: false }))
    expect(holds.size).toBe(0)
  })
})

describe('a budget', () => {
  test('is told at four fifths and at its end, until the day is over', async () => {
    const { holds, spent, answers, roster, clock, watch } = setUp()
    watch.start()
    roster.put(makeModel({ slug: 'one', limits: { tokensPerDay: 1000, costPerDay: 2 } }))
    Object.assign(spent, { tokens: 799, cost: 0.1 })
    answers('succeeded', 1)
    expect(holds.size).toBe(0)
    spent.tokens = 800
    answers('succeeded', 1)
    expect(holds.get('budget one')).toBe("four fifths of today's 1,000 tokens are used up")
    spent.cost = 2.1
    answers('aborted', 1)
    expect(holds.get('budget one')).toBe(
      "today's $2 are used up: it is not asked before midnight UTC",
    )
    Object.assign(spent, { tokens: 0, cost: 0 })
    await clock.pass(60_000)
    expect(holds.size).toBe(0)
  })

  test('that was raised by an administrator is over', () => {
    const { holds, spent, roster } = setUp()
    spent.tokens = 900
    roster.put(makeModel({ slug: 'one', limits: { tokensPerDay: 1000 } }))
    expect(holds.size).toBe(1)
    roster.put(makeModel({ slug: 'one', limits: { tokensPerDay: 5000 } }))
    expect(holds.size).toBe(0)
  })
})

describe('a key', () => {
  test('that cannot be opened is told, until it can', async () => {
    const { holds, closed, roster, watch, clock } = setUp()
    closed.add('one')
    roster.put(makeModel({ slug: 'one' }))
    expect([...holds.keys()]).toEqual(['key one'])
    closed.clear()
    watch.start()
    await clock.pass(60_000)
    expect(holds.size).toBe(0)
  })
})

describe('the embedded inference', () => {
  test('is told when it keeps ending, until it is ready', () => {
    const { holds, embedded, watch } = setUp()
    watch.onEmbedded()
    expect(holds.size).toBe(0)
    Object.assign(embedded, { state: 'restarting', failing: true })
    watch.onEmbedded()
    expect([...holds]).toEqual([
      ['inference', 'the embedded inference keeps ending: it ended with 1'],
    ])
    Object.assign(embedded, { state: 'ready', failing: false })
    watch.onEmbedded()
    expect(holds.size).toBe(0)
  })
})

describe('an arena in which no battle can start', () => {
  const MINUTE = 60_000
  const told = 'fewer than two models can be drawn: no battle can start'

  test('is told after its start-up, and over when two can be drawn', async () => {
    const { arena, clock, holds, roster, watch } = setUp()
    roster.put(makeModel({ slug: 'two' }))
    arena.state = 'none'
    watch.start()
    expect([...holds]).toEqual([])
    await clock.pass(MINUTE)
    expect([...holds]).toEqual([['arena', told]])
    arena.state = 'warming'
    await clock.pass(MINUTE)
    expect(holds.has('arena')).toBe(true)
    arena.state = 'ready'
    roster.put(makeModel({ slug: 'two', weight: 2 }))
    expect([...holds]).toEqual([])
    arena.state = 'warming'
    await clock.pass(2 * MINUTE)
    expect([...holds]).toEqual([])
    watch.stop()
  })

  test('is none without two models that are not retired', async () => {
    const { arena, clock, holds, roster, watch } = setUp()
    roster.put(makeModel({ slug: 'two', retired: { at: 0, reason: null } }))
    arena.state = 'none'
    watch.start()
    await clock.pass(2 * MINUTE)
    expect([...holds]).toEqual([])
    roster.put(makeModel({ slug: 'three' }))
    await clock.pass(MINUTE)
    expect(holds.has('arena')).toBe(true)
    watch.stop()
  })
})
