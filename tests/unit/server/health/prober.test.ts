import { describe, expect, test } from 'vitest'
import { createProber } from '../../../../server/health/prober.ts'
import { createRoster } from '../../../../server/models/roster.ts'
import type { CheckResult } from '../../../../shared/schemas/model.ts'
import { ManualClock, settled } from '../../../support/providers/manual-clock.ts'
import { makeModel } from '../../../support/providers/model.ts'

const INTERVAL = 900_000
const MINUTE = 60_000

function setUp(slugs: readonly string[] = ['one'], intervalMs = INTERVAL) {
  const clock = new ManualClock()
  const holds = new Map<string, string>()
  const asked: { slug: string; at: number }[] = []
  const answered = new Map<string, number>()
  const limited = new Set<string>()
  const waiting: (() => void)[] = []
  const state = { result: { ok: true } as CheckResult, byHand: false, random: 0.5 }
  const roster = createRoster({
    isRunning: () => true,
    probe: () => Promise.resolve(false),
    // Breakers' own probes are not what is tested here.
    schedule: () => () => undefined,
    now: clock.now,
  })
  for (const slug of slugs) roster.put(makeModel({ slug }))
  const started = clock.now()
  const prober = createProber({
    roster,
    async probe({ slug }) {
      asked.push({ slug, at: clock.now() - started })
      if (state.byHand) await new Promise<void>((resolve) => waiting.push(resolve))
      roster.breaker(slug).probed(state.result)
      return state.result
    },
    lastAnswerAt: (slug) => answered.get(slug),
    isLimited: ({ slug }) => limited.has(slug),
    alerts: {
      raise: (kind, slug, message) => void holds.set(`${kind} ${slug ?? ''}`, message),
      resolve: (kind, slug) => void holds.delete(`${kind} ${slug ?? ''}`),
    },
    intervalMs,
    now: clock.now,
    random: () => state.random,
    schedule: clock.schedule,
  })
  return { clock, holds, asked, answered, limited, waiting, state, roster, prober }
}

describe('the prober', () => {
  test('asks each model once an interval, spread over it', async () => {
    const { prober, clock, asked, state } = setUp(['one', 'two', 'three'])
    let roll = 0
    const rolls = [0.1, 0.5, 0.9]
    Object.defineProperty(state, 'random', { get: () => rolls[roll++ % 3] })
    prober.start()
    await clock.pass(INTERVAL)
    expect(asked.map(({ slug }) => slug)).toEqual(['one', 'three', 'two'])
    await clock.pass(4 * INTERVAL)
    for (const slug of ['one', 'two', 'three']) {
      const times = asked.filter((each) => each.slug === slug).map(({ at }) => at)
      expect(times.length).toBeGreaterThanOrEqual(4)
      for (const [index, at] of times.slice(1).entries()) {
        const gap = at - (times[index] ?? 0)
        expect(gap).toBeGreaterThanOrEqual(INTERVAL)
        expect(gap).toBeLessThanOrEqual(1.1 * INTERVAL + 15_000)
      }
    }
  })

  test('leaves alone whoever answered within the interval', async () => {
    const { prober, clock, asked, answered } = setUp()
    prober.start()
    for (let minute = 0; minute < 120; minute += 1) {
      answered.set('one', clock.now())
      await clock.pass(MINUTE)
    }
    expect(asked).toEqual([])
    await clock.pass(1.2 * INTERVAL)
    expect(asked).toHaveLength(1)
  })

  test('asks nobody where its interval is 0', () => {
    const { prober, clock } = setUp(['one'], 0)
    prober.start()
    expect(clock.waiting).toBe(0)
  })

  test('asks no embedded, paused, retired, limited, cooling or failing one', async () => {
    const { prober, clock, asked, roster, limited } = setUp([])
    roster.put(makeModel({ slug: 'embedded' }, { provider: { kind: 'onnx', model: 'm' } }))
    roster.put(makeModel({ slug: 'paused', enabled: false }))
    roster.put(makeModel({ slug: 'retired', retired: { at: 0, reason: null } }))
    for (const slug of ['limited', 'cooling', 'failing']) roster.put(makeModel({ slug }))
    limited.add('limited')
    roster.breaker('cooling').coolFor(10 * INTERVAL)
    for (let index = 0; index < 8; index += 1) roster.breaker('failing').failed('x')
    prober.start()
    await clock.pass(3 * INTERVAL)
    expect(asked).toEqual([])
  })

  test('asks two at once at most', async () => {
    const { prober, clock, asked, waiting, state } = setUp(['a', 'b', 'c', 'd'])
    state.byHand = true
    state.random = 0
    prober.start()
    await clock.pass(INTERVAL / 2)
    expect(asked).toHaveLength(2)
    waiting.shift()?.()
    await settled()
    await clock.pass(15_000)
    expect(asked).toHaveLength(3)
  })

  test('only reports: a failure is an alert until the next success, and the model stays drawn', async () => {
    const { prober, clock, holds, state, roster } = setUp()
    state.result = { ok: false, error: 'connect: refused' }
    prober.start()
    await clock.pass(15 * INTERVAL)
    expect([...holds]).toEqual([['probe one', 'a probe failed: connect: refused']])
    expect(roster.eligible()).toHaveLength(1)
    expect(roster.breaker('one').health()).toMatchObject({
      failuresInARow: 0,
      lastProbe: { ok: false, error: 'connect: refused' },
    })
    state.result = { ok: true, firstTokenMs: 12 }
    await clock.pass(1.2 * INTERVAL)
    expect(holds.size).toBe(0)
  })

  test('says nothing of a model that was changed while it was asked', async () => {
    const { prober, clock, holds, state, roster, waiting } = setUp()
    state.byHand = true
    state.result = { ok: false, error: 'x' }
    prober.start()
    await clock.pass(INTERVAL)
    roster.put(makeModel({ slug: 'one', enabled: false }))
    waiting.shift()?.()
    await settled()
    expect(holds.size).toBe(0)
  })

  test('stops', async () => {
    const { prober, clock, asked } = setUp()
    prober.start()
    prober.stop()
    expect(clock.waiting).toBe(0)
    await clock.pass(2 * INTERVAL)
    expect(asked).toEqual([])
  })
})
