import { z } from 'zod'

// Only what is used, and lenient: these files are written by many exporters.
/** One token id or several. */
export const tokenIdsSchema = z.union([z.int(), z.array(z.int())]).nullish()
const tokenText = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish()
/** A number of tokens. */
export const contextLengthSchema = z.number().positive().nullish()

/** config.json, and its `text_config` where a model has several parts. */
const textConfigSchema = z.looseObject({
  eos_token_id: tokenIdsSchema,
  max_position_embeddings: contextLengthSchema,
  n_positions: contextLengthSchema,
  max_seq_len: contextLengthSchema,
})
export const modelConfigSchema = textConfigSchema.extend({
  text_config: textConfigSchema.nullish(),
  'transformers.js_config': z
    .looseObject({ dtype: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() })
    .nullish(),
})

/** generation_config.json: what its maker recommends for answers. */
export const generationConfigSchema = z.looseObject({
  eos_token_id: tokenIdsSchema,
  do_sample: z.boolean().nullish(),
  temperature: z.number().min(0).nullish(),
  top_p: z.number().positive().max(1).nullish(),
  top_k: z.int().nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repetition_penalty: z.number().positive().nullish(),
  max_new_tokens: z.int().positive().nullish(),
})

/** tokenizer_config.json and special_tokens_map.json. */
export const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenText,
  eos_token: tokenText,
  unk_token: tokenText,
  pad_token: tokenText,
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
})

/** A parsed generation_config.json. */
export type GenerationConfig = z.infer<typeof generationConfigSchema>
/** A parsed tokenizer_config.json or special_tokens_map.json. */
export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>

/** One id, several or none, as a list. */
export function idList(ids: z.infer<typeof tokenIdsSchema>): number[] {
  return typeof ids === 'number' ? [ids] : (ids ?? [])
}

/** The special tokens by their role (`bos_token`, …) that a chat template may write. */
export function tokenNames(...configs: readonly TokenizerConfig[]): Record<string, string> {
  const names: Record<string, string> = {}
  for (const config of configs) {
    for (const role of ['bos_token', 'eos_token', 'unk_token', 'pad_token'] as const) {
      const token = config[role]
      if (token) names[role] ??= typeof token === 'string' ? token : token.content
    }
  }
  return names
}
