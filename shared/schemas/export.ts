import * as z from 'zod'

/** A moment, as ISO 8601 or as seconds since 1970; parsed to epoch milliseconds. */
export const momentSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
    if (Number.isFinite(at)) return at
    context.addIssue({ code: 'custom', message: 'must be a date (ISO 8601) or seconds since 1970' })
    return z.NEVER
  })

export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The query of `GET /api/v1/exports/votes`; `from` is included, `to` is not. */
export const exportQuerySchema = z.strictObject({
  format: z.enum(EXPORT_FORMATS, { error: 'must be jsonl, csv or parquet' }).default('jsonl'),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
})

/** One line of the vote export, in this order of columns; no texts. */
export const exportedVoteSchema = z.object({
  id: z.string(),
  battle_id: z.string(),
  tstamp: z.number(),
  model_a: z.string(),
  model_b: z.string(),
  version_a: z.int(),
  version_b: z.int(),
  pair_probability: z.number(),
  winner_accuracy: z.string(),
  winner_helpfulness: z.string(),
  winner_language: z.string(),
  language: z.string(),
  category: z.string(),
  judge: z.string(),
  voter: z.string(),
  /** How many questions had been asked before the vote. */
  turns: z.int(),
  /** What both answers look like, over all turns: for style control; null where not counted. */
  tokens_a: z.int().nullable(),
  tokens_b: z.int().nullable(),
  headers_a: z.int().nullable(),
  headers_b: z.int().nullable(),
  lists_a: z.int().nullable(),
  lists_b: z.int().nullable(),
  bold_a: z.int().nullable(),
  bold_b: z.int().nullable(),
})
export type ExportedVote = z.infer<typeof exportedVoteSchema>
export const EXPORT_COLUMNS = Object.keys(exportedVoteSchema.shape) as (keyof ExportedVote)[]
