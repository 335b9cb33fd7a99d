import type { Engine } from '../engine/engine.ts'

/**
 * Reads a prompt and one token more, the two kinds of step there are, and throws when the graph
 * fails or its logits are no numbers. Afterwards the runtime has made its buffers.
 */
export async function warmUp(engine: Engine, promptIds: readonly number[]): Promise<void> {
  const [last] = promptIds.slice(-1)
  if (last === undefined) throw new Error('the chat template gives an empty prompt')
  const sequence = engine.open()
  try {
    checkFinite(await engine.prefill(sequence, promptIds), engine.vocabularySize)
    for (const row of await engine.decode([{ sequence, token: last }])) {
      checkFinite(row, engine.vocabularySize)
    }
  } finally {
    engine.free(sequence)
  }
}

function checkFinite(logits: Float32Array, width: number): void {
  if (logits.length !== width)
    throw new Error(`the graph gave ${logits.length} logits instead of ${width}`)
  if (!logits.every(Number.isFinite))
    throw new Error('the graph gave logits that are no finite numbers')
}
