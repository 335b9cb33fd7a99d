import { describe, expect, test } from 'vitest'
import { createBreaker, FAILURES_TO_OPEN } from '../../../../server/models/breaker.ts'
import { ManualSchedule } from '../../../support/providers/manual-schedule.ts'

const START = Date.UTC(2026, 0, 1)

function setUp(retryMs?: number) {
  const schedule = new ManualSchedule()
  let healthy = false
  let now = START
  const states: string[] = []
  const breaker = createBreaker({
    probe: () => Promise.resolve(healthy),
    schedule: schedule.schedule,
    now: () => now,
    retryMs,
    onChange: (state) => states.push(state),
  })
  const fail = (times: number) => {
    for (let index = 0; index < times; index += 1) breaker.failed('timeout: too slow')
  }
  return {
    breaker,
    schedule,
    states,
    pass: (ms: number) => (now += ms),
    fail,
    /** Opens it and has its probe succeed. */
    halfOpen: async () => {
      fail(8)
      healthy = true
      await schedule.runNext()
    },
  }
}

const HEALTHY = {
  breaker: 'closed',
  failuresInARow: 0,
  lastError: null,
  nextProbeAt: null,
  lastProbe: null,
  lastAnswerAt: null,
}

describe('the circuit breaker', () => {
  test('opens at the eighth failure in a row, not before', () => {
    const { breaker, fail, states } = setUp()
    expect(FAILURES_TO_OPEN).toBe(8)
    fail(7)
    expect(breaker.isOpen()).toBe(false)
    fail(1)
    expect(breaker.health()).toEqual({
      ...HEALTHY,
      breaker: 'open',
      failuresInARow: 8,
      lastError: 'timeout: too slow',
      nextProbeAt: new Date(START + 30_000).toISOString(),
    })
    expect(states).toEqual(['open'])
  })

  test('a success between starts the count again', () => {
    const { breaker, fail } = setUp()
    fail(7)
    breaker.succeeded()
    fail(7)
    expect(breaker.isOpen()).toBe(false)
  })

  test('an error that is only noted, or of a probe, does not count', () => {
    const { breaker } = setUp()
    for (let index = 0; index < 20; index += 1) breaker.note('no such host')
    for (let index = 0; index < 20; index += 1) breaker.probed({ ok: false, error: 'no answer' })
    expect(breaker.health()).toEqual({
      ...HEALTHY,
      lastError: 'no such host',
      lastProbe: { at: new Date(START).toISOString(), ok: false, error: 'no answer' },
    })
  })

  test('asks after 30 s and then ever less often, up to 10 min', async () => {
    const { schedule, fail } = setUp()
    fail(8)
    const delays: number[] = []
    for (let round = 0; round < 7; round += 1) delays.push(await schedule.runNext())
    expect(delays.map((ms) => ms / 1000)).toEqual([30, 60, 120, 240, 480, 600, 600])
  })

  test('the first wait is a setting, and may be the longest', async () => {
    const { schedule, fail } = setUp(1_200_000)
    fail(8)
    expect(await schedule.runNext()).toBe(1_200_000)
    expect(await schedule.runNext()).toBe(1_200_000)
  })

  test('never asks before the provider wants to be asked', async () => {
    const { breaker, schedule, fail } = setUp()
    breaker.coolFor(45_000)
    fail(8)
    expect(schedule.nextDelay).toBe(45_000)
    await schedule.runNext()
    expect(schedule.nextDelay).toBe(60_000)
  })

  test('a probe that succeeds puts it on trial; the first success closes it', async () => {
    const { breaker, schedule, states, fail, halfOpen } = setUp()
    await halfOpen()
    expect(breaker.health()).toMatchObject({ breaker: 'half-open', failuresInARow: 8 })
    expect(breaker.isOpen()).toBe(false)
    expect(schedule.waiting).toBe(0)
    breaker.begin().succeeded()
    expect(breaker.health()).toEqual(HEALTHY)
    expect([...new Set(states)]).toEqual(['open', 'half-open', 'closed'])
    fail(8)
    expect(schedule.nextDelay).toBe(30_000)
  })

  test('the first failure on trial opens it again, with a longer wait', async () => {
    const { breaker, schedule, halfOpen } = setUp()
    await halfOpen()
    breaker.begin().failed('connect: refused')
    expect(breaker.health()).toMatchObject({
      breaker: 'open',
      failuresInARow: 9,
      lastError: 'connect: refused',
    })
    expect(schedule.nextDelay).toBe(60_000)
  })

  test('on trial one answer is written at a time; a stop decides nothing', async () => {
    const { breaker, states, halfOpen } = setUp()
    await halfOpen()
    expect(breaker.isTrying()).toBe(false)
    const told = states.length
    const attempt = breaker.begin()
    expect(breaker.isTrying()).toBe(true)
    expect(states.length).toBe(told + 1)
    attempt.left()
    attempt.failed('said after its end')
    expect(breaker.isTrying()).toBe(false)
    expect(breaker.state()).toBe('half-open')
    // Whoever keeps a list of who can be drawn hears of both.
    expect(states.length).toBe(told + 2)
  })

  test('answers begun before it opened have no say in whether it is back', async () => {
    const { breaker, fail, halfOpen } = setUp()
    const [early, late] = [breaker.begin(), breaker.begin()]
    fail(8)
    early.succeeded()
    expect(breaker.state()).toBe('open')
    breaker.succeeded()
    await halfOpen()
    late.failed('timeout: at last')
    expect(breaker.state()).toBe('half-open')
  })

  test('a success that was begun while it was open closes it and calls the probe off', () => {
    const { breaker, schedule, fail } = setUp()
    fail(8)
    breaker.begin().succeeded()
    expect(breaker.isOpen()).toBe(false)
    expect(schedule.waiting).toBe(0)
  })

  test('an attempt counts once, and not at all after a reset', () => {
    const { breaker } = setUp()
    const attempt = breaker.begin()
    attempt.failed('x')
    attempt.failed('x')
    expect(breaker.health().failuresInARow).toBe(1)
    const before = breaker.begin()
    breaker.reset()
    before.failed('x')
    expect(breaker.health()).toEqual(HEALTHY)
  })

  test('cools for as long as was asked for, and no shorter for a second word', () => {
    const { breaker, pass } = setUp()
    expect(breaker.coolingUntil()).toBeUndefined()
    breaker.coolFor(10_000)
    breaker.coolFor(2000)
    expect(breaker.coolingUntil()).toBe(START + 10_000)
    pass(10_000)
    expect(breaker.coolingUntil()).toBeUndefined()
    breaker.coolFor(5000)
    breaker.begin().succeeded()
    expect(breaker.coolingUntil()).toBeDefined()
    // Known to answer, by a check or by being another one.
    breaker.succeeded()
    expect(breaker.coolingUntil()).toBeUndefined()
    breaker.coolFor(5000)
    breaker.reset()
    expect(breaker.coolingUntil()).toBeUndefined()
  })

  test('a probe that was under way at a reset has no say in the next opening', async () => {
    const schedule = new ManualSchedule()
    let answer: (healthy: boolean) => void = () => undefined
    const breaker = createBreaker({
      probe: () => new Promise((resolve) => (answer = resolve)),
      schedule: schedule.schedule,
      now: () => START,
      onChange: () => undefined,
    })
    const failAll = () => Array.from({ length: 8 }, () => breaker.failed('x'))
    failAll()
    await schedule.runNext()
    breaker.reset()
    failAll()
    answer(true)
    await Promise.resolve()
    expect(breaker.isOpen()).toBe(true)
    breaker.stop()
    expect(schedule.waiting).toBe(0)
    // Battles of a model that has retired go on, and may go on to fail.
    breaker.reset()
    failAll()
    expect(schedule.waiting).toBe(0)
  })
})
