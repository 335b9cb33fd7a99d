import { describe, expect, test } from 'vitest'
import { createRoster } from '../../../../server/models/roster.ts'
import { ManualClock } from '../../../support/providers/manual-clock.ts'
import { makeModel } from '../../../support/providers/model.ts'

function setUp(...slugs: string[]) {
  const clock = new ManualClock()
  const limited = new Set<string>()
  const down = new Set<string>()
  let healthy = false
  const roster = createRoster({
    isRunning: ({ slug }) => !down.has(slug),
    probe: () => Promise.resolve(healthy),
    schedule: clock.schedule,
    now: clock.now,
    limitedBy: ({ slug }) => (limited.has(slug) ? 'its day is over' : undefined),
  })
  for (const slug of slugs) roster.put(makeModel({ slug }))
  return {
    clock,
    roster,
    limited,
    down,
    heal: () => (healthy = true),
    drawn: () => roster.eligible().map(({ slug }) => slug),
    fail: (slug: string) => {
      for (let index = 0; index < 8; index += 1) roster.breaker(slug).failed('x')
    },
    statusOf: (slug: string) => roster.status(roster.get(slug) ?? makeModel()),
  }
}

describe('who can be drawn', () => {
  test('whoever wants to be left alone is left out while two others are there', async () => {
    const { roster, drawn, clock } = setUp('a', 'b', 'c')
    roster.breaker('a').coolFor(1000)
    expect(drawn()).toEqual(['b', 'c'])
    expect(roster.eligible()).toBe(roster.eligible())
    // With fewer than two others it is drawn all the same.
    roster.breaker('b').coolFor(2000)
    expect(drawn()).toEqual(['a', 'b', 'c'])
    await clock.pass(1000)
    expect(drawn()).toEqual(['a', 'c'])
    await clock.pass(1000)
    expect(drawn()).toEqual(['a', 'b', 'c'])
  })

  test('others who are limited or have no weight are no others', () => {
    const { roster, drawn, limited } = setUp('a', 'b', 'c', 'd')
    roster.put(makeModel({ slug: 'b', weight: 0 }))
    roster.put(makeModel({ slug: 'c', limits: { requestsPerMinute: 1 } }))
    roster.breaker('a').coolFor(1000)
    expect(drawn()).toEqual(['b', 'c', 'd'])
    limited.add('c')
    expect(drawn()).toEqual(['a', 'b', 'c', 'd'])
    limited.clear()
    expect(drawn()).toEqual(['b', 'c', 'd'])
  })

  test('a model on trial is drawn until its answer is being written, and then when it is over', async () => {
    const { roster, drawn, clock, fail, heal } = setUp('a', 'b', 'c')
    fail('a')
    expect(drawn()).toEqual(['b', 'c'])
    heal()
    await clock.pass(30_000)
    expect(drawn()).toEqual(['a', 'b', 'c'])
    const attempt = roster.breaker('a').begin()
    expect(drawn()).toEqual(['b', 'c'])
    attempt.left()
    expect(drawn()).toEqual(['a', 'b', 'c'])
    roster.breaker('a').begin().failed('y')
    expect(drawn()).toEqual(['b', 'c'])
  })

  test('a paused model is not probed by its breaker', async () => {
    const { roster, clock, fail, heal, drawn } = setUp('a', 'b')
    fail('a')
    heal()
    roster.put(makeModel({ slug: 'a', enabled: false }))
    await clock.pass(600_000)
    expect(roster.breaker('a').isOpen()).toBe(true)
    expect(drawn()).toEqual(['b'])
  })
})

describe('the status of a model', () => {
  test('says why it is drawn or not, the gravest first', async () => {
    const { roster, statusOf, limited, down, fail, heal, clock } = setUp('a')
    expect(statusOf('a')).toEqual({ status: 'ready', reason: null })
    roster.put(makeModel({ slug: 'a', weight: 0 }))
    expect(statusOf('a').status).toBe('unweighted')
    roster.breaker('a').coolFor(1000)
    expect(statusOf('a')).toEqual({
      status: 'cooling',
      reason: 'its provider asked to be left alone until 2026-05-05T12:00:01.000Z',
    })
    limited.add('a')
    expect(statusOf('a')).toEqual({ status: 'limited', reason: 'its day is over' })
    fail('a')
    expect(statusOf('a')).toEqual({
      status: 'failing',
      reason: '8 failures in a row, is asked again at 2026-05-05T12:00:30.000Z; last: x',
    })
    heal()
    await clock.pass(30_000)
    expect(statusOf('a')).toEqual({
      status: 'on-trial',
      reason: 'it answers again: the next answer decides',
    })
    down.add('a')
    expect(statusOf('a').status).toBe('not-running')
    const paused = { at: 0, reason: 'too dear' }
    roster.put(makeModel({ slug: 'a', enabled: false, paused }))
    expect(statusOf('a')).toEqual({ status: 'paused', reason: 'too dear' })
    roster.put(makeModel({ slug: 'a', retired: { at: 0, reason: 'old' } }))
    expect(statusOf('a')).toEqual({ status: 'retired', reason: 'old' })
  })
})

test('a ready model says that its last probe failed, until it answers', async () => {
  const clock = new ManualClock()
  let answeredAt: number | undefined
  const roster = createRoster({
    isRunning: () => true,
    probe: () => Promise.resolve(false),
    schedule: clock.schedule,
    now: clock.now,
    lastAnswerAt: () => answeredAt,
  })
  const model = makeModel({ slug: 'a' })
  roster.put(model)
  answeredAt = clock.now()
  await clock.pass(1000)
  roster.breaker('a').probed({ ok: false, error: 'HTTP 401' })
  const reason = 'its last probe failed: HTTP 401'
  expect(roster.status(model)).toEqual({ status: 'ready', reason })
  await clock.pass(1000)
  answeredAt = clock.now()
  expect(roster.status(model)).toEqual({ status: 'ready', reason: null })
  await clock.pass(1000)
  roster.breaker('a').probed({ ok: false, error: 'HTTP 401' })
  roster.breaker('a').probed({ ok: true })
  expect(roster.status(model)).toEqual({ status: 'ready', reason: null })
})
