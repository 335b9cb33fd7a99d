import * as z from 'zod'
import {
  BOARD_FORMATS,
  EQUAL_WEIGHTS,
  INTERVAL_KINDS,
  JUDGES,
  METHODS,
  ROW_STATUSES,
  TURNS,
} from '../boards.ts'
import { CATEGORIES } from '../categories.ts'
import { BOARD_DIMENSIONS, DIMENSIONS } from '../dimensions.ts'
import { modelRefSchema } from './common.ts'
import { momentSchema } from './export.ts'

const WEIGHTS_FORM = new RegExp(
  `^(?:${DIMENSIONS.join('|')}):\\d+(?:\\.\\d+)?(?:,(?:${DIMENSIONS.join('|')}):\\d+(?:\\.\\d+)?)*$`,
)

/**
 * `accuracy:2,helpfulness:1,language:1` brought into one form: every dimension named once, in the
 * order of the contract. Dimensions left out weigh nothing.
 */
const weightsSchema = z
  .string()
  .regex(WEIGHTS_FORM, 'must look like accuracy:2,helpfulness:1,language:1')
  .transform((text, context) => {
    const weights = new Map<string, number>()
    for (const part of text.split(',')) {
      const [name = '', value = ''] = part.split(':')
      if (weights.has(name)) {
        context.addIssue({ code: 'custom', message: `names ${name} twice` })
        return z.NEVER
      }
      weights.set(name, Number(value))
    }
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
    if (!(total > 0) || total > 1e6) {
      context.addIssue({ code: 'custom', message: 'must add up to more than 0 (and at most 1e6)' })
      return z.NEVER
    }
    return DIMENSIONS.map((dimension) => `${dimension}:${weights.get(dimension) ?? 0}`).join(',')
  })

const LANGUAGE_NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

/** Whether a code is one that prompts are filed under: ISO 639-1, or `und`. */
function isLanguage(code: string): boolean {
  return code === 'und' || (/^[a-z]{2}$/.test(code) && LANGUAGE_NAMES.of(code) !== undefined)
}

/** The fields of a slice, each with its default; {@link sliceSchema} holds them together. */
const sliceFields = z.strictObject({
  dimension: z.enum(BOARD_DIMENSIONS).default('overall'),
  method: z.enum(METHODS).default('bradley-terry'),
  language: z
    .string()
    .refine(isLanguage, 'must be a language of ISO 639-1, or und')
    .nullable()
    .default(null),
  category: z
    .enum(CATEGORIES, { error: `must be one of ${CATEGORIES.join(', ')}` })
    .nullable()
    .default(null),
  judge: z.enum(JUDGES).default('human'),
  turns: z.enum(TURNS).default('both'),
  style: z
    .preprocess(
      (value) =>
        value === 'false' || value === '0' ? false : value === 'true' || value === '1' || value,
      z.boolean({ error: 'must be true or false' }),
    )
    .default(false),
  weights: weightsSchema.nullable().default(null),
})

/**
 * The filter under a board, as the query of `GET /api/v1/leaderboard` and as the `slice` of the
 * socket calls. Parsing fills in every default, so that equal slices have equal forms.
 */
export const sliceSchema = sliceFields.transform((slice, context) => {
  const refuse = (field: keyof typeof slice, message: string) => {
    context.addIssue({ code: 'custom', path: [field], message })
    return z.NEVER
  }
  if (slice.style && slice.method !== 'bradley-terry') {
    return refuse('style', 'goes with method=bradley-terry only')
  }
  if (slice.dimension === 'overall') {
    if (slice.method === 'davidson') {
      return refuse(
        'method',
        'davidson goes with a single dimension: how often people tie differs between the questions',
      )
    }
    return { ...slice, weights: slice.weights ?? EQUAL_WEIGHTS }
  }
  return slice.weights === null ? slice : refuse('weights', 'goes with dimension=overall only')
})
export type Slice = z.infer<typeof sliceSchema>
export type SliceInput = z.input<typeof sliceSchema>

/** The query of `GET /api/v1/leaderboard` and of `GET /api/v1/pairs`. */
export const boardQuerySchema = sliceFields.extend({
  format: z.enum(BOARD_FORMATS, { error: 'must be json or csv' }).default('json'),
})

/**
 * One model on a board. Rating, standard error, interval and ranks are null where they do not exist.
 * Ratings, errors and intervals are Elo points; shares lie in [0, 1].
 */
export const boardRowSchema = z.object({
  rank: z.int().nullable(),
  rankUb: z.int().nullable(),
  rankLow: z.int().nullable(),
  rankHigh: z.int().nullable(),
  model: modelRefSchema,
  rating: z.number().nullable(),
  se: z.number().nullable(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  elo: z.number(),
  votes: z.int(),
  wins: z.int(),
  losses: z.int(),
  ties: z.int(),
  bothBad: z.int(),
  bothBadRate: z.number().nullable(),
  bothBadLow: z.number().nullable(),
  bothBadHigh: z.number().nullable(),
  status: z.enum(ROW_STATUSES),
  provisional: z.boolean(),
})
export type BoardRow = z.infer<typeof boardRowSchema>

/** An estimate with its standard error and 95 % interval, in logits. */
const coefficientFields = {
  coefficient: z.number(),
  se: z.number(),
  ciLow: z.number(),
  ciHigh: z.number(),
}

/** What a board says beside its rows. */
const boardFacts = {
  generatedAt: z.string(),
  /** `version`: the board version whose votes the intervals are of; they may lag by 2 s. */
  intervals: z.object({ kind: z.enum(INTERVAL_KINDS), version: z.int(), voters: z.int() }),
  /** What was said, counted once per verdict. */
  outcomes: z.object({
    decisive: z.int(),
    ties: z.int(),
    bothBad: z.int(),
    skipped: z.int(),
  }),
  /** Davidson's tie parameter; null under other methods. */
  nu: z.number().nullable(),
  /** What standing on the left is worth, in logits; 0 if it does not matter. */
  position: z.object(coefficientFields).nullable(),
  /** What one standard deviation more of each feature is worth, in logits; with `style` only. */
  styleEffects: z.array(z.object({ feature: z.string(), ...coefficientFields })).nullable(),
  /** How firmly the first one leads: the fewest votes whose removal would give the lead away. */
  leader: z
    .object({
      model: z.string(),
      runnerUp: z.string(),
      gap: z.number(),
      votesToFlip: z.int(),
      share: z.number(),
    })
    .nullable(),
  /** What computed it: changes whenever equal votes may give other bits. */
  engine: z.string(),
}

const fullSliceSchema = z.object({
  dimension: z.enum(BOARD_DIMENSIONS),
  method: z.enum(METHODS),
  language: z.string().nullable(),
  category: z.string().nullable(),
  judge: z.enum(JUDGES),
  turns: z.enum(TURNS),
  style: z.boolean(),
  weights: z.string().nullable(),
})

/** What `GET /api/v1/leaderboard` answers. `version` only grows, also over restarts. */
export const boardSchema = z.object({
  version: z.int(),
  slice: fullSliceSchema,
  votes: z.int(),
  rows: z.array(boardRowSchema),
  ...boardFacts,
})
export type Board = z.infer<typeof boardSchema>

export const subscribeSchema = z.strictObject({ slice: sliceSchema })

/** What takes a held board to a later version: whole rows that changed, and all beside them. */
export const boardUpdateSchema = z.object({
  slice: fullSliceSchema,
  version: z.int(),
  since: z.int(),
  votes: z.int(),
  rows: z.array(boardRowSchema),
  ...boardFacts,
})
export type BoardUpdate = z.infer<typeof boardUpdateSchema>

/**
 * The battles of two models as `a` (the earlier slug) saw them, played or not; `expected` is the share
 * of wins that the board predicts for `a`, a tie being half a win.
 */
export const pairCellSchema = z.object({
  a: z.string(),
  b: z.string(),
  wins: z.int(),
  losses: z.int(),
  ties: z.int(),
  bothBad: z.int(),
  expected: z.number().nullable(),
})
export type PairCell = z.infer<typeof pairCellSchema>

/** What `GET /api/v1/pairs` answers: the win matrix of a board, every pair once, by slug. */
export const pairsSchema = z.object({
  version: z.int(),
  generatedAt: z.string(),
  slice: fullSliceSchema,
  models: z.array(modelRefSchema),
  cells: z.array(pairCellSchema),
})
export type Pairs = z.infer<typeof pairsSchema>

/** The query of `GET /api/v1/leaderboard/history`; `from` is included, `to` is not. */
export const historyQuerySchema = z.strictObject({
  dimension: z.enum(BOARD_DIMENSIONS).default('overall'),
  model: z.string().min(1).max(200).optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
})
export type HistoryQuery = z.infer<typeof historyQuerySchema>

/** Where a model stood at a moment, on the board of people's votes. */
export const historyPointSchema = z.object({
  at: z.string(),
  model: z.string(),
  rating: z.number().nullable(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  elo: z.number(),
  votes: z.int(),
})
export type HistoryPoint = z.infer<typeof historyPointSchema>

/** What `GET /api/v1/leaderboard/history` answers, ordered by time. */
export const historySchema = z.object({ points: z.array(historyPointSchema) })
export type History = z.infer<typeof historySchema>
