import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import OpenAI from 'openai'
import { expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { packageRoot } from '../../../inference/package-root.ts'
import { abortAnswer, readAnswer, vanishWhileWaiting } from '../../support/inference/clients.ts'
import { BUNDLED_MODELS, TINY_MODELS } from '../../support/inference/models.ts'
import { type Question, questionsFor } from '../../support/inference/questions.ts'
import { oneOf, seededRandom } from '../../support/load/random.ts'

// A day of load in minutes: many short requests, a quarter of them given up, one after the other on
// so many lines at once. `npm run test:soak`; SOAK_SECONDS changes how long the tiny model is asked.

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 180)
const LINES = 12
/** By how much memory may have grown from the first third to the last, both after the warm-up. */
const MOST_GROWTH = 1.1
const MIB = 1024 ** 2

const ROOT = packageRoot(import.meta.url)
const listening = z.object({ listening: z.object({ port: z.number() }) })
const health = z.object({
  rssBytes: z.number(),
  queue: z.object({ active: z.number(), waiting: z.number() }),
  models: z.array(
    z.object({
      cache: z.object({ sequences: z.number(), heldBytes: z.number(), keptBytes: z.number() }),
    }),
  ),
})

/** Starts the inference as its own process, whose memory is nobody else's. */
async function start(models: string): Promise<string> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'inference/main.ts')],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        MODELS_DIR: models,
        INFERENCE_PORT: '0',
        INFERENCE_THREADS: '1',
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  if (!child.stdout) throw new Error('no stdout')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const url = `http://127.0.0.1:${listening.parse(JSON.parse(line)).listening.port}`
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), {
    timeout: 60_000,
    interval: 100,
  })
  return url
}

interface MemoryPoint {
  readonly second: number
  readonly bytes: number
  /** Caches are kept up to a bound of their own, which few requests do not reach. */
  readonly withoutCaches: number
}

async function healthOf(url: string): Promise<z.infer<typeof health>> {
  return health.parse(await (await fetch(`${url}/health`)).json())
}

async function askOnce(
  url: string,
  client: OpenAI,
  question: Question,
  random: () => number,
): Promise<void> {
  const kind = random()
  if (kind < 0.2) await abortAnswer(client, question, 1 + Math.floor(random() * 10))
  else if (kind < 0.25) await vanishWhileWaiting(url, question)
  else await readAnswer(client, question)
}

/** Asks without pause until the time is over; gives how often, and the memory as it went. */
async function soak(url: string, model: string, seconds: number) {
  const random = seededRandom(11)
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
  const questions = questionsFor(model, 200, random)
  const endsAt = performance.now() + seconds * 1000
  const memory: MemoryPoint[] = []
  let requests = 0
  const line = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      await askOnce(url, client, oneOf(questions, random), random)
      requests += 1
    }
  }
  const watch = setInterval(() => {
    void healthOf(url).then(({ rssBytes, models }) => {
      const caches = models.reduce((sum, { cache }) => sum + cache.heldBytes + cache.keptBytes, 0)
      const second = seconds - (endsAt - performance.now()) / 1000
      memory.push({ second, bytes: rssBytes, withoutCaches: rssBytes - caches })
      return undefined
    })
  }, 500)
  await Promise.all(Array.from({ length: LINES }, line))
  clearInterval(watch)
  await vi.waitFor(
    async () => {
      const { queue, models } = await healthOf(url)
      expect(queue).toEqual({ active: 0, waiting: 0 })
      for (const { cache } of models) expect(cache).toMatchObject({ sequences: 0, heldBytes: 0 })
    },
    { timeout: 20_000, interval: 50 },
  )
  return { requests, memory }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** MiB a minute, by least squares. */
function slopeOf(points: readonly MemoryPoint[], of: (point: MemoryPoint) => number): string {
  const [x, y] = [mean(points.map(({ second }) => second)), mean(points.map(of))]
  const across = points.reduce((sum, point) => sum + (point.second - x) * (of(point) - y), 0)
  const perSecond = across / points.reduce((sum, { second }) => sum + (second - x) ** 2, 0)
  return ((perSecond * 60) / MIB).toFixed(2)
}

it.each([
  ['tiny-random', TINY_MODELS, SECONDS],
  ['smollm2-135m-instruct', BUNDLED_MODELS, Math.min(SECONDS, 60)],
])('%s: memory stays where it is, request after request', async (model, folder, seconds) => {
  const url = await start(folder)
  const { requests, memory } = await soak(url, model, seconds)
  // A quarter of the time is for heaps and caches to become as large as they will.
  const warm = memory.filter(({ second }) => second > seconds / 4)
  const third = Math.floor(warm.length / 3)
  const bytes = warm.map((point) => point.bytes)
  const [first, last] = [mean(bytes.slice(0, third)), mean(bytes.slice(-third))]
  process.stdout.write(
    `${model}: ${requests} requests in ${seconds} s, ${(first / MIB).toFixed(1)} MiB at first, ` +
      `${(last / MIB).toFixed(1)} MiB at last (${((last / first - 1) * 100).toFixed(1)} %), ` +
      `slope ${slopeOf(warm, (point) => point.bytes)} MiB a minute, ` +
      `${slopeOf(warm, (point) => point.withoutCaches)} without caches\n`,
  )
  expect(third).toBeGreaterThan(5)
  expect(last).toBeLessThanOrEqual(first * MOST_GROWTH)
})
