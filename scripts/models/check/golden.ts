import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { largest } from '../../../inference/generation/top-candidates.ts'
import type { LoadedModel } from '../../../inference/loading/load-model.ts'
import { CHUNK_TOKENS } from '../../../inference/scheduling/scheduler.ts'

const ids = z.array(z.int().nonnegative())
const goldenSchema = z.looseObject({
  model: z.string(),
  safe_margin: z.number(),
  prompts: z.array(
    z.looseObject({
      name: z.string(),
      special_tokens_in_text: z.string().optional(),
      messages: z.array(
        z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }),
      ),
      prompt_ids: ids.min(1),
      output_ids: ids,
      margins: z.array(z.number()),
    }),
  ),
})

/** Golden continuations of one graph. */
export type Golden = z.infer<typeof goldenSchema>
export type GoldenPrompt = Golden['prompts'][number]

/** So many prompts are checked: each costs as much time as a short answer. */
const MAX_PROMPTS = 6

/** The golden continuations in `golden/` that were made with this graph, or null. */
export async function readGolden(folder: string, graph: string): Promise<Golden | null> {
  const names = await readdir(join(folder, 'golden')).catch(() => [])
  for (const name of names.filter((each) => /^continuations.*\.json$/u.test(each)).sort()) {
    const text = await readFile(join(folder, 'golden', name), 'utf8')
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      throw new Error(`golden/${name} is not JSON: take it away or copy it again`, { cause })
    }
    const read = goldenSchema.safeParse(value)
    if (!read.success) {
      throw new Error(`golden/${name} holds no golden continuations: take it away`)
    }
    if (read.data.model === graph) return read.data
  }
  return null
}

/**
 * Runs golden prompts and compares greedily, token by token, reading the golden tokens: where the
 * golden run was sure by `safe_margin` or more, the same token has to come. Elsewhere another order
 * of additions may choose another. Throws an Error that names the first difference.
 *
 * @returns how many prompts and tokens were compared
 */
export async function checkGolden(
  model: LoadedModel,
  { prompts, safe_margin }: Golden,
  signal: AbortSignal,
): Promise<{ prompts: number; tokens: number }> {
  let tokens = 0
  const chosen = prompts.slice(0, MAX_PROMPTS)
  for (const prompt of chosen) {
    checkEncoding(model, prompt)
    const written = await follow(model, prompt, signal)
    for (const [index, margin] of prompt.margins.entries()) {
      if (margin < safe_margin) continue
      tokens += 1
      if (written[index] === prompt.output_ids[index]) continue
      throw new Error(
        `golden prompt "${prompt.name}": token ${index + 1} is ${written[index]} instead of ${prompt.output_ids[index]}`,
      )
    }
  }
  return { prompts: chosen.length, tokens }
}

/** The tokenizer and the template have to give the golden ids, as far as they are to be parsed alike. */
function checkEncoding({ template }: LoadedModel, prompt: GoldenPrompt): void {
  if (prompt.special_tokens_in_text === 'parsed') return
  const found = template.encode(prompt.messages, 'answer')
  const at = prompt.prompt_ids.findIndex((id, index) => found[index] !== id)
  if (at < 0 && found.length === prompt.prompt_ids.length) return
  throw new Error(
    `golden prompt "${prompt.name}": the tokenizer or the chat template gives other tokens than the golden ones (from ${at < 0 ? prompt.prompt_ids.length : at} on)`,
  )
}

async function follow(
  { engine }: LoadedModel,
  { prompt_ids, output_ids }: GoldenPrompt,
  signal: AbortSignal,
): Promise<number[]> {
  const sequence = engine.open()
  try {
    let logits = new Float32Array(0)
    for (let at = 0; at < prompt_ids.length; at += CHUNK_TOKENS) {
      signal.throwIfAborted()
      logits = Float32Array.from(
        await engine.prefill(sequence, prompt_ids.slice(at, at + CHUNK_TOKENS)),
      )
    }
    const written: number[] = []
    for (const [index, token] of output_ids.entries()) {
      signal.throwIfAborted()
      written.push(largest(logits))
      if (index === output_ids.length - 1) break
      const [row] = await engine.decode([{ sequence, token }])
      logits = Float32Array.from(row ?? [])
    }
    return written
  } finally {
    engine.free(sequence)
  }
}
