import { z } from 'zod'
import { type GraphNames, OPTIMUM_NAMES } from '../engine/graph-names.ts'
import { type GenerationConfig, contextLengthSchema, tokenIdsSchema } from './model-configs.ts'

const name = z.string().min(1).nullish()
const part = z.unknown().optional()

/** genai_config.json, which onnxruntime-genai's exports have. */
export const genaiConfigSchema = z.looseObject({
  model: z.looseObject({
    context_length: contextLengthSchema,
    eos_token_id: tokenIdsSchema,
    decoder: z
      .looseObject({
        filename: name,
        inputs: z
          .looseObject({
            input_ids: name,
            attention_mask: name,
            position_ids: name,
            past_key_names: name,
            past_value_names: name,
            past_names: name,
          })
          .nullish(),
        outputs: z
          .looseObject({ logits: name, present_key_names: name, present_value_names: name })
          .nullish(),
        pipeline: part,
      })
      .nullish(),
    encoder: part,
    embedding: part,
  }),
  search: z
    .looseObject({
      do_sample: z.boolean().nullish(),
      temperature: z.number().min(0).nullish(),
      top_p: z.number().positive().max(1).nullish(),
      top_k: z.int().nullish(),
      repetition_penalty: z.number().positive().nullish(),
    })
    .nullish(),
})

/** A parsed genai_config.json. */
export type GenaiConfig = z.infer<typeof genaiConfigSchema>

/** What this folder's graph calls its inputs and outputs. Throws when it is no single decoder. */
export function genaiNames({ model }: GenaiConfig): GraphNames {
  const { decoder } = model
  if (decoder?.pipeline !== undefined) {
    throw new Error(
      'genai_config.json: model.decoder.pipeline splits the model into several graphs, which is not supported: take an export with one',
    )
  }
  const several = (['encoder', 'embedding'] as const).find((key) => model[key] !== undefined)
  if (several !== undefined) {
    throw new Error(
      `genai_config.json: model.${several} is another graph beside the decoder, which is not supported: only text models of one graph are run`,
    )
  }
  if (decoder?.inputs?.past_names) {
    throw new Error(
      'genai_config.json: past_names keeps keys and values in one tensor, which is not supported: export the model anew',
    )
  }
  const { inputs, outputs } = decoder ?? {}
  const [key, value] = OPTIMUM_NAMES.caches
  return {
    ids: inputs?.input_ids ?? OPTIMUM_NAMES.ids,
    mask: inputs?.attention_mask ?? OPTIMUM_NAMES.mask,
    positions: inputs?.position_ids ?? OPTIMUM_NAMES.positions,
    logits: outputs?.logits ?? OPTIMUM_NAMES.logits,
    caches: [
      pattern(inputs?.past_key_names, outputs?.present_key_names, key),
      pattern(inputs?.past_value_names, outputs?.present_value_names, value),
    ],
  }
}

/** What its maker recommends, where generation_config.json does not say. */
export function genaiGeneration({ search }: GenaiConfig): GenerationConfig {
  const { do_sample, temperature, top_p, top_k, repetition_penalty } = search ?? {}
  return { do_sample, temperature, top_p, top_k, repetition_penalty }
}

function pattern(
  past: string | null | undefined,
  present: string | null | undefined,
  usual: GraphNames['caches'][number] | undefined,
): GraphNames['caches'][number] {
  const names = { past: past ?? usual?.past ?? '', present: present ?? usual?.present ?? '' }
  for (const each of Object.values(names)) {
    if (each.split('%d').length !== 2) {
      throw new Error(`genai_config.json: "${each}" must hold one %d, the number of the layer`)
    }
  }
  return names
}
