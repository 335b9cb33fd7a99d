import { describe, expect, it, vi } from 'vitest'
import { type Job, QueueFullError, Scheduler } from '../../../../inference/scheduling/scheduler.ts'
import { ScriptedEngine } from '../../../support/inference/scripted-engine.ts'

const LIMITS = { maxActive: 8, maxWaiting: 64, cacheBytes: 1_000_000 }

interface TestJob extends Job {
  readonly done: Promise<'complete' | Error>
  accepted: number
}

/** A job of `promptLength` tokens that ends after `answerLength`. */
function jobFor(engine: ScriptedEngine, promptLength: number, answerLength: number): TestJob {
  const { promise, resolve } = deferred<'complete' | Error>()
  return {
    engine,
    promptIds: Array.from({ length: promptLength }, (_, id) => id),
    reservedTokens: promptLength + answerLength,
    done: promise,
    accepted: 0,
    accept(logits) {
      expect(logits).toHaveLength(engine.vocabularySize)
      this.accepted += 1
      if (this.accepted < answerLength) return this.accepted
      resolve('complete')
      return null
    },
    fail: (error) => resolve(error as Error),
  }
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

describe('Scheduler', () => {
  it('reads a prompt in chunks of 64 and then decodes token by token', async () => {
    const engine = new ScriptedEngine()
    const job = jobFor(engine, 150, 3)
    const scheduler = new Scheduler(LIMITS)
    scheduler.submit(job)
    expect(await job.done).toBe('complete')
    expect(engine.calls).toEqual([
      'prefill 1 64',
      'prefill 1 64',
      'prefill 1 22',
      'decode 1',
      'decode 1',
    ])
    expect(engine.opened.size).toBe(0)
    expect(scheduler.activeCount).toBe(0)
  })

  it('gives every answering job one token a round, between the chunks of others', async () => {
    const engine = new ScriptedEngine()
    const jobs = [jobFor(engine, 1, 5), jobFor(engine, 130, 2), jobFor(engine, 1, 2)]
    const scheduler = new Scheduler(LIMITS)
    jobs.forEach((job) => scheduler.submit(job))
    await Promise.all(jobs.map(({ done }) => done))
    expect(engine.calls).toEqual([
      'prefill 1 1',
      'decode 1',
      'prefill 3 1',
      'decode 1 3',
      'prefill 2 64',
      'decode 1',
      'prefill 2 64',
      'decode 1',
      'prefill 2 2',
      'decode 2',
    ])
  })

  it('lets two models decode in every round', async () => {
    const calls: string[] = []
    const [left, right] = [new ScriptedEngine('L '), new ScriptedEngine('R ')]
    for (const engine of [left, right]) engine.beforeStep = (call) => void calls.push(call)
    const jobs = [jobFor(left, 1, 4), jobFor(right, 1, 4)]
    const scheduler = new Scheduler(LIMITS)
    jobs.forEach((job) => scheduler.submit(job))
    await Promise.all(jobs.map(({ done }) => done))
    expect(calls.filter((call) => call.includes('decode'))).toEqual([
      'L decode 1',
      'L decode 1',
      'R decode 1',
      'L decode 1',
      'R decode 1',
      'R decode 1',
    ])
  })

  it('ends a cancelled job within one step, silently, and frees its cache', async () => {
    const engine = new ScriptedEngine()
    const cancelled = jobFor(engine, 1, 900)
    const fail = vi.spyOn(cancelled, 'fail')
    const other = jobFor(engine, 1, 10)
    const scheduler = new Scheduler(LIMITS)
    const ticket = scheduler.submit(cancelled)
    scheduler.submit(other)
    engine.beforeStep = (call) => {
      // In the middle of a step that both take part in.
      if (call === 'decode 1 2') ticket.cancel()
    }
    expect(await other.done).toBe('complete')
    expect(engine.calls.filter((call) => call === 'decode 1 2')).toHaveLength(1)
    expect(cancelled.accepted).toBe(2)
    expect(fail).not.toHaveBeenCalled()
    expect(engine.opened.size).toBe(0)
  })

  it('drops a waiting job that is cancelled, and takes the next one', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler({ ...LIMITS, maxActive: 1, maxWaiting: 2 })
    const [first, second, third] = [
      jobFor(engine, 1, 3),
      jobFor(engine, 2, 1),
      jobFor(engine, 3, 1),
    ]
    scheduler.submit(first)
    const ticket = scheduler.submit(second)
    scheduler.submit(third)
    ticket.cancel()
    expect(await third.done).toBe('complete')
    expect(second.accepted).toBe(0)
    expect(engine.calls).toEqual(['prefill 1 1', 'decode 1', 'decode 1', 'prefill 2 3'])
  })

  it('refuses jobs beyond its queue and says when to come again', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler({ ...LIMITS, maxActive: 1, maxWaiting: 1 })
    const jobs = [jobFor(engine, 1, 2), jobFor(engine, 1, 2)]
    jobs.forEach((job) => scheduler.submit(job))
    const refuse = (): unknown => scheduler.submit(jobFor(engine, 1, 1))
    // A first guess of five seconds for a job, and two that wait for one place.
    expect(refuse).toThrow(expect.objectContaining({ retryAfterSeconds: 10 }))
    expect(refuse).toThrow(QueueFullError)
    await Promise.all(jobs.map(({ done }) => done))
    const late = jobFor(engine, 1, 1)
    scheduler.submit(late)
    expect(await late.done).toBe('complete')
  })

  it('admits in order of arrival, as many as their caches have memory for', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler({ ...LIMITS, cacheBytes: 20 })
    const jobs = [jobFor(engine, 8, 2), jobFor(engine, 30, 2), jobFor(engine, 1, 2)]
    let most = 0
    engine.beforeStep = () => {
      most = Math.max(most, engine.opened.size)
    }
    jobs.forEach((job) => scheduler.submit(job))
    await Promise.all(jobs.map(({ done }) => done))
    expect(most).toBe(1)
    expect(engine.calls.filter((call) => call.startsWith('prefill'))).toEqual([
      'prefill 1 8',
      'prefill 2 30',
      'prefill 3 1',
    ])
  })

  it('gives every client its share, whoever asks more often', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler({ ...LIMITS, maxActive: 2 })
    const order: string[] = []
    const jobs = ['a', 'a', 'a', 'a', 'b', 'a', 'b'].map((client, index) => {
      const job = { ...jobFor(engine, index + 1, 3), client }
      return job
    })
    engine.beforeStep = (call) => {
      const [, length] = /^prefill \d+ (\d+)$/u.exec(call) ?? []
      if (length !== undefined) order.push(jobs[Number(length) - 1]?.client ?? '')
    }
    jobs.forEach((job) => scheduler.submit(job))
    await Promise.all(jobs.map(({ done }) => done))
    // Two of the first client come in at once, then the second client never waits for a third.
    expect(order.slice(0, 4).filter((client) => client === 'b')).toHaveLength(2)
    expect(order).toHaveLength(7)
  })

  it('reads only what the engine does not know of a prompt', async () => {
    const engine = new ScriptedEngine()
    engine.knows = () => 128
    const job = jobFor(engine, 150, 1)
    const scheduler = new Scheduler(LIMITS)
    scheduler.submit(job)
    expect(await job.done).toBe('complete')
    expect(engine.calls).toEqual(['prefill 1 22'])
  })

  it('reads a finished conversation again in whole chunks, while nobody waits', async () => {
    const engine = new ScriptedEngine()
    engine.remembers = true
    let known = 0
    engine.knows = () => known
    const idle = deferred<void>()
    engine.beforeStep = (call) => {
      if (call.endsWith(' 64') && known < 128) known += call.startsWith('prefill 1 ') ? 0 : 64
      if (known === 128) idle.resolve()
    }
    const scheduler = new Scheduler(LIMITS)
    const job = jobFor(engine, 70, 100)
    scheduler.submit(job)
    await job.done
    await idle.promise
    await scheduler.stop()
    // 70 and 99 tokens are two chunks and a bit; the first sequence was the answer itself.
    expect(engine.calls.filter((call) => call.startsWith('prefill'))).toEqual([
      'prefill 1 64',
      'prefill 1 6',
      'prefill 2 64',
      'prefill 3 64',
    ])
    expect(engine.opened.size).toBe(0)
  })

  it('tells what every step did', async () => {
    const engine = new ScriptedEngine()
    const steps: [string, number, number][] = []
    const scheduler = new Scheduler(LIMITS, ({ kind, rows, tokens, seconds }) => {
      expect(seconds).toBeGreaterThanOrEqual(0)
      steps.push([kind, rows, tokens])
    })
    const jobs = [jobFor(engine, 3, 2), jobFor(engine, 2, 2)]
    jobs.forEach((job) => scheduler.submit(job))
    await Promise.all(jobs.map(({ done }) => done))
    expect(steps).toEqual([
      ['prefill', 1, 3],
      ['decode', 1, 1],
      ['prefill', 1, 2],
      ['decode', 1, 1],
    ])
  })

  it('tells how old the step under way is, and how long the longest took', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler(LIMITS)
    const ages: (number | null)[] = []
    engine.beforeStep = () => {
      ages.push(scheduler.steps.ageMs)
    }
    expect(scheduler.steps).toMatchObject({ ageMs: null, longestMs: 0 })
    const job = jobFor(engine, 1, 2)
    scheduler.submit(job)
    await job.done
    expect(ages).toEqual([expect.any(Number), expect.any(Number)])
    await scheduler.stop()
    expect(scheduler.steps.ageMs).toBeNull()
    expect(scheduler.steps.longestMs).toBeGreaterThan(0)
  })

  it('tells a job that it has a place, and what is known of its prompt', async () => {
    const engine = new ScriptedEngine()
    engine.knows = () => 64
    const scheduler = new Scheduler(LIMITS)
    const known: number[] = []
    const job: TestJob = { ...jobFor(engine, 100, 2), begin: (tokens) => void known.push(tokens) }
    scheduler.submit(job)
    await job.done
    expect(known).toEqual([64])
  })

  it('leaves a paused job out until it is resumed', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler(LIMITS)
    const [paused, other] = [jobFor(engine, 1, 4), jobFor(engine, 1, 6)]
    const ticket = scheduler.submit(paused)
    scheduler.submit(other)
    engine.beforeStep = (call) => {
      if (call === 'decode 1 2') ticket.pause()
    }
    expect(await other.done).toBe('complete')
    expect(scheduler.activeCount).toBe(1)
    const before = paused.accepted
    ticket.resume()
    expect(await paused.done).toBe('complete')
    expect(before).toBeLessThan(4)
  })

  it('fails only the jobs of a step that throws', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler(LIMITS)
    const [good, bad] = [jobFor(engine, 1, 5), jobFor(engine, 1, 5)]
    engine.beforeStep = (call) => {
      if (call === 'prefill 2 1') throw new Error('out of memory')
    }
    scheduler.submit(good)
    scheduler.submit(bad)
    expect(await bad.done).toEqual(new Error('out of memory'))
    expect(await good.done).toBe('complete')
    expect(engine.opened.size).toBe(0)
  })

  it('fails a job that cannot use its logits, alone', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler(LIMITS)
    const [good, bad] = [jobFor(engine, 1, 5), jobFor(engine, 1, 5)]
    bad.accept = () => {
      throw new Error('no finite logits')
    }
    scheduler.submit(bad)
    scheduler.submit(good)
    expect(await bad.done).toEqual(new Error('no finite logits'))
    expect(await good.done).toBe('complete')
  })

  it('lets the event loop run between steps', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler(LIMITS)
    const job = jobFor(engine, 1, 20)
    let turns = 0
    let counting = true
    const count = (): void => {
      turns += 1
      if (counting) setImmediate(count)
    }
    count()
    scheduler.submit(job)
    await job.done
    counting = false
    expect(turns).toBeGreaterThanOrEqual(19)
  })

  it('stops with all caches freed', async () => {
    const engine = new ScriptedEngine()
    const scheduler = new Scheduler({ ...LIMITS, maxActive: 2 })
    const started = deferred<void>()
    engine.beforeStep = () => started.resolve()
    for (let index = 0; index < 4; index++) scheduler.submit(jobFor(engine, 1, 900))
    await started.promise
    await scheduler.stop()
    expect(engine.opened.size).toBe(0)
    expect(scheduler.activeCount + scheduler.waitingCount).toBe(0)
  })
})
