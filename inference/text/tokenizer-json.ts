import { z } from 'zod'

const addedToken = z.object({
  id: z.int().nonnegative(),
  content: z.string(),
  special: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
})

/** The parts of a tokenizer.json that are used here; the tokenizer library reads the rest. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(z.looseObject(addedToken.shape)).default([]),
  model: z.looseObject({ vocab: z.union([z.record(z.string(), z.int()), z.array(z.unknown())]) }),
  pre_tokenizer: z.unknown().optional(),
  decoder: z.unknown().optional(),
})

/** A parsed tokenizer.json. */
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>

/** The largest id that this tokenizer can give. */
export function largestTokenId({ model: { vocab }, added_tokens }: TokenizerJson): number {
  let largest = -1
  if (Array.isArray(vocab)) largest = vocab.length - 1
  else for (const id of Object.values(vocab)) largest = Math.max(largest, id)
  for (const { id } of added_tokens) largest = Math.max(largest, id)
  return largest
}
