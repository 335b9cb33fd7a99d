import * as z from 'zod'
import { BOARD_DIMENSIONS } from '../dimensions.ts'
import { modelRefSchema } from './common.ts'
import { isJson } from './json.ts'
import { lineSchema, nameSchema, textSchema, withoutTricks } from './text.ts'

/** Words that stand where a slug stands in the calls of administrators. */
const RESERVED_SLUGS = new Set(['export', 'import'])

export const slugSchema = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    'must be lower-case letters and digits, joined by single -, _ or .',
  )
  .refine((slug) => !RESERVED_SLUGS.has(slug), 'is a word of this API')

const baseUrlSchema = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      context.addIssue({ code: 'custom', message: 'must be an http:// or https:// address' })
    } else if (url.username !== '' || url.password !== '') {
      context.addIssue({ code: 'custom', message: 'must not hold a user name or a password' })
    } else if (/[?#]/.test(text)) {
      context.addIssue({ code: 'custom', message: 'must not hold a query or a fragment' })
    }
  })
/** An address that people are sent to. */
const linkUrlSchema = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    return (
      (url?.protocol === 'http:' || url?.protocol === 'https:') &&
      url.username === '' &&
      url.password === '' &&
      // What a browser would mend, or hide.
      !/[\s\p{C}<>"\\]/u.test(text)
    )
  }, 'must be an http:// or https:// address without a user name')

const upstreamModelSchema = lineSchema(200)
// A key travels in a header: visible ASCII only, so that no value can break out of it.
const apiKeySchema = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII')

const apiVersionSchema = z.string().regex(/^[\w.-]{1,40}$/, 'must look like 2024-10-21')

/**
 * Ways in which servers that speak OpenAI's API differ: which fields they know, how they name them,
 * how they are shown a key. `generic` sends what most of them know.
 */
export const DIALECTS = [
  'generic',
  'openai',
  'azure',
  'openrouter',
  'mistral',
  'groq',
  'deepseek',
  'together',
  'vllm',
  'llamacpp',
  'ollama',
  'lmstudio',
] as const
export type Dialect = (typeof DIALECTS)[number]

const MAX_EXTRA_CHARACTERS = 4000
/** Fields of a request body that are the arena's own. */
export const OWN_BODY_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'contents',
  'system',
  'systemInstruction',
  'system_instruction',
  'stream',
  'stream_options',
  'n',
])

const MAX_EXTRA_LEVELS = 16
// Not zod's own schema of JSON, which follows what is nested until its stack ends, and has no end in
// an OpenAPI document.
const jsonSchema = z
  .custom<z.core.util.JSONType>(
    (value) => isJson(value, MAX_EXTRA_LEVELS),
    `must be JSON of at most ${MAX_EXTRA_LEVELS} levels`,
  )
  .meta({
    type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
    description: 'Any JSON',
  })

/** Further fields of the request body, sent as they are: `reasoning_effort`, `thinking`, … */
const extraSchema = z
  .record(z.string().regex(/^[A-Za-z_][\w.-]{0,63}$/, 'must be a field name'), jsonSchema)
  .refine(
    // What is nested without end has been refused already, and would end the stack here.
    (extra) =>
      !isJson(extra, MAX_EXTRA_LEVELS + 1) || JSON.stringify(extra).length <= MAX_EXTRA_CHARACTERS,
    `must have at most ${MAX_EXTRA_CHARACTERS} characters as JSON`,
  )
  .superRefine((extra, context) => {
    for (const name of Object.keys(extra)) {
      if (!OWN_BODY_FIELDS.has(name)) continue
      context.addIssue({ code: 'custom', path: [name], message: 'is set by the arena' })
    }
  })
export type ExtraFields = z.infer<typeof extraSchema>

export const PROVIDER_KINDS = ['onnx', 'openai-compatible', 'anthropic', 'google'] as const

const onnxProviderSchema = z.strictObject({ kind: z.literal('onnx'), model: upstreamModelSchema })
const openAiProviderSchema = z.strictObject({
  kind: z.literal('openai-compatible'),
  baseUrl: baseUrlSchema,
  model: upstreamModelSchema,
  apiKey: apiKeySchema.optional(),
  /** Guessed from the address where it is left out. */
  dialect: z.enum(DIALECTS).optional(),
  /** Azure's `api-version`. */
  apiVersion: apiVersionSchema.optional(),
  extra: extraSchema.optional(),
})
const anthropicProviderSchema = z.strictObject({
  kind: z.literal('anthropic'),
  model: upstreamModelSchema,
  apiKey: apiKeySchema,
  baseUrl: baseUrlSchema.optional(),
  extra: extraSchema.optional(),
})
const googleProviderSchema = anthropicProviderSchema.extend({ kind: z.literal('google') })

/** How to reach a model. `baseUrl` ends before `/chat/completions`. */
export const providerSchema = z.discriminatedUnion('kind', [
  onnxProviderSchema,
  openAiProviderSchema,
  anthropicProviderSchema,
  googleProviderSchema,
])
export type ProviderInput = z.infer<typeof providerSchema>

/** The same where the key is stored already, or given afterwards. */
export const keylessProviderSchema = z.discriminatedUnion('kind', [
  onnxProviderSchema,
  openAiProviderSchema,
  anthropicProviderSchema.partial({ apiKey: true }),
  googleProviderSchema.partial({ apiKey: true }),
])
export type KeylessProviderInput = z.infer<typeof keylessProviderSchema>

/** A provider as it is stored and shown to administrators: without its key. */
export type ProviderDefinition =
  | { kind: 'onnx'; model: string }
  | {
      kind: 'openai-compatible'
      baseUrl: string
      model: string
      dialect?: Dialect | undefined
      apiVersion?: string | undefined
      extra?: ExtraFields | undefined
    }
  | {
      kind: 'anthropic' | 'google'
      model: string
      baseUrl?: string | undefined
      extra?: ExtraFields | undefined
    }

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

/** How much goes in and comes out at most; part of what answers, so that a change is a version. */
export const capsSchema = z.strictObject({
  /** Characters of the system prompt and the conversation together. */
  maxInputCharacters: z.int().min(1).max(10_000_000).optional(),
  /** Tokens of one answer, reasoning included. */
  maxOutputTokens: z.int().min(1).max(100_000).optional(),
})
export type Caps = z.infer<typeof capsSchema>

/** How much a model may be asked; days are UTC days. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).max(100_000).optional(),
  concurrentRequests: z.int().min(1).max(10_000).optional(),
  /** Input and output together. */
  tokensPerDay: z.int().min(1).max(1_000_000_000_000).optional(),
  /** In US dollars; needs `prices`. */
  costPerDay: z.number().gt(0).max(1_000_000).optional(),
})
export type ModelLimits = z.infer<typeof limitsSchema>

/** US dollars per million tokens. */
export const pricesSchema = z.strictObject({
  inputPerMillion: z.number().min(0).max(10_000),
  outputPerMillion: z.number().min(0).max(10_000),
})
export type Prices = z.infer<typeof pricesSchema>

/** What a change names of a group is laid over what is stored; null takes a field away. */
const capsChangeSchema = z.strictObject({
  maxInputCharacters: capsSchema.shape.maxInputCharacters.nullable(),
  maxOutputTokens: capsSchema.shape.maxOutputTokens.nullable(),
})
const limitsChangeSchema = z.strictObject({
  requestsPerMinute: limitsSchema.shape.requestsPerMinute.nullable(),
  concurrentRequests: limitsSchema.shape.concurrentRequests.nullable(),
  tokensPerDay: limitsSchema.shape.tokensPerDay.nullable(),
  costPerDay: limitsSchema.shape.costPerDay.nullable(),
})

const TAG = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._+-]{0,30}[\p{L}\p{M}\p{N}+])?$/u
const tagsSchema = z
  .array(withoutTricks(z.string().regex(TAG, 'must be a short word')))
  .max(12)
  .refine((tags) => new Set(tags).size === tags.length, 'must not name a tag twice')

const linkSchema = z.strictObject({ label: nameSchema(60), url: linkUrlSchema })
const linksSchema = z.array(linkSchema).max(8)
export type ModelLink = z.infer<typeof linkSchema>

/** The body of `POST /api/v1/admin/models`. */
export const registrationSchema = z.strictObject({
  slug: slugSchema,
  name: nameSchema(80),
  organization: nameSchema(80),
  license: nameSchema(80),
  description: textSchema(4000).optional(),
  provider: providerSchema,
  systemPrompt: textSchema(20_000).optional(),
  answerPrefix: textSchema(1000).optional(),
  sampling: samplingSchema.optional(),
  weight: z.number().min(0).max(1000).optional(),
  enabled: z.boolean().optional(),
  caps: capsSchema.optional(),
  limits: limitsSchema.optional(),
  prices: pricesSchema.optional(),
  tags: tagsSchema.optional(),
  links: linksSchema.optional(),
})
export type Registration = z.infer<typeof registrationSchema>

/**
 * The body of `PATCH /api/v1/admin/models/:slug`: any field but the slug; null clears an optional
 * one. A `provider` of the same kind, `caps`, `limits` and `prices` may name only what changes;
 * `sampling` is replaced whole.
 */
export const changeSchema = registrationSchema
  .omit({ slug: true, provider: true })
  .partial()
  .extend({
    description: textSchema(4000).nullable().optional(),
    systemPrompt: textSchema(20_000).nullable().optional(),
    answerPrefix: textSchema(1000).nullable().optional(),
    sampling: samplingSchema.nullable().optional(),
    caps: capsChangeSchema.nullable().optional(),
    limits: limitsChangeSchema.nullable().optional(),
    prices: pricesSchema.partial().nullable().optional(),
    tags: tagsSchema.nullable().optional(),
    links: linksSchema.nullable().optional(),
    provider: z
      .strictObject({
        kind: z.enum(PROVIDER_KINDS).optional(),
        model: upstreamModelSchema.optional(),
        /** Null: the company's own address again. */
        baseUrl: baseUrlSchema.nullable().optional(),
        apiKey: apiKeySchema.optional(),
        dialect: z.enum(DIALECTS).nullable().optional(),
        apiVersion: apiVersionSchema.nullable().optional(),
        extra: extraSchema.nullable().optional(),
      })
      .optional(),
  })
export type Change = z.infer<typeof changeSchema>

export const retireSchema = z.strictObject({ reason: lineSchema(500).optional() })

export const retiredSchema = z.object({ at: z.string(), reason: z.string().nullable() })
export type Retired = z.infer<typeof retiredSchema>

/** The body of `POST …/pause`. */
export const pauseSchema = z.strictObject({ reason: lineSchema(500).optional() })

/**
 * Why a model is drawn or not: `ready`; `paused` by an administrator; `failing`, its breaker is
 * open; `on-trial`, half-open: one answer at a time until one succeeds; `limited`, a limit of its
 * own is reached; `cooling`, its provider asked to be left alone for a while; `not-running`, the
 * local inference does not serve it; `unweighted`, its weight is 0; `retired`.
 */
export const MODEL_STATUSES = [
  'ready',
  'paused',
  'failing',
  'on-trial',
  'limited',
  'cooling',
  'not-running',
  'unweighted',
  'retired',
] as const
export type ModelStatus = (typeof MODEL_STATUSES)[number]

const percentilesSchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number() })

/** What happened to a model in one hour; times of answers, not of probes. */
const activityHourSchema = z.object({
  at: z.string(),
  answers: z.int(),
  failures: z.int(),
  firstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
})

/** How a model has fared in battles: the last 24 hours, and what it cost. */
export const activitySchema = z.object({
  answers: z.int(),
  failures: z.int(),
  firstTokenMs: percentilesSchema.nullable(),
  /** Of output tokens, from the first on; here the slow tail is the low one: p50, p10, p1. */
  tokensPerSecond: z.object({ p50: z.number(), p10: z.number(), p1: z.number() }).nullable(),
  /** Answers that are being written now. */
  inFlight: z.int(),
  /** Since midnight UTC, input and output. */
  tokensToday: z.int(),
  /** US dollars; null without prices. */
  costToday: z.number().nullable(),
  costTotal: z.number().nullable(),
  /** 24 entries, the oldest first, the present hour last. */
  hours: z.array(activityHourSchema),
})
export type Activity = z.infer<typeof activitySchema>

/** A model as administrators see it: all but the key. */
export const adminModelSchema = modelRefSchema.extend({
  description: z.string().nullable(),
  provider: z.object({
    kind: z.enum(PROVIDER_KINDS),
    model: z.string(),
    baseUrl: z.string().optional(),
    hasApiKey: z.boolean(),
    dialect: z.enum(DIALECTS).optional(),
    apiVersion: z.string().optional(),
    extra: extraSchema.optional(),
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
  caps: capsSchema,
  limits: limitsSchema,
  prices: pricesSchema.nullable(),
  tags: tagsSchema,
  links: linksSchema,
  status: z.enum(MODEL_STATUSES),
  /** The same in words, where there is more to say. */
  statusReason: z.string().nullable(),
  /** What an administrator should know of how it is set, one sentence each. */
  notes: z.array(z.string()),
  health: z.object({
    breaker: z.enum(['closed', 'open', 'half-open']),
    failuresInARow: z.int(),
    lastError: z.string().nullable(),
    /** When an open breaker asks the model again. */
    nextProbeAt: z.string().nullable(),
    lastProbe: z
      .object({
        at: z.string(),
        ok: z.boolean(),
        error: z.string().optional(),
        firstTokenMs: z.number().optional(),
      })
      .nullable(),
    lastAnswerAt: z.string().nullable(),
  }),
  activity: activitySchema,
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

const versionRatingSchema = cardRatingSchema.omit({ rank: true, elo: true })

/** The public card of a model: never how it is reached nor what it is told. */
export const modelCardSchema = modelRefSchema.extend({
  description: z.string().nullable(),
  sampling: samplingSchema,
  version: z.int(),
  enabled: z.boolean(),
  createdAt: z.string(),
  retired: retiredSchema.nullable(),
  prices: pricesSchema.nullable(),
  tags: z.array(z.string()),
  links: z.array(z.object({ label: z.string(), url: z.string() })),
  ratings: z.object(
    Object.fromEntries(
      BOARD_DIMENSIONS.map((dimension) => [dimension, cardRatingSchema.nullable()]),
    ) as Record<(typeof BOARD_DIMENSIONS)[number], z.ZodNullable<typeof cardRatingSchema>>,
  ),
})
export type ModelCard = z.infer<typeof modelCardSchema>

/** One version of a model, rated as a contestant of its own. */
export const modelVersionSchema = z.object({
  version: z.int(),
  /** When it began to answer. */
  from: z.string(),
  /** When the next one did, or the model was retired; null while it answers. */
  until: z.string().nullable(),
  sampling: samplingSchema,
  ratings: z.object(
    Object.fromEntries(
      BOARD_DIMENSIONS.map((dimension) => [dimension, versionRatingSchema.nullable()]),
    ) as Record<(typeof BOARD_DIMENSIONS)[number], z.ZodNullable<typeof versionRatingSchema>>,
  ),
  /** Its ratings over time, by dimension: the oldest first. */
  history: z.array(
    z.object({
      at: z.string(),
      dimension: z.enum(BOARD_DIMENSIONS),
      rating: z.number().nullable(),
      ciLow: z.number().nullable(),
      ciHigh: z.number().nullable(),
      votes: z.int(),
    }),
  ),
})
export type ModelVersionView = z.infer<typeof modelVersionSchema>

/** The answer of `GET /api/v1/models/:slug/versions`, the newest first. */
export const modelVersionsSchema = z.object({
  items: z.array(modelVersionSchema),
  /** False while some of their past is still being computed: it will be there in a moment. */
  complete: z.boolean(),
})
export type ModelVersions = z.infer<typeof modelVersionsSchema>
