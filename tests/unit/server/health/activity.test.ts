import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type {
  ActivityRepository,
  ActivityRow,
} from '../../../../server/health/activity-repository.ts'
import { createActivityLog } from '../../../../server/health/activity.ts'
import { activitySchema, type Prices } from '../../../../shared/schemas/model.ts'
import { ManualClock } from '../../../support/providers/manual-clock.ts'

const HOUR = 3_600_000
const PRICES: Prices = { inputPerMillion: 10, outputPerMillion: 30 }
const who = { slug: 'one', version: 1 }

/** Rows by slug and hour, and how often they were written. */
function memory() {
  const rows = new Map<string, ActivityRow>()
  const state = { saves: 0, failing: false }
  const repository: ActivityRepository = {
    save(changed) {
      if (state.failing) return Promise.reject(new Error('the disk is full'))
      state.saves += 1
      for (const row of changed) rows.set(`${row.slug} ${row.hour}`, { ...row })
      return Promise.resolve()
    },
    load: (since) => Promise.resolve([...rows.values()].filter(({ hour }) => hour >= since)),
    totals: () => {
      const totals = new Map<string, number>()
      for (const { slug, cost } of rows.values()) totals.set(slug, (totals.get(slug) ?? 0) + cost)
      return Promise.resolve([...totals].map(([slug, cost]) => ({ slug, cost })))
    },
  }
  return { repository, rows, state }
}

function setUp(clock = new ManualClock(), store = memory()) {
  const prices: { now: Prices | null } = { now: PRICES }
  const activity = createActivityLog({
    repository: store.repository,
    pricesOf: () => prices.now,
    now: clock.now,
    log: pino({ level: 'silent' }),
    schedule: clock.schedule,
  })
  const answer = async (options: { first?: number; rest?: number; output?: number } = {}) => {
    const record = activity.begin(who)
    await clock.pass(options.first ?? 100)
    record.firstToken()
    await clock.pass(options.rest ?? 1000)
    record.succeeded({ inputTokens: 10, outputTokens: options.output ?? 101 })
  }
  return { clock, store, prices, activity, answer }
}

describe('the activity of a model', () => {
  test('of nobody is nothing, in 24 hours', () => {
    const { activity, prices } = setUp()
    const nothing = activitySchema.parse(activity.of('one'))
    expect(nothing).toMatchObject({ answers: 0, failures: 0, firstTokenMs: null, costToday: 0 })
    expect(nothing.hours).toHaveLength(24)
    expect(nothing.hours.at(-1)?.at).toBe('2026-05-05T12:00:00.000Z')
    expect(nothing.hours[0]?.at).toBe('2026-05-04T13:00:00.000Z')
    prices.now = null
    expect(activity.of('one')).toMatchObject({ costToday: null, costTotal: null })
  })

  test('counts answers, their times and what they cost', async () => {
    const { activity, answer } = setUp()
    await answer({ first: 200, rest: 2000, output: 101 })
    const seen = activity.of('one')
    expect(seen).toMatchObject({ answers: 1, failures: 0, inFlight: 0, tokensToday: 111 })
    expect(seen.firstTokenMs?.p50).toBeCloseTo(200, -1.5)
    // 100 tokens came in the 2 s after the first.
    expect(seen.tokensPerSecond?.p50).toBeGreaterThan(48)
    expect(seen.tokensPerSecond?.p50).toBeLessThan(52)
    expect(seen.costToday).toBeCloseTo((10 * 10 + 101 * 30) / 1e6, 12)
    expect(seen.hours.at(-1)).toMatchObject({ answers: 1, failures: 0 })
  })

  test('the slow tail of the speed is the low one', async () => {
    const { activity, answer } = setUp()
    for (let index = 0; index < 20; index += 1) await answer({ rest: 1000, output: 101 })
    for (let index = 0; index < 5; index += 1) await answer({ rest: 10_000, output: 101 })
    const { p50, p10, p1 } = activity.of('one').tokensPerSecond ?? { p50: 0, p10: 0, p1: 0 }
    expect(p50).toBeGreaterThan(95)
    expect(p10).toBeLessThan(11)
    expect(p1).toBeLessThan(11)
  })

  test('an answer that was stopped is neither answer nor failure, but paid for', async () => {
    const { activity, clock } = setUp()
    const record = activity.begin(who)
    expect(activity.of('one').inFlight).toBe(1)
    await clock.pass(50)
    record.aborted({ inputTokens: 1000, outputTokens: 0 })
    record.failed({ inputTokens: 1000, outputTokens: 0 })
    expect(activity.of('one')).toMatchObject({ answers: 0, failures: 0, inFlight: 0 })
    expect(activity.spentToday('one')).toEqual({ tokens: 1000, cost: 0.01 })
    expect(activity.lastAnswerAt('one')).toBeUndefined()
  })

  test('a failure counts in its hour, and so does what it took', async () => {
    const { activity } = setUp()
    activity.begin(who).failed({ inputTokens: 100, outputTokens: 0 })
    expect(activity.of('one')).toMatchObject({ failures: 1, answers: 0, tokensToday: 100 })
  })

  test('what was answered costs what it cost then', async () => {
    const { activity, answer, prices } = setUp()
    await answer()
    const before = activity.of('one').costTotal ?? 0
    prices.now = { inputPerMillion: 10_000, outputPerMillion: 10_000 }
    expect(activity.of('one').costTotal).toBe(before)
    prices.now = null
    await answer()
    expect(activity.of('one').costTotal).toBe(before)
  })

  test('a day begins at midnight UTC; hours leave after 24', async () => {
    const { activity, answer, clock } = setUp()
    await answer()
    await clock.pass(13 * HOUR)
    expect(activity.spentToday('one')).toMatchObject({ tokens: 0, cost: 0 })
    expect(activity.of('one')).toMatchObject({ answers: 1, tokensToday: 0 })
    await clock.pass(11 * HOUR)
    expect(activity.of('one')).toMatchObject({ answers: 0, firstTokenMs: null })
    expect(activity.of('one').costTotal).toBeGreaterThan(0)
  })

  test('tells whoever counts along how each answer ended', () => {
    const { activity } = setUp()
    const heard: unknown[] = []
    activity.onOutcome(({ slug, how, cost }) => heard.push([slug, how, cost]))
    activity.begin(who).failed({ inputTokens: 0, outputTokens: 0 })
    activity.begin(who).aborted({ inputTokens: 100_000, outputTokens: 0 })
    expect(heard).toEqual([
      ['one', 'failed', 0],
      ['one', 'aborted', 1],
    ])
  })
})

describe('what is written down', () => {
  test('at most once a second, and only where something changed', async () => {
    const { answer, clock, store } = setUp()
    for (let index = 0; index < 50; index += 1) await answer({ first: 1, rest: 1 })
    expect(store.state.saves).toBe(0)
    await clock.pass(1000)
    expect(store.state.saves).toBe(1)
    await clock.pass(60_000)
    expect(store.state.saves).toBe(1)
    expect(clock.waiting).toBe(0)
  })

  test('is there after a restart: hours, the day, and all that it ever cost', async () => {
    const clock = new ManualClock()
    const first = setUp(clock)
    await first.answer()
    await clock.pass(30 * HOUR)
    await first.answer()
    await clock.pass(HOUR)
    await first.answer({ first: 400 })
    await first.activity.stop()
    const before = first.activity.of('one')
    const second = setUp(clock, first.store)
    await second.activity.load()
    expect(second.activity.of('one')).toEqual(before)
    expect(before.answers).toBe(2)
    expect(before.costTotal).toBeCloseTo(3 * ((10 * 10 + 101 * 30) / 1e6), 12)
    expect(second.activity.spentToday('one')).toEqual(first.activity.spentToday('one'))
  })

  test('is kept where the disk fails, and written when it can be', async () => {
    const { answer, clock, store, activity } = setUp()
    store.state.failing = true
    await answer()
    await clock.pass(5000)
    expect(store.rows.size).toBe(0)
    store.state.failing = false
    await clock.pass(1000)
    expect([...store.rows.values()]).toMatchObject([{ slug: 'one', answers: 1 }])
    await activity.stop()
    expect(store.state.saves).toBe(1)
  })
})
