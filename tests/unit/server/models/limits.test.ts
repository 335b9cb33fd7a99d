import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { costOf, createLimitGate, estimateOf } from '../../../../server/models/limits.ts'
import type { ModelLimits, Prices } from '../../../../shared/schemas/model.ts'
import { makeModel } from '../../../support/providers/model.ts'
import { ManualSchedule } from '../../../support/providers/manual-schedule.ts'

const never = new AbortController().signal
const ESTIMATE = { inputTokens: 10, outputTokens: 90 }

function setUp(limits: ModelLimits, prices: Prices | null = null) {
  const world = { now: Date.UTC(2026, 0, 1, 12), tokens: 0, cost: 0 }
  const schedule = new ManualSchedule()
  const gate = createLimitGate({
    now: () => world.now,
    spentToday: () => ({ tokens: world.tokens, cost: world.cost }),
    schedule: schedule.schedule,
  })
  const model = makeModel({ limits, prices })
  const waiting: string[] = []
  /** Enters, and tells when it is let in. */
  const enter = (name = '', signal = never) =>
    gate.enter(model, ESTIMATE, signal).then((pass) => {
      waiting.push(name)
      return pass
    })
  return { world, schedule, gate, model, enter, entered: waiting }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('without limits', () => {
  test('everybody is let in at once', async () => {
    const { gate, model, enter } = setUp({})
    await Promise.all(Array.from({ length: 50 }, () => enter()))
    expect(gate.closed(model)).toBeUndefined()
  })
})

describe('concurrency', () => {
  test('is kept, and whoever waits is let in in order', async () => {
    const { gate, model, enter, entered } = setUp({ concurrentRequests: 2 })
    const first = await enter('1')
    expect(gate.closed(model)).toBeUndefined()
    const second = await enter('2')
    expect(gate.closed(model)).toMatchObject({ by: 'concurrency' })
    const later = ['3', '4', '5'].map((name) => enter(name))
    await settled()
    expect(entered).toEqual(['1', '2'])
    second.leave()
    second.leave()
    await settled()
    expect(entered).toEqual(['1', '2', '3'])
    first.leave()
    ;(await later[0])?.leave()
    await Promise.all(later)
    expect(entered).toEqual(['1', '2', '3', '4', '5'])
  })

  test('whoever leaves the queue lets the next one move up', async () => {
    const { enter, entered } = setUp({ concurrentRequests: 1 })
    const first = await enter('1')
    const controller = new AbortController()
    const second = enter('2', controller.signal)
    const third = enter('3')
    controller.abort(new Error('left'))
    await expect(second).rejects.toThrow('left')
    first.leave()
    await third
    expect(entered).toEqual(['1', '3'])
    await expect(enter('4', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  })

  test('a limit that is raised lets in who waits', async () => {
    const { gate, model, enter, entered } = setUp({ concurrentRequests: 1 })
    await enter('1')
    const second = enter('2')
    gate.update({ ...model, limits: { concurrentRequests: 2 } })
    await second
    expect(entered).toEqual(['1', '2'])
  })
})

describe('the rate', () => {
  test('of one is told in the singular', async () => {
    const { gate, model, enter } = setUp({ requestsPerMinute: 1 })
    ;(await enter('1')).leave()
    expect(gate.closed(model)?.reason).toMatch(/^1 request was made within a minute/)
  })

  test('slides: a request a minute ago makes room for one now', async () => {
    const { gate, model, enter, entered, world, schedule } = setUp({ requestsPerMinute: 2 })
    ;(await enter('1')).leave()
    world.now += 40_000
    ;(await enter('2')).leave()
    expect(gate.closed(model)).toEqual({
      by: 'rate',
      reason: '2 requests were made within a minute; the next may be in 20 s',
    })
    const third = enter('3')
    await settled()
    expect(entered).toEqual(['1', '2'])
    world.now += 20_000
    expect(await schedule.runNext()).toBe(20_000)
    await third
    expect(entered).toEqual(['1', '2', '3'])
    expect(gate.closed(model)).toMatchObject({ by: 'rate' })
  })

  test('is never exceeded in any minute, whatever the times', async () => {
    /** When requests that come after such pauses are let through. */
    const startsAfter = async (requestsPerMinute: number, pauses: readonly number[]) => {
      const { enter, world, schedule } = setUp({ requestsPerMinute })
      const starts: number[] = []
      const ask = async () => {
        const pass = await enter()
        starts.push(world.now)
        pass.leave()
      }
      for (const pause of pauses) {
        world.now += pause
        const asked = ask()
        await settled()
        while (schedule.waiting > 0) {
          world.now += Math.min(...schedule.delays)
          await schedule.runShortest()
        }
        await asked
      }
      return starts
    }
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 20 }),
        async (requestsPerMinute, pauses) => {
          const starts = await startsAfter(requestsPerMinute, pauses)
          expect(starts).toHaveLength(pauses.length)
          for (const [index, start] of starts.entries()) {
            const before = starts[index - requestsPerMinute] ?? -Infinity
            expect(start - before).toBeGreaterThanOrEqual(60_000)
          }
        },
      ),
      { numRuns: 50 },
    )
    expect(await startsAfter(1, [0])).toHaveLength(1)
  })
})

describe('budgets of a day', () => {
  test('count what is under way, so that one answer at most goes beyond them', async () => {
    const { gate, model, enter, world } = setUp({ tokensPerDay: 250 })
    const passes = [await enter(), await enter(), await enter()]
    expect(gate.closed(model)).toEqual({
      by: 'budget',
      reason: "today's 250 tokens are used up, until 2026-01-02 00:00 UTC",
    })
    await expect(enter()).rejects.toMatchObject({ kind: 'limit' })
    // They took less than was thought.
    world.tokens = 150
    for (const pass of passes) pass.leave()
    expect(gate.closed(model)).toBeUndefined()
    ;(await enter()).leave()
    world.tokens = 250
    expect(gate.closedBecause(model)).toContain('used up')
    // The next day begins with nothing spent.
    world.tokens = 0
    expect(gate.closedBecause(model)).toBeUndefined()
  })

  test('money goes by the prices of input and output', async () => {
    const prices = { inputPerMillion: 1000, outputPerMillion: 10_000 }
    expect(costOf(prices, ESTIMATE)).toBeCloseTo(0.91, 10)
    expect(costOf(null, ESTIMATE)).toBe(0)
    const { gate, model, enter } = setUp({ costPerDay: 1.5 }, prices)
    const first = await enter()
    expect(gate.closed(model)).toBeUndefined()
    const second = await enter()
    expect(gate.closedBecause(model)).toBe("today's $1.5 are used up, until 2026-01-02 00:00 UTC")
    first.leave()
    second.leave()
    expect(gate.closed(model)).toBeUndefined()
  })

  test('whoever waits while a budget is used up is refused', async () => {
    const { enter, world } = setUp({ concurrentRequests: 1, tokensPerDay: 1000 })
    const first = await enter()
    const second = enter()
    world.tokens = 1000
    first.leave()
    await expect(second).rejects.toMatchObject({ kind: 'limit' })
  })
})

test('a request is expected to take a token for four characters, and an answer as long as it may be', () => {
  const messages = [
    { role: 'system', content: 'x'.repeat(10) },
    { role: 'user', content: 'y'.repeat(11) },
  ] as const
  expect(estimateOf({ messages, sampling: { maxTokens: 7 } }, 'onnx')).toEqual({
    inputTokens: 6,
    outputTokens: 7,
  })
  expect(estimateOf({ messages, sampling: {} }, 'google').outputTokens).toBe(4096)
  expect(estimateOf({ messages, sampling: {} }, 'onnx').outputTokens).toBe(1024)
})
