import type { DecodeStep, Engine } from '../../inference/engine/engine.ts'

const CHUNK = 64
const STEPS = 40
const WARM_STEPS = 5
const CONTEXT = 128

/** How fast an engine is; milliseconds are medians. */
export interface Speed {
  /** One step of one answer at 128 tokens of context. */
  readonly decodeMs: number
  /** Tokens a second of as many answers together. */
  readonly batchTokensPerSecond: number
  /** A prompt of 512 tokens, in chunks of 64. */
  readonly prefillMs: number
}

/** Measures an engine that nobody else uses. Takes some seconds. */
export async function measure(engine: Engine, batch: number): Promise<Speed> {
  const prefills: number[] = []
  for (let round = 0; round < 4; round += 1) {
    const since = performance.now()
    engine.free((await readPrompt(engine, 512, round)).sequence)
    // The first one makes the runtime's buffers.
    if (round > 0) prefills.push(performance.now() - since)
  }
  const one = await decodeMs(engine, 1)
  const many = await decodeMs(engine, batch)
  return {
    decodeMs: one,
    batchTokensPerSecond: (batch * 1000) / many,
    prefillMs: median(prefills),
  }
}

async function decodeMs(engine: Engine, count: number): Promise<number> {
  const steps: DecodeStep[] = []
  for (let each = 0; each < count; each += 1) {
    steps.push(await readPrompt(engine, CONTEXT, 10 + each))
  }
  const times: number[] = []
  for (let step = 0; step < WARM_STEPS + STEPS; step += 1) {
    const since = performance.now()
    await engine.decode(steps)
    if (step >= WARM_STEPS) times.push(performance.now() - since)
  }
  for (const { sequence } of steps) engine.free(sequence)
  return median(times)
}

/** Prompts differ from their first token on, so that none is known from another. */
async function readPrompt(engine: Engine, length: number, seed: number): Promise<DecodeStep> {
  const ids = Array.from(
    { length },
    (_, index) => (index * 31 + seed * 7 + 1) % engine.vocabularySize,
  )
  const sequence = engine.open()
  for (let at = 0; at < length; at += CHUNK) {
    await engine.prefill(sequence, ids.slice(at, at + CHUNK))
  }
  return { sequence, token: seed % engine.vocabularySize }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
