import { describe, expect, test } from 'vitest'
import { createBreaker, FAILURES_TO_OPEN } from '../../../../server/models/breaker.ts'
import { ManualSchedule } from '../../../support/providers/manual-schedule.ts'

function setUp() {
  const schedule = new ManualSchedule()
  let healthy = false
  let changes = 0
  const breaker = createBreaker({
    probe: () => Promise.resolve(healthy),
    schedule: schedule.schedule,
    onChange: () => (changes += 1),
  })
  return {
    breaker,
    schedule,
    heal: () => (healthy = true),
    changes: () => changes,
    fail: (times: number) => {
      for (let index = 0; index < times; index += 1) breaker.failed('timeout: too slow')
    },
  }
}

describe('the circuit breaker', () => {
  test('opens at the eighth failure in a row, not before', () => {
    const { breaker, fail, changes } = setUp()
    expect(FAILURES_TO_OPEN).toBe(8)
    fail(7)
    expect(breaker.isOpen()).toBe(false)
    fail(1)
    expect(breaker.health()).toEqual({
      breaker: 'open',
      failuresInARow: 8,
      lastError: 'timeout: too slow',
    })
    expect(changes()).toBe(1)
  })

  test('a success between starts the count again', () => {
    const { breaker, fail } = setUp()
    fail(7)
    breaker.succeeded()
    fail(7)
    expect(breaker.isOpen()).toBe(false)
  })

  test('an error that is only noted does not count', () => {
    const { breaker } = setUp()
    for (let index = 0; index < 20; index += 1) breaker.note('no such host')
    expect(breaker.health()).toEqual({
      breaker: 'closed',
      failuresInARow: 0,
      lastError: 'no such host',
    })
  })

  test('asks after 30 s and then ever less often, up to 10 min', async () => {
    const { schedule, fail } = setUp()
    fail(8)
    const delays: number[] = []
    for (let round = 0; round < 7; round += 1) delays.push(await schedule.runNext())
    expect(delays.map((ms) => ms / 1000)).toEqual([30, 60, 120, 240, 480, 600, 600])
  })

  test('a probe that succeeds closes it, and nothing more is scheduled', async () => {
    const { breaker, schedule, fail, heal, changes } = setUp()
    fail(8)
    await schedule.runNext()
    heal()
    await schedule.runNext()
    expect(breaker.health()).toEqual({ breaker: 'closed', failuresInARow: 0, lastError: null })
    expect(schedule.waiting).toBe(0)
    expect(changes()).toBe(2)
    fail(8)
    expect(schedule.nextDelay).toBe(30_000)
  })

  test('a success of a running answer closes it and calls the probe off', () => {
    const { breaker, schedule, fail } = setUp()
    fail(8)
    breaker.succeeded()
    expect(breaker.isOpen()).toBe(false)
    expect(schedule.waiting).toBe(0)
  })

  test('a probe that was under way at a reset has no say in the next opening', async () => {
    const schedule = new ManualSchedule()
    let answer: (healthy: boolean) => void = () => undefined
    const breaker = createBreaker({
      probe: () => new Promise((resolve) => (answer = resolve)),
      schedule: schedule.schedule,
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
  })
})
