import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ANSWER_FAILED } from '../../../shared/errors.ts'
import type { Ready } from '../../../shared/schemas/system.ts'
import { ADMIN_TOKEN } from '../../support/arena/arena.ts'
import { connect, Listener, newVisitor } from '../../support/arena/client.ts'
import {
  arenaSettings,
  startArenaProcess,
  type ArenaProcess,
} from '../../support/load/arena-process.ts'

const MODEL = 'smollm2-135m-instruct'
const PROMPT = 'Tell me a long story about a lighthouse and the people who live in it.'
/** Long enough that both sides are under way when the process is killed. */
const ANSWER_TOKENS = 80
const LOADED_WITHIN = { timeout: 90_000, interval: 100 }

async function startArena(): Promise<{ arena: ArenaProcess; url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'trivium-inference-crash-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const arena = startArenaProcess({
    ...arenaSettings(join(folder, 'arena.db')),
    INFERENCE: 'on',
    INFERENCE_DEVICE: 'cpu',
    INFERENCE_THREADS: '1',
  })
  onTestFinished(() => arena.kill())
  const url = await arena.ready
  for (const slug of ['alpha', 'beta']) {
    const response = await fetch(`${url}/api/v1/admin/models`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        slug,
        name: `Name of ${slug}`,
        organization: 'Somebody',
        license: 'Apache-2.0',
        provider: { kind: 'onnx', model: MODEL },
        sampling: { temperature: 0.7, maxTokens: ANSWER_TOKENS },
      }),
    })
    expect(await response.text()).toContain(slug)
    expect(response.status).toBe(201)
  }
  await becomes(url, 'ready')
  return { arena, url }
}

/** What `/health/ready` says; it must never be anything but 200. */
async function readiness(url: string): Promise<Ready> {
  const response = await fetch(`${url}/health/ready`)
  expect(response.status).toBe(200)
  return (await response.json()) as Ready
}

/** Waits until the models are said to be in this state. */
async function becomes(url: string, state: Ready['models']['state']): Promise<void> {
  await vi.waitFor(
    async () => expect((await readiness(url)).models.state).toBe(state),
    LOADED_WITHIN,
  )
}

/** The inference process that an arena has started. */
function inferencePid(arena: ArenaProcess): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split(
    '\n',
  )
  for (const line of lines) {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(parent) === arena.pid && args.includes('inference/main')) return Number(pid)
  }
  throw new Error('the arena has no inference process')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a killed inference harms the battles under way, and nothing else', async () => {
  const { arena, url } = await startArena()
  const socket = await connect(url, await newVisitor(url))
  onTestFinished(() => void socket.disconnect())
  const heard = new Listener(socket)
  const started = await socket.emitWithAck('battle:start', { prompt: PROMPT })
  if (!started.ok) throw new Error(started.error.code)
  const { battleId } = started
  await heard.until(({ seqs }) => seqs.a > 0 && seqs.b > 0)

  process.kill(inferencePid(arena), 'SIGKILL')
  await heard.bothEnded()
  for (const end of [heard.ends.a, heard.ends.b]) {
    expect(end).toMatchObject({ battleId, reason: 'error', error: ANSWER_FAILED })
  }
  const verdicts = { accuracy: 'a', helpfulness: 'b', language: 'tie' } as const
  const early = await socket.emitWithAck('battle:vote', { battleId, verdicts })
  expect(early).toMatchObject({ ok: false, error: { code: 'battle_not_votable' } })

  await becomes(url, 'warming')
  const refused = await socket.emitWithAck('battle:start', { prompt: PROMPT })
  expect(refused).toMatchObject({ ok: false, error: { code: 'unavailable', retryable: true } })
  await becomes(url, 'ready')

  expect(await socket.emitWithAck('battle:retry', { battleId })).toEqual({ ok: true, turn: 1 })
  const restarted = (side: 'a' | 'b') => heard.deltas.some((delta) => delta[side]?.restart === true)
  await heard.until(() => restarted('a') && restarted('b'))
  await heard.bothEnded()
  for (const end of [heard.ends.a, heard.ends.b]) expect(['stop', 'length']).toContain(end?.reason)
  expect(heard.faults).toEqual([])
  const vote = await socket.emitWithAck('battle:vote', { battleId, verdicts })
  expect(vote).toMatchObject({ ok: true, reveal: {} })

  // And a killed arena takes its inference with it.
  const pid = inferencePid(arena)
  expect(isRunning(pid)).toBe(true)
  await arena.kill()
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000, interval: 50 })
}, 240_000)
