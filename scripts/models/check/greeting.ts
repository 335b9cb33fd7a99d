import { largest } from '../../../inference/generation/top-candidates.ts'
import type { LoadedModel } from '../../../inference/loading/load-model.ts'
import { Detokenizer } from '../../../inference/text/detokenizer.ts'

const GREETING = 'Hello! Who are you?'
const MAX_TOKENS = 24

/** Greets a model and returns the beginning of its likeliest answer. Throws when it cannot answer. */
export async function greet(model: LoadedModel, signal: AbortSignal): Promise<string> {
  const { engine } = model
  const prompt = model.template.encode([{ role: 'user', content: GREETING }], 'answer')
  const detokenizer = new Detokenizer(model.tokens, false)
  const sequence = engine.open()
  try {
    let text = ''
    let logits = await engine.prefill(sequence, prompt)
    for (let count = 0; count < MAX_TOKENS; count += 1) {
      signal.throwIfAborted()
      const token = largest(logits)
      if (token < 0) throw new Error('its logits are no numbers')
      if (model.endIds.has(token)) break
      text += detokenizer.push(token)
      const [row] = await engine.decode([{ sequence, token }])
      if (row === undefined) throw new Error('a step gave no logits')
      logits = row
    }
    return text + detokenizer.flush()
  } finally {
    engine.free(sequence)
  }
}
