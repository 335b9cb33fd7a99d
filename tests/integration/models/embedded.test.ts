import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { scheduleByTimer, type Schedule } from '../../../server/schedule.ts'
import { EmbeddedSupervisor, type EmbeddedState } from '../../../server/models/embedded.ts'
import type { Heartbeat } from '../../../server/models/inference-heartbeat.ts'
import {
  type Command,
  inferenceCommand,
  inferenceEnvironment,
  startInferenceProcess,
} from '../../../server/models/inference-process.ts'

const FAKE = fileURLToPath(new URL('../../support/providers/fake-inference.mjs', import.meta.url))
const TINY_MODELS = fileURLToPath(new URL('../../support/models', import.meta.url))
const log = pino({ level: 'silent' })
const settings = {
  modelsDir: TINY_MODELS,
  inferenceDevice: 'auto',
  inferenceThreads: undefined,
  logLevel: 'silent',
} as const

/** A process that answers is never given up for these, however busy the machine. */
const QUICK: Heartbeat = { everyMs: 20, silenceMs: 2000, retryMs: 1000, loadingSilenceMs: 60_000 }

let supervisor: EmbeddedSupervisor
afterEach(() => supervisor.stop())

/** Restarts come at once; how long they should have waited is written down. */
function setUp(mode: string, heartbeat?: Heartbeat, command?: Command) {
  const waits: number[] = []
  const pids: number[] = []
  let now = 0
  const schedule: Schedule = (run, delayMs) => {
    if (delayMs >= 500) waits.push(delayMs)
    return scheduleByTimer(run, Math.min(delayMs, 5))
  }
  const inherited = { ...process.env, MODE: mode, ADMIN_TOKEN: 'canary', SECRET_FILE: '/canary' }
  const env = inferenceEnvironment(settings, inherited)
  supervisor = new EmbeddedSupervisor({
    startProcess: () => {
      const started = startInferenceProcess(
        command ?? { file: process.execPath, args: [FAKE] },
        env,
        log,
      )
      pids.push(started.pid ?? 0)
      return started
    },
    schedule,
    clock: () => now,
    log,
    ...(heartbeat && { heartbeat }),
  })
  const states: EmbeddedState[] = []
  supervisor.onChange(() => states.push(supervisor.state()))
  return { waits, states, pids, pass: (ms: number) => (now += ms) }
}

function reach(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => void (condition() && resolve())
    supervisor.onChange(look)
    look()
  })
}

function die(): void {
  tell('/die')
}

function tell(path: string): void {
  const url = supervisor.baseUrl()?.replace('/v1', path) ?? ''
  get(url, { agent: false }).on('error', () => undefined)
}

function isRunning(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0)
    return true
  } catch {
    return false
  }
}

describe('the embedded inference', () => {
  test('is ready once its models are loaded, and ends with the arena', async () => {
    const { states } = setUp('good')
    expect(supervisor.baseUrl()).toBeUndefined()
    supervisor.start()
    await reach(() => supervisor.state() === 'ready')
    expect(supervisor.baseUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/)
    expect(supervisor.serves('local')).toBe(true)
    expect(supervisor.serves('broken')).toBe(false)
    const answer = await fetch(`${supervisor.baseUrl()}/chat/completions`)
    const text = await answer.text()
    expect(text).toContain('INFERENCE_HOST=127.0.0.1 INFERENCE_PORT=0 INFERENCE_PARENT=stdin')
    expect(text).not.toContain('canary')
    await supervisor.stop()
    expect(states).toEqual(['starting', 'ready', 'stopped'])
    expect(supervisor.serves('local')).toBe(false)
  })

  test('is started again when it ends, at another address', async () => {
    const { waits, states } = setUp('good')
    supervisor.start()
    for (let round = 0; round < 3; round += 1) {
      await reach(() => supervisor.state() === 'ready')
      die()
      await reach(() => supervisor.state() === 'restarting')
      expect(supervisor.lastError()).toBe('ended with code 3')
      expect(supervisor.baseUrl()).toBeUndefined()
    }
    await reach(() => supervisor.state() === 'ready')
    expect(waits).toEqual([500, 1000, 2000])
    expect(supervisor.isFailing()).toBe(false)
    expect(states.filter((state) => state === 'ready')).toHaveLength(4)
  })

  test('after a minute up, an end counts as a first one', async () => {
    const { waits, pass } = setUp('good')
    supervisor.start()
    for (let round = 0; round < 3; round += 1) {
      await reach(() => supervisor.state() === 'ready')
      pass(60_000)
      die()
      await reach(() => supervisor.state() === 'restarting')
    }
    expect(waits).toEqual([500, 500, 500])
  })

  test('says why it cannot start, and tries ever less often', async () => {
    const { waits } = setUp('no-models')
    supervisor.start()
    await reach(() => waits.length >= 8)
    expect(supervisor.isFailing()).toBe(true)
    expect(supervisor.lastError()).toBe(
      'ended with code 1: trivium inference: no model could be loaded',
    )
    expect(waits.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  test('is killed when it does not obey', async () => {
    setUp('stubborn')
    supervisor.start()
    await reach(() => supervisor.state() === 'ready')
    const health = supervisor.baseUrl()?.replace('/v1', '/health') ?? ''
    await supervisor.stop()
    await expect(fetch(health)).rejects.toThrow('fetch failed')
  })

  test('a command that is not there is an end like any other', async () => {
    setUp('good')
    const broken = new EmbeddedSupervisor({
      startProcess: () => startInferenceProcess({ file: '/no/such/program', args: [] }, {}, log),
      schedule: scheduleByTimer,
      clock: () => 0,
      log,
    })
    const restarting = new Promise<void>((resolve) => {
      broken.onChange(() => void (broken.state() === 'restarting' && resolve()))
    })
    broken.start()
    await restarting
    expect(broken.lastError()).toContain('cannot be started')
    await broken.stop()
  })

  test.each([
    ['falls silent', '/hang', /^was ended by SIGKILL: it did not answer for \d+ s$/],
    [
      'does not come back from a step',
      '/stuck',
      /^was ended by SIGKILL: it did not come back from a step for 61 s$/,
    ],
  ])('is killed when it %s, and started again', async (_, path, why) => {
    const { waits, states, pids } = setUp('good', QUICK)
    supervisor.start()
    await reach(() => supervisor.state() === 'ready')
    tell(path)
    await reach(() => supervisor.state() === 'restarting')
    expect(supervisor.lastError()).toMatch(why)
    expect(isRunning(pids[0])).toBe(false)
    await reach(() => supervisor.state() === 'ready')
    expect(states).toEqual(['starting', 'ready', 'restarting', 'ready'])
    expect(waits).toEqual([500])
  })

  test('is killed when it never says where it listens', async () => {
    setUp('mute', { ...QUICK, loadingSilenceMs: 500 })
    supervisor.start()
    await reach(() => supervisor.state() === 'restarting')
    expect(supervisor.lastError()).toBe(
      'was ended by SIGKILL: it did not say how far it is for 0.5 s',
    )
  })

  test('our own inference is killed when the system has stopped it, and serves again', async () => {
    const { pids, states } = setUp('good', QUICK, inferenceCommand())
    supervisor.start()
    await reach(() => supervisor.state() === 'ready')
    process.kill(pids[0] ?? 0, 'SIGSTOP')
    await reach(() => supervisor.state() === 'restarting')
    expect(supervisor.lastError()).toMatch(/^was ended by SIGKILL: it did not answer for \d+ s$/)
    expect(isRunning(pids[0])).toBe(false)
    await reach(() => supervisor.state() === 'ready')
    expect(supervisor.serves('tiny-random')).toBe(true)
    expect(states.slice(0, 4)).toEqual(['starting', 'ready', 'restarting', 'ready'])
  }, 60_000)

  test('our own inference ends when its parent is gone', async () => {
    setUp('good')
    const { file, args } = inferenceCommand()
    const child = spawn(file, args, { env: inferenceEnvironment(settings, process.env) })
    await once(child.stdout, 'data')
    child.stdin.end()
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
  })
})
