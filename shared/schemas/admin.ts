import * as z from 'zod'
import { FAILURE_KINDS } from '../failure-kinds.ts'
import { adminModelSchema, capsSchema, changeSchema, samplingSchema, slugSchema } from './model.ts'
import { battleSummarySchema, battleViewSchema } from './battle.ts'
import { modelRefSchema, pageQuerySchema, sideSchema } from './common.ts'
import { TOKEN_SCOPES } from './system.ts'

// The calls of the console, beside those of the registry in `model.ts`.

// Sessions: a browser signs in with a token and is then known by a cookie.

export const signInSchema = z.strictObject({ token: z.string().min(1).max(1024) })

export const sessionSchema = z.object({
  /** The token's name and id, as the audit log names it. */
  actor: z.string(),
  scope: z.enum(TOKEN_SCOPES),
  expiresAt: z.string(),
  /** To be sent as `X-CSRF-Token` with every call that changes something. */
  csrfToken: z.string(),
})
export type Session = z.infer<typeof sessionSchema>

// Tokens

export const newTokenSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line'),
  scope: z.enum(TOKEN_SCOPES),
})

export const tokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(TOKEN_SCOPES),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
})
export type TokenView = z.infer<typeof tokenViewSchema>

/** The answer to a new token: the only time that it is shown. */
export const createdTokenSchema = tokenViewSchema.extend({ token: z.string() })
export type CreatedToken = z.infer<typeof createdTokenSchema>

// The audit log

/** The query of a list in the order of numbers. */
const numberedQuerySchema = pageQuerySchema.extend({
  cursor: pageQuerySchema.shape.cursor.refine(
    (cursor) => cursor === undefined || /^\d{1,15}$/.test(cursor),
    'must be the nextCursor of the page before',
  ),
})

export const auditQuerySchema = numberedQuerySchema.extend({
  /** Such as `model.change`. */
  action: z.string().min(1).max(64).optional(),
  /** With or without its kind: `model my-model`, or `my-model`. */
  subject: z.string().min(1).max(200).optional(),
  /** `0`: without what changes nothing, the tries and tests of models. */
  tries: z.enum(['0', '1']).optional(),
})

// Trying a model before it is registered, or a change before it is made

/** The body of `POST /api/v1/admin/try`: what would be registered, as far as it answers. */
export const trySchema = z.strictObject({
  /** Of a registered model: what is left out here is taken from it, its key included. */
  slug: slugSchema.optional(),
  /** Whole, or with a slug: what is another than it has. */
  provider: changeSchema.shape.provider.unwrap(),
  systemPrompt: changeSchema.shape.systemPrompt,
  answerPrefix: changeSchema.shape.answerPrefix,
  sampling: samplingSchema.optional(),
  caps: capsSchema.optional(),
  prompt: z.string().min(1).max(4000).optional(),
})
export type TryRequest = z.infer<typeof trySchema>

/** One line of its answer (`application/jsonl`, streamed): steps, pieces, then one end. */
export const tryEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connected'), afterMs: z.number() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('end'),
    reason: z.enum(['stop', 'length']),
    firstTokenMs: z.number().nullable(),
    totalMs: z.number(),
    tokensPerSecond: z.number().nullable(),
    usage: z.object({ promptTokens: z.int(), completionTokens: z.int() }).nullable(),
  }),
  z.object({
    type: z.literal('error'),
    kind: z.string(),
    message: z.string(),
    /** What to do about it, in words. */
    hint: z.string().nullable(),
  }),
])
export type TryEvent = z.infer<typeof tryEventSchema>

// Test-all: `POST /api/v1/admin/check`, one line a model as it is done (`application/jsonl`)

export const checkedModelSchema = z.object({
  slug: z.string(),
  ok: z.boolean(),
  error: z.string().optional(),
  firstTokenMs: z.number().optional(),
})
export type CheckedModel = z.infer<typeof checkedModelSchema>

// Bulk import and export

export const IMPORT_FORMATS = ['yaml', 'json', 'fastchat'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

export const importSchema = z.strictObject({
  /** Found out from the text where it is left out. */
  format: z.enum(IMPORT_FORMATS).optional(),
  text: z.string().min(1).max(200_000),
  /** Only says what would happen. */
  dryRun: z.boolean().optional(),
})

/**
 * What an import did or would do, entry by entry. Nothing is registered while an entry is `invalid`;
 * an entry whose slug is in use is left alone.
 */
export const importResultSchema = z.object({
  format: z.enum(IMPORT_FORMATS),
  dryRun: z.boolean(),
  registered: z.int(),
  items: z.array(
    z.object({
      /** From 1 on, in the order of the file. */
      entry: z.int(),
      slug: z.string().nullable(),
      outcome: z.enum(['registered', 'would-register', 'exists', 'invalid']),
      field: z.string().optional(),
      message: z.string().optional(),
      /** Such as: a key has to be given afterwards. */
      notes: z.array(z.string()),
    }),
  ),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const exportModelsQuerySchema = z.object({
  format: z.enum(IMPORT_FORMATS).default('yaml'),
  /** `1`: the retired ones too (never in FastChat's format). */
  retired: z.enum(['0', '1']).default('0'),
})

// What weights do to the draw

export const drawPreviewSchema = z.strictObject({
  /** By slug; what is left out stays as it is. */
  weights: z.record(z.string(), z.number().min(0).max(1000)).default({}),
  /** Models to be taken as in the draw, or not, whatever they are now. */
  enabled: z.record(z.string(), z.boolean()).default({}),
})

export const drawPreviewResultSchema = z.object({
  /** Who would be drawn, by slug: the share of battles that each takes part in (their sum is 2). */
  models: z.array(z.object({ slug: z.string(), weight: z.number(), share: z.number() })),
  /** Every pair with its probability; their sum is 1. */
  pairs: z.array(z.object({ a: z.string(), b: z.string(), probability: z.number() })),
})
export type DrawPreview = z.infer<typeof drawPreviewResultSchema>

// Failures and battles

export const failureQuerySchema = numberedQuerySchema.extend({
  model: z.string().max(64).optional(),
  kind: z.enum(FAILURE_KINDS).optional(),
})

export const modelFailureSchema = z.object({
  id: z.int(),
  at: z.string(),
  slug: z.string(),
  version: z.int(),
  battleId: z.string().nullable(),
  turn: z.int().nullable(),
  side: sideSchema.nullable(),
  kind: z.string(),
  /** The HTTP status, where there was one. */
  status: z.int().nullable(),
  message: z.string(),
  durationMs: z.int(),
})
export type ModelFailure = z.infer<typeof modelFailureSchema>

/** One failure with the request that caused it: what was sent, but for the key. */
export const modelFailureDetailSchema = modelFailureSchema.extend({
  request: z
    .object({
      /** With the dialect and the version of the API that were guessed where none was named. */
      provider: adminModelSchema.shape.provider.omit({ hasApiKey: true }),
      sampling: samplingSchema,
      messages: z.array(z.object({ role: z.string(), content: z.string() })),
    })
    .nullable(),
})
export type ModelFailureDetail = z.infer<typeof modelFailureDetailSchema>

export const adminBattleQuerySchema = pageQuerySchema.extend({
  model: z.string().max(64).optional(),
  opponent: z.string().max(64).optional(),
  /** Battles with a side that ended like this in any turn. */
  end: z.enum(['stop', 'length', 'stopped', 'error']).optional(),
  voted: z.enum(['0', '1']).optional(),
})

/** A battle as administrators see it: names at any time. */
export const adminBattleSummarySchema = battleSummarySchema.extend({
  models: z.object({ a: modelRefSchema, b: modelRefSchema }),
  versions: z.object({ a: z.int(), b: z.int() }),
  ends: z.object({ a: z.string().nullable(), b: z.string().nullable() }),
  language: z.string(),
  category: z.string(),
  pairProbability: z.number(),
})
export type AdminBattleSummary = z.infer<typeof adminBattleSummarySchema>

export const adminBattleViewSchema = battleViewSchema.extend({
  models: z.object({ a: modelRefSchema, b: modelRefSchema }),
  versions: z.object({ a: z.int(), b: z.int() }),
  failures: z.array(modelFailureSchema),
})
export type AdminBattleView = z.infer<typeof adminBattleViewSchema>

// Alerts

/**
 * `failing`: a breaker opened. `errors`: more than a fifth of the last answers failed. `probe`: a
 * probe failed. `budget`: four fifths of a daily limit, or all of it, are used up. `key`:
 * a stored key cannot be opened. `inference`: the embedded inference keeps ending. `arena`: fewer than
 * two models can be drawn, so that no battle can start.
 */
export const ALERT_KINDS = [
  'failing',
  'errors',
  'probe',
  'budget',
  'key',
  'inference',
  'arena',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

export const alertSchema = z.object({
  id: z.int(),
  at: z.string(),
  kind: z.enum(ALERT_KINDS),
  /** The model it is about, if it is about one. */
  model: z.string().nullable(),
  message: z.string(),
  resolvedAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
})
export type Alert = z.infer<typeof alertSchema>

export const alertQuerySchema = numberedQuerySchema.extend({
  /** `1`: only those that still hold. */
  active: z.enum(['0', '1']).default('0'),
})
