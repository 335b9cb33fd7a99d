import * as z from 'zod'
import { BOARD_DIMENSIONS } from '../dimensions.ts'
import { hasLoneSurrogate } from '../prompt.ts'
import { modelRefSchema } from './common.ts'

/** Text that people read in one line: no controls, no broken characters, no blanks at its ends. */
const lineSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() === text, 'must not begin or end with blanks')
    .refine((text) => !/\p{Cc}|\p{Cf}/u.test(text), 'must not hold control or format characters')
    .refine((text) => !hasLoneSurrogate(text), 'must be valid Unicode')

/** Text of several lines: what a model is told, or what people are told of it. */
const textSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !hasLoneSurrogate(text) && !text.includes('\0'), 'must be valid Unicode')

export const slugSchema = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    'must be lower-case letters and digits, joined by single -, _ or .',
  )

const baseUrlSchema = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      context.addIssue({ code: 'custom', message: 'must be an http:// or https:// address' })
    } else if (url.username !== '' || url.password !== '') {
      context.addIssue({ code: 'custom', message: 'must not hold a user name or a password' })
    } else if (url.hash !== '' || url.search !== '') {
      context.addIssue({ code: 'custom', message: 'must not hold a query or a fragment' })
    }
  })
const upstreamModelSchema = lineSchema(200)
// A key travels in a header: visible ASCII only, so that no value can break out of it.
const apiKeySchema = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII')

export const PROVIDER_KINDS = ['onnx', 'openai-compatible', 'anthropic', 'google'] as const

/** How to reach a model. `baseUrl` ends before `/chat/completions`. */
export const providerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('onnx'), model: upstreamModelSchema }),
  z.strictObject({
    kind: z.literal('openai-compatible'),
    baseUrl: baseUrlSchema,
    model: upstreamModelSchema,
    apiKey: apiKeySchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('anthropic'),
    model: upstreamModelSchema,
    apiKey: apiKeySchema,
    baseUrl: baseUrlSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('google'),
    model: upstreamModelSchema,
    apiKey: apiKeySchema,
    baseUrl: baseUrlSchema.optional(),
  }),
])
export type ProviderInput = z.infer<typeof providerSchema>

/** A provider as it is stored and shown to administrators: without its key. */
export type ProviderDefinition =
  | { kind: 'onnx'; model: string }
  | { kind: 'openai-compatible'; baseUrl: string; model: string }
  | { kind: 'anthropic' | 'google'; model: string; baseUrl?: string | undefined }

export const samplingSchema = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  topK: z.int().min(1).max(1000).optional(),
  minP: z.number().min(0).max(1).optional(),
  repetitionPenalty: z.number().min(0.5).max(2).optional(),
  maxTokens: z.int().min(1).max(100_000).optional(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
})
export type Sampling = z.infer<typeof samplingSchema>

/** The body of `POST /api/v1/admin/models`. */
export const registrationSchema = z.strictObject({
  slug: slugSchema,
  name: lineSchema(80),
  organization: lineSchema(80),
  license: lineSchema(80),
  description: textSchema(4000).optional(),
  provider: providerSchema,
  systemPrompt: textSchema(20_000).optional(),
  answerPrefix: textSchema(1000).optional(),
  sampling: samplingSchema.optional(),
  weight: z.number().min(0).max(1000).optional(),
  enabled: z.boolean().optional(),
})
export type Registration = z.infer<typeof registrationSchema>

/**
 * The body of `PATCH /api/v1/admin/models/:slug`: any field but the slug; null clears an optional
 * one. A `provider` of the same kind may name only what changes.
 */
export const changeSchema = registrationSchema
  .omit({ slug: true, provider: true })
  .partial()
  .extend({
    description: textSchema(4000).nullable().optional(),
    systemPrompt: textSchema(20_000).nullable().optional(),
    answerPrefix: textSchema(1000).nullable().optional(),
    sampling: samplingSchema.nullable().optional(),
    provider: z
      .strictObject({
        kind: z.enum(PROVIDER_KINDS).optional(),
        model: upstreamModelSchema.optional(),
        baseUrl: baseUrlSchema.optional(),
        apiKey: apiKeySchema.optional(),
      })
      .optional(),
  })
export type Change = z.infer<typeof changeSchema>

export const retireSchema = z.strictObject({ reason: lineSchema(500).optional() })

export const retiredSchema = z.object({ at: z.string(), reason: z.string().nullable() })
export type Retired = z.infer<typeof retiredSchema>

/** A model as administrators see it: all but the key. */
export const adminModelSchema = modelRefSchema.extend({
  description: z.string().nullable(),
  provider: z.object({
    kind: z.enum(PROVIDER_KINDS),
    model: z.string(),
    baseUrl: z.string().optional(),
    hasApiKey: z.boolean(),
  }),
  systemPrompt: z.string().nullable(),
  answerPrefix: z.string().nullable(),
  sampling: samplingSchema,
  weight: z.number(),
  enabled: z.boolean(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  retired: retiredSchema.nullable(),
  health: z.object({
    breaker: z.enum(['closed', 'open']),
    failuresInARow: z.int(),
    lastError: z.string().nullable(),
  }),
})
export type AdminModel = z.infer<typeof adminModelSchema>

/** What `POST /api/v1/admin/models/:slug/check` found. */
export const checkResultSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  firstTokenMs: z.number().optional(),
})
export type CheckResult = z.infer<typeof checkResultSchema>

const cardRatingSchema = z.object({
  rank: z.int().nullable(),
  rating: z.number().nullable(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  elo: z.number(),
  votes: z.int(),
})

/** The public card of a model: never how it is reached nor what it is told. */
export const modelCardSchema = modelRefSchema.extend({
  description: z.string().nullable(),
  sampling: samplingSchema,
  version: z.int(),
  enabled: z.boolean(),
  createdAt: z.string(),
  retired: retiredSchema.nullable(),
  ratings: z.object(
    Object.fromEntries(
      BOARD_DIMENSIONS.map((dimension) => [dimension, cardRatingSchema.nullable()]),
    ) as Record<(typeof BOARD_DIMENSIONS)[number], z.ZodNullable<typeof cardRatingSchema>>,
  ),
})
export type ModelCard = z.infer<typeof modelCardSchema>
