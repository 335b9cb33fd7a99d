import * as z from 'zod'
import { BOARD_DIMENSIONS, DIMENSIONS } from '../dimensions.ts'
import { modelRefSchema } from './common.ts'

/** The rating methods that boards offer. Bradley–Terry joins them with the exact engine. */
export const METHODS = ['elo'] as const

/** The kinds of voters that have boards of their own. */
export const JUDGES = ['human'] as const

/** The weights under which `overall` is derived when the reader names none. */
export const EQUAL_WEIGHTS = 'accuracy:1,helpfulness:1,language:1'

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

/** A filter that later boards offer: for now only its default may be named. */
const onlyDefault = <T extends string>(name: string, value: T) =>
  z.literal(value, { error: `only ${value} until boards can be sliced by ${name}` }).default(value)

/** The fields of a slice, each with its default; {@link sliceSchema} holds them together. */
const sliceFields = z.strictObject({
  dimension: z.enum(BOARD_DIMENSIONS).default('overall'),
  method: z
    .enum(METHODS, { error: 'must be elo: other methods come with the exact rating engine' })
    .default('elo'),
  language: z
    .null({ error: 'boards cannot be sliced by language yet: leave it out' })
    .default(null),
  category: z
    .null({ error: 'boards cannot be sliced by category yet: leave it out' })
    .default(null),
  judge: z
    .enum(JUDGES, { error: 'must be human: other judges have no boards yet' })
    .default('human'),
  turns: onlyDefault('turns', 'both'),
  style: z
    .preprocess(
      (value) => (value === 'false' || value === '0' ? false : value),
      z.literal(false, { error: 'style control comes with the exact rating engine' }),
    )
    .default(false),
  weights: weightsSchema.nullable().default(null),
})

/**
 * The filter under a board, as the query of `GET /api/v1/leaderboard` and as the `slice` of the
 * socket calls. Parsing fills in every default, so that equal slices have equal forms.
 */
export const sliceSchema = sliceFields.transform((slice, context) => {
  if (slice.dimension === 'overall') {
    return { ...slice, weights: slice.weights ?? EQUAL_WEIGHTS }
  }
  if (slice.weights !== null) {
    context.addIssue({
      code: 'custom',
      path: ['weights'],
      message: 'goes with dimension=overall only',
    })
    return z.NEVER
  }
  return slice
})
export type Slice = z.infer<typeof sliceSchema>
export type SliceInput = z.input<typeof sliceSchema>

export const BOARD_FORMATS = ['json', 'csv'] as const
export type BoardFormat = (typeof BOARD_FORMATS)[number]

/** The query of `GET /api/v1/leaderboard`. */
export const boardQuerySchema = sliceFields.extend({
  format: z.enum(BOARD_FORMATS, { error: 'must be json or csv' }).default('json'),
})

export const ROW_STATUSES = ['rated', 'unbounded-above', 'unbounded-below', 'disconnected'] as const

/** One model on a board. Rating, interval and ranks are null where they do not exist. */
export const boardRowSchema = z.object({
  rank: z.int().nullable(),
  rankUb: z.int().nullable(),
  rankLow: z.int().nullable(),
  rankHigh: z.int().nullable(),
  model: modelRefSchema,
  rating: z.number().nullable(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  elo: z.number(),
  votes: z.int(),
  wins: z.int(),
  losses: z.int(),
  ties: z.int(),
  bothBad: z.int(),
  status: z.enum(ROW_STATUSES),
  provisional: z.boolean(),
})
export type BoardRow = z.infer<typeof boardRowSchema>

/** What `GET /api/v1/leaderboard` answers. `version` only grows, also over restarts. */
export const boardSchema = z.object({
  version: z.int(),
  generatedAt: z.string(),
  slice: z.object({
    dimension: z.enum(BOARD_DIMENSIONS),
    method: z.enum(METHODS),
    language: z.string().nullable(),
    category: z.string().nullable(),
    judge: z.enum(JUDGES),
    turns: z.literal('both'),
    style: z.boolean(),
    weights: z.string().nullable(),
  }),
  votes: z.int(),
  rows: z.array(boardRowSchema),
})
export type Board = z.infer<typeof boardSchema>

export const subscribeSchema = z.strictObject({ slice: sliceSchema })

export const boardUpdateSchema = z.object({
  slice: boardSchema.shape.slice,
  version: z.int(),
  since: z.int(),
  votes: z.int(),
  rows: z.array(boardRowSchema),
})
export type BoardUpdate = z.infer<typeof boardUpdateSchema>
