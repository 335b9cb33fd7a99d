import type { Engine } from '../../../inference/engine/engine.ts'
import { largest } from '../../../inference/generation/top-candidates.ts'

const CHUNK = 64

/**
 * The likeliest token at every position after `promptIds`. Free-running when `forced` is left out;
 * otherwise the tokens of `forced` are what the engine reads, whatever it would have said.
 */
export async function greedy(
  engine: Engine,
  promptIds: readonly number[],
  count: number,
  forced?: readonly number[],
): Promise<number[]> {
  const tokens: number[] = []
  await walk(engine, promptIds, count, (logits, index) => {
    const token = largest(logits)
    tokens.push(token)
    return forced?.[index] ?? token
  })
  return tokens
}

/** The log-probability of each token of `continuation`, in double precision. */
export async function logprobs(
  engine: Engine,
  promptIds: readonly number[],
  continuation: readonly number[],
): Promise<number[]> {
  const found: number[] = []
  await walk(engine, promptIds, continuation.length, (logits, index) => {
    const token = continuation[index] ?? -1
    const max = logits[largest(logits)] ?? NaN
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - max), 0)
    found.push((logits[token] ?? NaN) - max - Math.log(sum))
    return token
  })
  return found
}

/** Reads a prompt in chunks and then `count` - 1 tokens that `next` chooses. */
export async function walk(
  engine: Engine,
  promptIds: readonly number[],
  count: number,
  next: (logits: Float32Array, index: number) => number,
  chunk = CHUNK,
): Promise<void> {
  const sequence = engine.open()
  try {
    let logits = new Float32Array(0)
    for (let at = 0; at < promptIds.length; at += chunk) {
      logits = new Float32Array(await engine.prefill(sequence, promptIds.slice(at, at + chunk)))
    }
    for (let index = 0; index < count; index++) {
      const token = next(logits, index)
      if (index === count - 1) break
      const [row] = await engine.decode([{ sequence, token }])
      logits = new Float32Array(row ?? [])
    }
  } finally {
    engine.free(sequence)
  }
}
