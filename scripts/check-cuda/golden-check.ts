import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Engine } from '../../inference/engine/engine.ts'
import { largest } from '../../inference/generation/top-candidates.ts'

const goldenSchema = z.object({
  prompts: z.array(
    z.object({
      name: z.string(),
      prompt_ids: z.array(z.int()),
      output_ids: z.array(z.int()),
      margins: z.array(z.number()),
    }),
  ),
})

/** One prompt and what greedy decoding with exact activations said. */
export type GoldenPrompt = z.infer<typeof goldenSchema>['prompts'][number]

/** What came of comparing. */
export interface GoldenResult {
  readonly compared: number
  /** Steps at which another token was likeliest although the two best were clearly apart. */
  readonly wrong: readonly string[]
  /** Steps at which another token was likeliest, and nearly as likely in the golden run. */
  readonly close: number
}

/**
 * Halves have three digits: where the two best logits are nearer than this, either may come first.
 * On the CPU the graph in halves differed at margins of up to 0.59 (18 of 549 tokens).
 */
const CLEAR_MARGIN = 1
const CHUNK = 64

/** Reads the golden continuations of a model with exact activations. */
export async function readGolden(folder: string, variant = '_exact'): Promise<GoldenPrompt[]> {
  const text = await readFile(join(folder, 'golden', `continuations${variant}.json`), 'utf8')
  return goldenSchema.parse(JSON.parse(text)).prompts
}

/**
 * Has an engine read golden continuations step by step and compares the likeliest tokens: the first
 * prompts alone, then all of them as batches of up to `batch`.
 */
export async function checkGolden(
  engine: Engine,
  prompts: readonly GoldenPrompt[],
  batch: number,
): Promise<GoldenResult> {
  const groups = prompts.slice(0, 2).map((prompt) => [prompt])
  for (let at = 0; at < prompts.length; at += batch) groups.push(prompts.slice(at, at + batch))
  let [compared, close] = [0, 0]
  const wrong: string[] = []
  for (const group of groups) {
    for (const { prompt, step, token } of await readTogether(engine, group)) {
      compared += 1
      if (token === prompt.output_ids[step]) continue
      if ((prompt.margins[step] ?? 0) < CLEAR_MARGIN) close += 1
      else wrong.push(`${prompt.name}, token ${step}, in a batch of ${group.length}`)
    }
  }
  return { compared, wrong, close }
}

async function readTogether(
  engine: Engine,
  group: readonly GoldenPrompt[],
): Promise<{ prompt: GoldenPrompt; step: number; token: number }[]> {
  const running = group.map((prompt) => ({ prompt, sequence: engine.open() }))
  const said: { prompt: GoldenPrompt; step: number; token: number }[] = []
  try {
    for (const { prompt, sequence } of running) {
      let row: Float32Array = new Float32Array(1)
      for (let at = 0; at < prompt.prompt_ids.length; at += CHUNK) {
        row = await engine.prefill(sequence, prompt.prompt_ids.slice(at, at + CHUNK))
      }
      said.push({ prompt, step: 0, token: largest(row) })
    }
    for (let step = 1; ; step += 1) {
      const steps = running.filter(({ prompt }) => step < prompt.output_ids.length)
      if (steps.length === 0) return said
      const rows = await engine.decode(
        steps.map(({ prompt, sequence }) => ({
          sequence,
          token: prompt.output_ids[step - 1] ?? 0,
        })),
      )
      steps.forEach(({ prompt }, index) =>
        said.push({ prompt, step, token: largest(rows[index] ?? new Float32Array(1)) }),
      )
    }
  } finally {
    for (const { sequence } of running) engine.free(sequence)
  }
}
