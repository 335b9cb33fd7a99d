import { expect, test } from 'vitest'
import { untilHung, type Heartbeat } from '../../../../server/models/inference-heartbeat.ts'
import type { InferenceHealth } from '../../../../server/models/inference-health.ts'

const HEARTBEAT: Heartbeat = { everyMs: 1, silenceMs: 5, retryMs: 4, loadingSilenceMs: 1 }
const GOOD: InferenceHealth = { models: [], silenceLimitMs: 0, step: null }

/** Answers as scripted, then ends the watch. */
async function watch(...answers: (InferenceHealth | undefined)[]) {
  const gone = new AbortController()
  const timeouts: number[] = []
  const ask = async (timeoutMs: number) => {
    timeouts.push(timeoutMs)
    // Every question takes longer than silence may.
    await new Promise((resolve) => setTimeout(resolve, 7))
    if (answers.length === 0) gone.abort()
    return answers.shift()
  }
  const hang = await untilHung(ask, HEARTBEAT, gone.signal)
  return { hang, timeouts }
}

test('one question without an answer proves nothing', async () => {
  const { hang } = await watch(GOOD, undefined, GOOD, undefined, GOOD)
  expect(hang).toBeUndefined()
})

test('two of them, over the time allowed, are a hang', async () => {
  const { hang, timeouts } = await watch(GOOD, undefined, undefined, GOOD)
  expect(hang).toBe('did not answer for 0 s')
  expect(timeouts).toEqual([5, 5, 4])
})

test('a process that is slow by its own word is given time', async () => {
  const slow = { ...GOOD, silenceLimitMs: 60_000 }
  const { hang, timeouts } = await watch(slow, undefined, undefined, undefined, slow)
  expect(hang).toBeUndefined()
  expect(timeouts[1]).toBe(60_000)
})

test('but not without end', async () => {
  const { timeouts } = await watch({ ...GOOD, silenceLimitMs: 1e12 }, GOOD)
  expect(timeouts[1]).toBe(600_000)
})

test('a step older than a step may become is a hang', async () => {
  const step = { ageMs: 60_000, limitMs: 60_000 }
  const { hang } = await watch({ ...GOOD, step }, { ...GOOD, step: { ...step, ageMs: 90_000 } })
  expect(hang).toBe('did not come back from a step for 90 s')
})
