import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Use } from '../../../../server/health/activity.ts'
import type { FailureEntry } from '../../../../server/health/failures.ts'
import { createAnswering } from '../../../../server/models/answering.ts'
import { createLimitGate } from '../../../../server/models/limits.ts'
import { createRoster } from '../../../../server/models/roster.ts'
import { ProviderError, type AnswerPart } from '../../../../server/providers/provider.ts'
import { ManualClock, settled } from '../../../support/providers/manual-clock.ts'
import { makeModel } from '../../../support/providers/model.ts'
import { readAnswer } from '../../../support/providers/provider-server.ts'

const TIMEOUTS = { connectMs: 1000, firstTokenMs: 4000, gapMs: 1000, totalMs: 20_000 }
const PROMPT = 'What is it that you are?'
const END: AnswerPart = { end: 'stop', usage: { promptTokens: 7, completionTokens: 9 } }

/** What the provider does, request by request; then it answers. */
type Script = (signal: AbortSignal) => AsyncIterable<AnswerPart>

const says = (...parts: AnswerPart[]): Script =>
  async function* () {
    await nextTurn()
    yield* parts
  }
const fails = (cause: Error, ...before: AnswerPart[]): Script =>
  async function* () {
    await nextTurn()
    yield* before
    throw cause
  }
const busy = (retryAfterMs: number | undefined, status = 429) =>
  fails(new ProviderError('overloaded', `HTTP ${status}`, { retryAfterMs, status }))

/** Speaks until it is stopped. */
const endless: Script = async function* (signal) {
  yield { text: 'Once ' }
  while (!signal.aborted) {
    await nextTurn()
    yield { text: 'more ' }
  }
  throw signal.reason as Error
}

function setUp(model = makeModel()) {
  const clock = new ManualClock()
  const { now, schedule } = clock
  const scripts: Script[] = []
  const sent: number[] = []
  const log: [how: string, use: Use][] = []
  const failures: FailureEntry[] = []
  const spent = { tokens: 0, cost: 0 }
  const started = clock.now()
  const roster = createRoster({
    isRunning: () => true,
    probe: () => Promise.resolve(false),
    schedule,
    now,
    limitedBy: (one) => gate.closedBecause(one),
  })
  roster.put(model)
  const gate = createLimitGate({ now, schedule, spentToday: () => spent })
  const answer = createAnswering({
    roster,
    gate,
    embedded: { state: () => 'ready' },
    activity: {
      begin: () => {
        log.push(['begun', { inputTokens: 0, outputTokens: 0 }])
        const tell = (how: string) => (use: Use) => {
          log.push([how, use])
          spent.tokens += use.inputTokens + use.outputTokens
        }
        return {
          firstToken: () => log.push(['first', { inputTokens: 0, outputTokens: 0 }]),
          succeeded: tell('succeeded'),
          failed: tell('failed'),
          aborted: tell('aborted'),
        }
      },
    },
    failures: { record: (entry) => failures.push(entry) },
    timeouts: TIMEOUTS,
    now,
    schedule,
    providerOf: () => (_request, signal) => {
      sent.push(clock.now() - started)
      return (scripts.shift() ?? says({ text: 'Fine.' }, END))(signal)
    },
  })
  const controller = new AbortController()
  const context = { battleId: 'b', turn: 1, side: 'a' } as const
  const ask = () =>
    answer({ slug: 'one', version: 1 }, [{ prompt: PROMPT }], controller.signal, context)
  return { clock, scripts, sent, log, failures, spent, roster, gate, controller, ask }
}

/** What a promise is rejected with; it is heard at once, whenever it comes. */
const causeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
const kinds = (log: readonly [string, Use][]) => log.map(([how]) => how)

describe('the account of an answer', () => {
  test('is what its provider tells; what a model thinks is its first token', async () => {
    const { scripts, log, ask, failures } = setUp()
    scripts.push(says({ reasoning: 'Hm.' }, { text: 'It ' }, { text: 'is.' }, END))
    const { parts } = await readAnswer(ask())
    expect(parts).toEqual([{ reasoning: 'Hm.' }, { text: 'It ' }, { text: 'is.' }, END])
    expect(kinds(log)).toEqual(['begun', 'first', 'succeeded'])
    expect(log.at(-1)?.[1]).toEqual({ inputTokens: 7, outputTokens: 9 })
    expect(failures).toEqual([])
  })

  test.each<[string, AnswerPart]>([
    ['nothing', { end: 'stop' }],
    ['zeros', { end: 'stop', usage: { promptTokens: 0, completionTokens: 0 } }],
  ])('is estimated where the provider tells %s', async (_, end) => {
    const { scripts, log, ask } = setUp()
    scripts.push(says({ reasoning: 'x'.repeat(10) }, { text: 'y'.repeat(30) }, end))
    await readAnswer(ask())
    expect(log.at(-1)).toEqual(['succeeded', { inputTokens: 6, outputTokens: 10 }])
  })

  test('that broke holds what had come, and says why', async () => {
    const { scripts, log, ask, failures, roster } = setUp()
    const cause = new ProviderError('interrupted', 'the connection broke')
    scripts.push(fails(cause, { text: 'z'.repeat(40) }))
    await expect(readAnswer(ask())).rejects.toBe(cause)
    expect(log.at(-1)).toEqual(['failed', { inputTokens: 6, outputTokens: 10 }])
    expect(failures).toMatchObject([
      {
        slug: 'one',
        version: 1,
        battleId: 'b',
        turn: 1,
        side: 'a',
        kind: 'interrupted',
        status: null,
        message: 'the connection broke',
      },
    ])
    expect(roster.breaker('one').health().failuresInARow).toBe(1)
  })

  test('that was refused before anything was written costs nothing', async () => {
    const { scripts, log, ask, failures } = setUp()
    scripts.push(fails(new ProviderError('http-status', 'HTTP 500', { status: 500 })))
    await expect(readAnswer(ask())).rejects.toThrow('HTTP 500')
    expect(log.at(-1)).toEqual(['failed', { inputTokens: 0, outputTokens: 0 }])
    expect(failures).toMatchObject([{ kind: 'http-status', status: 500 }])
  })

  test('that a visitor stopped is paid for, and no failure', async () => {
    const { scripts, log, ask, failures, roster, controller } = setUp()
    scripts.push(endless)
    const stopped = new Error('stopped')
    let pieces = 0
    const reading = async () => {
      for await (const part of ask()) {
        if ('text' in part && (pieces += 1) === 3) controller.abort(stopped)
      }
    }
    await expect(reading()).rejects.toBe(stopped)
    expect(log.at(-1)?.[0]).toBe('aborted')
    expect(log.at(-1)?.[1].outputTokens).toBeGreaterThan(2)
    expect(failures).toEqual([])
    expect(roster.breaker('one').health().failuresInARow).toBe(0)
  })

  test('that nobody reads on is stopped, too, and gives its place back', async () => {
    const { scripts, log, ask, gate, roster } = setUp(
      makeModel({ limits: { concurrentRequests: 1 } }),
    )
    scripts.push(endless)
    for await (const part of ask()) if ('text' in part) break
    expect(kinds(log)).toEqual(['begun', 'first', 'aborted'])
    const model = roster.get('one')
    expect(model && gate.closed(model)).toBeUndefined()
  })
})

describe('a provider that wants to be left alone', () => {
  test('is asked once more by itself where it is busy for a moment', async () => {
    const { scripts, sent, log, ask, clock, failures, roster } = setUp()
    scripts.push(busy(2000))
    const answer = readAnswer(ask())
    await settled()
    await clock.pass(1999)
    expect(sent).toEqual([0])
    expect(roster.status(makeModel()).status).toBe('cooling')
    await clock.pass(1)
    expect((await answer).text).toBe('Fine.')
    expect(sent).toEqual([0, 2000])
    expect(kinds(log)).toEqual(['begun', 'first', 'succeeded'])
    expect(failures).toEqual([])
    expect(roster.breaker('one').health().failuresInARow).toBe(0)
  })

  test('is asked once more, not twice', async () => {
    const { scripts, sent, ask, clock, failures, roster } = setUp()
    scripts.push(busy(1000, 503), busy(1000, 503))
    const answer = causeOf(readAnswer(ask()))
    await clock.pass(1000)
    expect(await answer).toMatchObject({ kind: 'overloaded', status: 503 })
    expect(sent).toEqual([0, 1000])
    expect(failures).toHaveLength(1)
    expect(roster.breaker('one').health().failuresInARow).toBe(1)
  })

  test.each<[string, Script]>([
    ['without a word when', busy(undefined)],
    ['later than a few seconds', busy(5001)],
    ['later than the first token has to be there', busy(4000)],
    [
      'after some text',
      fails(new ProviderError('overloaded', 'x', { retryAfterMs: 1 }), { text: 'Well' }),
    ],
    ['for a reason of its own', fails(new ProviderError('http-status', 'HTTP 500'))],
  ])('is not asked once more %s', async (_, script) => {
    const { scripts, sent, ask } = setUp()
    scripts.push(script)
    await expect(readAnswer(ask())).rejects.toThrow(ProviderError)
    expect(sent).toEqual([0])
  })

  test('the second try has what is left of the time to the first token', async () => {
    const { scripts, ask, clock, sent } = setUp()
    scripts.push(busy(3990), (signal) => ({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          }),
      }),
    }))
    const answer = causeOf(readAnswer(ask()))
    await clock.pass(3990)
    expect(sent).toEqual([0, 3990])
    // 10 ms of real time: the time-outs of a stream are those of the system.
    expect(await answer).toMatchObject({ kind: 'timeout' })
  })

  test('is sent nothing while it cools; an answer waits a little, and no longer', async () => {
    const { sent, ask, clock, roster, failures, log } = setUp()
    roster.breaker('one').coolFor(3000)
    const answer = readAnswer(ask())
    await clock.pass(2999)
    expect(sent).toEqual([])
    await clock.pass(1)
    expect((await answer).text).toBe('Fine.')
    roster.breaker('one').coolFor(4000)
    await expect(readAnswer(ask())).rejects.toMatchObject({
      kind: 'overloaded',
      message: 'not sent: its provider asked to be left alone for 4 s more',
    })
    expect(sent).toEqual([3000])
    expect(failures).toMatchObject([{ kind: 'overloaded' }])
    // Nothing was learned of the model.
    expect(roster.breaker('one').health().failuresInARow).toBe(0)
    expect(kinds(log).filter((how) => how === 'failed')).toEqual([])
  })

  test('a visitor who leaves meanwhile is let go', async () => {
    const { sent, ask, clock, roster, failures, controller } = setUp()
    roster.breaker('one').coolFor(3000)
    const answer = causeOf(readAnswer(ask()))
    await clock.pass(100)
    controller.abort(new Error('gone'))
    expect(await answer).toMatchObject({ message: 'gone' })
    expect(sent).toEqual([])
    expect(failures).toEqual([])
    expect(clock.waiting).toBe(0)
  })
})

describe("a model's own limits", () => {
  test('end in a failure that is not its own, and nothing is sent', async () => {
    const { ask, sent, failures, spent, roster, log } = setUp(
      makeModel({ limits: { tokensPerDay: 100 } }),
    )
    spent.tokens = 100
    await expect(readAnswer(ask())).rejects.toMatchObject({ kind: 'limit' })
    expect(sent).toEqual([])
    expect(log).toEqual([])
    expect(failures).toMatchObject([{ kind: 'limit', message: expect.stringMatching(/used up/) }])
    expect(roster.breaker('one').health().failuresInARow).toBe(0)
    expect(roster.status(roster.get('one') ?? makeModel())).toMatchObject({ status: 'limited' })
  })

  test('who waits for a place waits no longer than for a first token', async () => {
    const { ask, scripts, clock, failures, controller } = setUp(
      makeModel({ limits: { concurrentRequests: 1 } }),
    )
    scripts.push(endless)
    const first = readAnswer(ask()).catch(() => undefined)
    await settled()
    const second = causeOf(readAnswer(ask()))
    await clock.pass(TIMEOUTS.firstTokenMs)
    expect(await second).toMatchObject({ kind: 'limit' })
    expect(failures).toMatchObject([{ kind: 'limit' }])
    controller.abort(new Error('enough'))
    await first
  })

  test('a second try waits for its place no longer than its first token may take', async () => {
    const { ask, scripts, clock, sent, roster, controller } = setUp(
      makeModel({ limits: { concurrentRequests: 1 } }),
    )
    scripts.push(async function* () {
      await new Promise<void>((resolve) => clock.schedule(resolve, 2500))
      yield* busy(0)(controller.signal)
    }, endless)
    const first = causeOf(readAnswer(ask()))
    await settled()
    const second = readAnswer(ask()).catch(() => undefined)
    await clock.pass(TIMEOUTS.firstTokenMs)
    expect(await first).toMatchObject({ kind: 'limit', message: expect.stringMatching(/ 1.5 s$/) })
    expect(sent).toEqual([0, 2500])
    expect(roster.breaker('one').health().failuresInARow).toBe(0)
    controller.abort(new Error('enough'))
    await second
  })

  test('a budget knows what an answer took before the next is let in', async () => {
    const { ask, scripts, failures } = setUp(
      makeModel({ limits: { tokensPerDay: 15, concurrentRequests: 1 } }),
    )
    scripts.push(says({ text: 'One.' }, END))
    const both = await Promise.allSettled([readAnswer(ask()), readAnswer(ask())])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(failures).toMatchObject([{ kind: 'limit' }])
  })
})
