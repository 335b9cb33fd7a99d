import { parseArgs } from 'node:util'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { TIES, type Ties } from '../../shared/ratings/outcomes.ts'
import { OVERALL, RATING_METHODS, type RatingMethod } from '../../shared/ratings/rate.ts'
import { shown, UsageError } from './problems.ts'

/** Fisher's intervals are left out: they are wrong where ties count half. */
const INTERVALS = ['sandwich', 'clustered', 'bootstrap', 'none'] as const
export type Intervals = (typeof INTERVALS)[number]

const FORMATS = ['table', 'json', 'csv'] as const
export type OutputFormat = (typeof FORMATS)[number]

/** The dimension of files that name one winner a row. */
export const ONLY_DIMENSION = 'winner'

const MAX_ORDERS = 10_000

export const USAGE = `usage: npm run ratings -- FILE… [options]
  --method ${RATING_METHODS.join('|')}
  --dimension overall|${DIMENSIONS.join('|')}
  --weights accuracy:2,helpfulness:1,language:1   of overall; equal by default
  --ties ${TIES.join('|')}
  --ci ${INTERVALS.join('|')}
  --anchor MODEL=1114      shifts the scale so that MODEL has this rating
  --k K                    of elo: 4 by default; of elo-permuted: 32
  --seed N, --orders N     of elo-permuted: 1 and 100 by default; --seed also of the bootstrap
  --style                  removes what length and markdown are worth
  --judge human            where the files name kinds of judges
  --format ${FORMATS.join('|')}
  --strict                 ends at the first bad row instead of skipping it
FILE is CSV, JSONL, a JSON array or Parquet, also packed with gzip; - is standard input.`

/** What is to be rated, and how. Undefined: not asked for, so that the default holds. */
export type Options = {
  readonly files: readonly string[]
  readonly method: RatingMethod
  readonly dimension: string | undefined
  /** Per dimension, in their order; not normalized. */
  readonly weights: readonly number[] | undefined
  readonly ties: Ties
  readonly intervals: Intervals | undefined
  readonly anchor: { readonly model: string; readonly rating: number } | undefined
  readonly k: number | undefined
  readonly seed: number
  readonly orders: number
  readonly style: boolean
  readonly judge: string | undefined
  readonly format: OutputFormat
  readonly strict: boolean
  readonly help: boolean
}

/**
 * Understands the arguments of the command, and refuses what contradicts itself.
 *
 * @throws {UsageError} naming the option and why, in one line
 */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const options: Options = {
    files: positionals,
    method: oneOf('method', values.method ?? 'bradley-terry', RATING_METHODS),
    dimension:
      values.dimension === undefined
        ? undefined
        : oneOf('dimension', values.dimension, [OVERALL, ...DIMENSIONS, ONLY_DIMENSION]),
    weights: values.weights === undefined ? undefined : readWeights(values.weights),
    ties: oneOf('ties', values.ties ?? 'half', TIES),
    intervals: values.ci === undefined ? undefined : oneOf('ci', values.ci, INTERVALS),
    anchor: values.anchor === undefined ? undefined : readAnchor(values.anchor),
    k: values.k === undefined ? undefined : readNumber('k', values.k, { above: 0 }),
    seed: readInteger('seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    orders: readInteger('orders', values.orders ?? '100', 1, MAX_ORDERS),
    style: values.style ?? false,
    judge: values.judge,
    format: oneOf('format', values.format ?? 'table', FORMATS),
    strict: values.strict ?? false,
    help: values.help ?? false,
  }
  if (options.help) return options
  if (options.files.length === 0) throw new UsageError('name at least one file of votes')
  refuseContradictions(options, new Set(Object.keys(values)))
  return options
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        method: { type: 'string' },
        dimension: { type: 'string' },
        weights: { type: 'string' },
        ties: { type: 'string' },
        ci: { type: 'string' },
        anchor: { type: 'string' },
        k: { type: 'string' },
        seed: { type: 'string' },
        orders: { type: 'string' },
        style: { type: 'boolean' },
        judge: { type: 'string' },
        format: { type: 'string' },
        strict: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    // Node's advice after the first sentence is about arguments that begin with a dash.
    throw new UsageError(message.split(/\.\s/)[0] ?? message)
  }
}

function refuseContradictions(options: Options, given: ReadonlySet<string>): void {
  const { method, dimension, intervals } = options
  const isElo = method === 'elo' || method === 'elo-permuted'
  if (dimension === OVERALL && method !== 'bradley-terry') refuseOverall(method)
  if (options.weights !== undefined && (dimension ?? OVERALL) !== OVERALL) {
    throw new UsageError(`--weights goes with --dimension overall only, not with ${dimension}`)
  }
  if (options.weights !== undefined && method !== 'bradley-terry') refuseOverall(method)
  if (isElo && (intervals ?? 'none') !== 'none') {
    throw new UsageError(`--ci ${intervals}: there are no intervals for --method ${method}`)
  }
  if (method === 'davidson' && (intervals ?? 'none') !== 'none') {
    throw new UsageError(
      `--ci ${intervals}: intervals of --method davidson come from its information matrix; leave --ci out`,
    )
  }
  if (isElo && options.anchor !== undefined) {
    throw new UsageError(`--anchor goes with bradley-terry and davidson: Elo starts at 1000`)
  }
  if (options.style && method !== 'bradley-terry') {
    throw new UsageError(`--style goes with --method bradley-terry only, not with ${method}`)
  }
  if (options.style && (intervals === 'sandwich' || intervals === 'bootstrap')) {
    throw new UsageError(
      `--ci ${intervals} does not go with --style, whose intervals are clustered by voter; leave --ci out`,
    )
  }
  if (given.has('k') && !isElo) {
    throw new UsageError(`--k goes with --method elo or elo-permuted only, not with ${method}`)
  }
  if (given.has('orders') && method !== 'elo-permuted') {
    throw new UsageError(`--orders goes with --method elo-permuted only, not with ${method}`)
  }
  if (given.has('seed') && method !== 'elo-permuted' && intervals !== 'bootstrap') {
    throw new UsageError('--seed goes with --method elo-permuted or --ci bootstrap only')
  }
}

/** @throws {UsageError} always: only Bradley–Terry joins the dimensions to one scale */
export function refuseOverall(method: RatingMethod): never {
  throw new UsageError(
    `--method ${method} has no overall board: add --dimension ${DIMENSIONS.join('|')}`,
  )
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found !== undefined) return found
  throw new UsageError(`--${option} must be one of ${allowed.join(', ')}, not ${shown(value)}`)
}

function readWeights(text: string): readonly number[] {
  const weights = new Map<string, number>()
  for (const part of text.split(',')) {
    const [name = '', value, ...rest] = part.split(':')
    const dimension = DIMENSIONS.find((each) => each === name)
    if (dimension === undefined || value === undefined || rest.length > 0) {
      throw new UsageError(
        `--weights must look like accuracy:2,helpfulness:1,language:1, not ${shown(part)}`,
      )
    }
    if (weights.has(dimension)) throw new UsageError(`--weights names ${dimension} twice`)
    weights.set(dimension, readNumber('weights', value, { atLeast: 0 }))
  }
  const given = DIMENSIONS.map((dimension) => weights.get(dimension) ?? 0)
  if (given.every((weight) => weight === 0)) {
    throw new UsageError('--weights must give at least one dimension more than 0')
  }
  return given
}

/** The name may hold `=` itself: the last one counts. */
function readAnchor(text: string): { model: string; rating: number } {
  const at = text.lastIndexOf('=')
  if (at <= 0) throw new UsageError(`--anchor must look like MODEL=1114, not ${shown(text)}`)
  return { model: text.slice(0, at), rating: readNumber('anchor', text.slice(at + 1), {}) }
}

function readNumber(
  option: string,
  text: string,
  { above = Number.NEGATIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY },
): number {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value) && value > above && value >= atLeast) return value
  const bound = above === 0 ? ' above 0' : atLeast === 0 ? ' from 0' : ''
  throw new UsageError(`--${option} needs a number${bound}, not ${shown(text)}`)
}

function readInteger(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new UsageError(
    `--${option} needs a whole number from ${least} to ${most}, not ${shown(text)}`,
  )
}
