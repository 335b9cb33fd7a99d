import * as z from 'zod'

/** What the models are doing, for the page and for `/health/ready`. */
export const modelsReadinessSchema = z.object({
  /** How many models can be drawn now. */
  ready: z.int(),
  /** `ready`: battles can start; `warming`: some are still loading; `none`: nobody can answer. */
  state: z.enum(['ready', 'warming', 'none']),
  /** Why, in words, where not everything is ready. */
  detail: z.string().nullable(),
})
export type ModelsReadiness = z.infer<typeof modelsReadinessSchema>

export const readySchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  database: z.enum(['ok', 'failing']),
  projector: z.enum(['ok', 'catching-up', 'failing']),
  models: modelsReadinessSchema,
})
export type Ready = z.infer<typeof readySchema>

export const auditEntrySchema = z.object({
  id: z.int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  /** What was changed, field by field; never a secret. */
  details: z.record(z.string(), z.unknown()).nullable(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** What a token may do; `read` < `operator` < `admin`, `judge` stands aside. */
export const TOKEN_SCOPES = ['admin', 'operator', 'judge', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]
