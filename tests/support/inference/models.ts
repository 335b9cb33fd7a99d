import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type LoadedModel, loadModel } from '../../../inference/loading/load-model.ts'

/** A directory with the tiny model alone: what MODELS_DIR names in tests. */
export const TINY_MODELS = fileURLToPath(new URL('../models', import.meta.url))
export const TINY = join(TINY_MODELS, 'tiny-random')
/** The directory of the weights that come with Trivium. */
export const BUNDLED_MODELS = fileURLToPath(new URL('../../../inference/models', import.meta.url))
export const BUNDLED = join(BUNDLED_MODELS, 'smollm2-135m-instruct')

export const LOAD_OPTIONS = { threads: 1, sequences: 8, cacheBytes: 2 ** 30 }

/** Loads a model that is released when the test ends. */
export async function loadForTest(folder = TINY, graph?: string): Promise<LoadedModel> {
  const model = await loadModel(folder, { ...LOAD_OPTIONS, ...(graph !== undefined && { graph }) })
  onTestFinished(() => model.engine.dispose())
  return model
}

/** A directory that is removed when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'trivium-inference-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A directory with a copy of the tiny model as `name`, to be broken. */
export async function copyOfTiny(name = 'copy'): Promise<{ directory: string; folder: string }> {
  const directory = await temporaryDirectory()
  const folder = join(directory, name)
  await cp(TINY, folder, { recursive: true })
  return { directory, folder }
}

const ids = z.array(z.int())
const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })
const continuations = z.object({
  safe_margin: z.number(),
  prompts: z.array(
    z.object({
      name: z.string(),
      special_tokens_in_text: z.enum(['none', 'parsed', 'literal']),
      messages: z.array(message),
      prompt_ids: ids,
      output_ids: ids,
      output_text: z.string(),
      stop: z.enum(['eos', 'length']),
      first_close: z.int().nullable(),
      margins: z.array(z.number()),
    }),
  ),
})
const likelihood = z.object({
  pairs: z.array(
    z.object({ prompt_ids: ids, continuation_ids: ids, token_logprobs: z.array(z.number()) }),
  ),
})

export type GoldenPrompt = z.infer<typeof continuations>['prompts'][number]

/** Golden continuations of a model; `variant` as in the file's name. */
export function goldenContinuations(folder: string, variant = ''): z.infer<typeof continuations> {
  return continuations.parse(readGolden(folder, `continuations${variant}`))
}

/** Golden log-probabilities of a model. */
export function goldenLikelihood(folder: string, variant = ''): z.infer<typeof likelihood> {
  return likelihood.parse(readGolden(folder, `likelihood${variant}`))
}

function readGolden(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'golden', `${name}.json`), 'utf8'))
}
