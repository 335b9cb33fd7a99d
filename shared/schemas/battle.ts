import * as z from 'zod'
import { MAX_COMMENT_CHARACTERS } from '../protocol.ts'
import { idSchema, modelRefSchema, pageQuerySchema, sideSchema, verdictSchema } from './common.ts'

/** How a side's answer ended. */
export const END_REASONS = ['stop', 'length', 'stopped', 'error'] as const
export type EndReason = (typeof END_REASONS)[number]

/** Where a battle stands, as clients are told. */
export const BATTLE_PHASES = ['streaming', 'answered', 'voted', 'expired'] as const
export type BattlePhase = (typeof BATTLE_PHASES)[number]

export const answerErrorSchema = z.object({
  code: z.literal('unavailable'),
  message: z.string(),
  retryable: z.boolean(),
})

export const answerEndSchema = z.object({
  reason: z.enum(END_REASONS),
  error: answerErrorSchema.optional(),
})
export type AnswerEnd = z.infer<typeof answerEndSchema>

// Client to server

export const startSchema = z.strictObject({
  prompt: z.string(),
  language: z.string().max(35).optional(),
  clientBattleKey: z.string().min(1).max(200).optional(),
})
export const continueSchema = z.strictObject({ battleId: idSchema, prompt: z.string() })
export const stopSchema = z.strictObject({ battleId: idSchema, side: sideSchema.optional() })
export const retrySchema = z.strictObject({
  battleId: idSchema,
  side: sideSchema.optional(),
  replace: z.boolean().optional(),
})
export const verdictsSchema = z.strictObject({
  accuracy: verdictSchema,
  helpfulness: verdictSchema,
  language: verdictSchema,
})
export const voteSchema = z.strictObject({
  battleId: idSchema,
  verdicts: verdictsSchema,
})
export const commentSchema = z.strictObject({
  battleId: idSchema,
  comment: z.string().max(MAX_COMMENT_CHARACTERS),
})
export const reactSchema = z.strictObject({
  battleId: idSchema,
  turn: z.int().min(1),
  side: sideSchema,
  reaction: z.enum(['like', 'dislike']).nullable(),
  tags: z.array(z.string().min(1).max(40)).max(10).optional(),
})
const seqSchema = z.int().min(0).max(1_000_000)
export const resumeSchema = z.strictObject({
  battleId: idSchema,
  turn: z.int().min(1),
  from: z.strictObject({ a: seqSchema, b: seqSchema }),
})

// Server to client

const deltaSideSchema = z.object({
  seq: z.int().min(1),
  text: z.string(),
  restart: z.literal(true).optional(),
})
export type DeltaSide = z.infer<typeof deltaSideSchema>

export const deltaSchema = z.object({
  battleId: idSchema,
  turn: z.int(),
  a: deltaSideSchema.optional(),
  b: deltaSideSchema.optional(),
})
export type Delta = z.infer<typeof deltaSchema>

export const endSchema = z.object({
  battleId: idSchema,
  turn: z.int(),
  side: sideSchema,
  seq: z.int().min(0),
  reason: z.enum(END_REASONS),
  error: answerErrorSchema.optional(),
})
export type End = z.infer<typeof endSchema>

// Answers

const sideStateSchema = z.object({ seq: z.int().min(0), end: answerEndSchema.optional() })
export const battleStateSchema = z.object({
  turn: z.int(),
  phase: z.enum(BATTLE_PHASES),
  a: sideStateSchema,
  b: sideStateSchema,
})
export type BattleState = z.infer<typeof battleStateSchema>

/** What one vote did to one model in one dimension; live Elo. */
export const ratingChangeSchema = z.object({
  before: z.number(),
  after: z.number(),
  rankBefore: z.int(),
  rankAfter: z.int(),
  expected: z.number().min(0).max(1),
})
export type RatingChange = z.infer<typeof ratingChangeSchema>

export const sideRatingsSchema = z.object({
  accuracy: ratingChangeSchema,
  helpfulness: ratingChangeSchema,
  language: ratingChangeSchema,
})
export const receiptRatingsSchema = z.object({ a: sideRatingsSchema, b: sideRatingsSchema })
export type ReceiptRatings = z.infer<typeof receiptRatingsSchema>

export const revealSchema = z.object({ a: modelRefSchema, b: modelRefSchema })
export type Reveal = z.infer<typeof revealSchema>

export const receiptSchema = z.object({
  voteId: idSchema,
  reveal: revealSchema,
  ratings: receiptRatingsSchema.nullable(),
})
export type Receipt = z.infer<typeof receiptSchema>

const answerSchema = z.object({
  text: z.string(),
  end: answerEndSchema.optional(),
  /** What the model thought before it answered, if its provider tells; only after the vote. */
  reasoning: z.string().optional(),
})

/** `GET /api/v1/battles/:battleId`; the last three fields only after the vote. */
export const battleViewSchema = z.object({
  battleId: idSchema,
  phase: z.enum(BATTLE_PHASES),
  createdAt: z.string(),
  turns: z.array(z.object({ turn: z.int(), prompt: z.string(), a: answerSchema, b: answerSchema })),
  voteId: idSchema.optional(),
  verdicts: verdictsSchema.optional(),
  models: revealSchema.optional(),
  ratings: receiptRatingsSchema.nullable().optional(),
})
export type BattleView = z.infer<typeof battleViewSchema>

/** The query of `GET /api/v1/battles`. */
export const battleListQuerySchema = pageQuerySchema.extend({
  mine: z.enum(['0', '1', 'true', 'false'], { error: 'must be 1 or left out' }).optional(),
  model: z.string().max(64).optional(),
  opponent: z.string().max(64).optional(),
})

export const battleSummarySchema = z.object({
  battleId: idSchema,
  phase: z.enum(BATTLE_PHASES),
  createdAt: z.string(),
  prompt: z.string(),
  turns: z.int(),
  verdicts: verdictsSchema.optional(),
  models: revealSchema.optional(),
})
export type BattleSummary = z.infer<typeof battleSummarySchema>
