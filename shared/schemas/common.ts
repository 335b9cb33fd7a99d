import * as z from 'zod'
import { ERROR_CODES } from '../errors.ts'
import { SIDES, VERDICTS } from '../verdicts.ts'

export const sideSchema = z.enum(SIDES)
export const verdictSchema = z.enum(VERDICTS)

/** The id of a battle or a vote. Unknown ids are "not found", whatever their form. */
export const idSchema = z.string().min(1).max(64)

/** Who a contestant is, once that may be told. */
export const modelRefSchema = z.object({
  slug: z.string(),
  name: z.string(),
  organization: z.string(),
  license: z.string(),
})
export type ModelRef = z.infer<typeof modelRefSchema>

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(ERROR_CODES),
  detail: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** The query of every list: `?limit=&cursor=`. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(200).optional(),
})
export type PageQuery = z.infer<typeof pageQuerySchema>

/** The answer of every list; `nextCursor` is null on the last page. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
export type Page<T> = { items: T[]; nextCursor: string | null }
