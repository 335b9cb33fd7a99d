import type { EngineSequence } from '../../../inference/engine/engine.ts'
import type { LoadedModel } from '../../../inference/loading/load-model.ts'
import { CHUNK_TOKENS } from '../../../inference/scheduling/scheduler.ts'

const PROMPT_TOKENS = 256
const DECODED_TOKENS = 32
const BATCH = 8

/** How fast a model is, in tokens a second. */
export interface Speed {
  /** Tokens of the prompt that was read. */
  readonly promptTokens: number
  readonly prefill: number
  /** One answer alone, after that prompt. */
  readonly decode: number
  /** Eight answers together, all their tokens. */
  readonly batch: number
}

/** Measures once, after a first step that nobody counts; medians, so that one slow step does not tell. */
export async function measureSpeed(model: LoadedModel, signal: AbortSignal): Promise<Speed> {
  const { engine, contextLength } = model
  const promptTokens = Math.max(1, Math.min(PROMPT_TOKENS, contextLength - DECODED_TOKENS * 2 - 1))
  const prompt = Array.from(
    { length: promptTokens },
    (_, index) => (index * 31 + 7) % engine.vocabularySize,
  )
  const open: EngineSequence[] = []
  const begin = async (known: readonly number[] = []): Promise<EngineSequence> => {
    const sequence = engine.open(known)
    open.push(sequence)
    for (let at = sequence.length; at < prompt.length; at += CHUNK_TOKENS) {
      signal.throwIfAborted()
      await engine.prefill(sequence, prompt.slice(at, at + CHUNK_TOKENS))
    }
    return sequence
  }
  const decode = async (sequences: readonly EngineSequence[]): Promise<number> => {
    const times: number[] = []
    for (let step = 0; step < DECODED_TOKENS; step += 1) {
      signal.throwIfAborted()
      const started = performance.now()
      await engine.decode(
        sequences.map((sequence) => ({ sequence, token: (step * 31 + 7) % engine.vocabularySize })),
      )
      times.push(performance.now() - started)
    }
    return (sequences.length * 1000) / median(times)
  }
  try {
    await begin()
    const started = performance.now()
    const alone = await begin()
    const prefill = (promptTokens * 1000) / (performance.now() - started)
    const decoded = await decode([alone])
    while (open.length < BATCH) await begin(prompt)
    return { promptTokens, prefill, decode: decoded, batch: await decode(open) }
  } finally {
    for (const sequence of open) engine.free(sequence)
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? NaN
}
