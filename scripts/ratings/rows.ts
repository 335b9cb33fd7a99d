import { DIMENSIONS } from '../../shared/dimensions.ts'
import { OUTCOME_SKIP } from '../../shared/ratings/outcomes.ts'
import { flagOf, isEmpty, outcomeOfChoice, outcomeOfFlags, outcomeOfWinner } from './labels.ts'
import { flaw, shown, type Flaw } from './problems.ts'

/** A row as its file has it: undefined where there is no such column. */
export type Row = Readonly<Record<string, unknown>>

const DIMENSION_COLUMNS = DIMENSIONS.map((dimension) => `winner_${dimension}`)
const FLAG_COLUMNS = ['winner_model_a', 'winner_model_b', 'winner_tie'] as const
const STYLE_COLUMNS = [
  'tokens_a',
  'tokens_b',
  'headers_a',
  'headers_b',
  'lists_a',
  'lists_b',
  'bold_a',
  'bold_b',
] as const

/** Every column that any vote is read from; the others, texts above all, are left alone. */
const VOTE_COLUMNS: readonly string[] = [
  'model_a',
  'model_b',
  'left',
  'right',
  'winner',
  ...DIMENSION_COLUMNS,
  ...FLAG_COLUMNS,
  'choice',
  'voter',
  'judge',
  'tstamp',
  'weight',
  'anony',
]

/** What is read of a file beside who met whom, with what outcome. */
export type Extras = {
  /** How the answers look. */
  readonly style: boolean
  /** Which battle was judged. */
  readonly battles: boolean
}

/** The columns that are read of a file, as far as it has them. */
export function columnsToRead({ style, battles }: Extras): ReadonlySet<string> {
  return new Set([
    ...VOTE_COLUMNS,
    ...(battles ? ['battle_id'] : []),
    ...(style ? ['conv_metadata', ...STYLE_COLUMNS] : []),
  ])
}

/** How the verdicts of a file are written. */
export type Verdicts = 'dimensions' | 'winner' | 'flags' | 'choice'

/** Which columns of a file name the two models and the verdicts. */
export type Shape = {
  readonly left: string
  readonly right: string
  readonly verdicts: Verdicts
}

/** What a file must have, in words for people. */
export const REQUIRED =
  'model_a, model_b (or left, right) and winner (or winner_accuracy, winner_helpfulness, winner_language)'

/** How votes are written in a file with these columns; undefined if it holds none. */
export function shapeOf(columns: Iterable<string>): Shape | undefined {
  const found = new Set(columns)
  const pair = [
    ['model_a', 'model_b'],
    ['left', 'right'],
  ].find((names) => names.every((name) => found.has(name)))
  const [left, right] = pair ?? []
  const verdicts = verdictsOf(found)
  if (left === undefined || right === undefined || verdicts === undefined) return undefined
  return { left, right, verdicts }
}

function verdictsOf(found: ReadonlySet<string>): Verdicts | undefined {
  if (DIMENSION_COLUMNS.some((column) => found.has(column))) return 'dimensions'
  if (found.has('winner')) return 'winner'
  if (FLAG_COLUMNS.every((column) => found.has(column))) return 'flags'
  return found.has('choice') ? 'choice' : undefined
}

/** A row understood. */
export type FileVote = {
  readonly modelA: string
  readonly modelB: string
  /** One outcome code per dimension of the file: three, or one. */
  readonly outcomes: readonly number[]
  /** null: its own voter. */
  readonly voter: string | null
  /** The kind of judge; undefined where the file names none. */
  readonly judge: string | undefined
  readonly battle: string | null
  readonly weight: number
  /** False where the voter knew the models: such votes are not rated. */
  readonly anonymous: boolean
  /** {@link STYLE_COLUMNS} in this order, NaN where unknown; null where all are. */
  readonly style: readonly number[] | null
}

/**
 * A vote from a row of a file of this shape, or what is wrong with the row.
 *
 * @param extras what is not wanted is null in the vote
 */
export function readVote(row: Row, shape: Shape, extras: Extras): FileVote | Flaw {
  const modelA = readName(row, shape.left)
  if (typeof modelA !== 'string') return modelA
  const modelB = readName(row, shape.right)
  if (typeof modelB !== 'string') return modelB
  if (modelA === modelB) return flaw('self-battle', `${shown(modelA)} against itself`)
  const outcomes = readOutcomes(row, shape.verdicts)
  if ('kind' in outcomes) return outcomes
  const weight = isEmpty(row['weight']) ? 1 : numberOf(row['weight'])
  if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
    return flaw('bad weight', `${shown(row['weight'])} is no number from 0`)
  }
  if (!isEmpty(row['tstamp']) && !isTime(row['tstamp'])) {
    return flaw('bad time', `tstamp ${shown(row['tstamp'])} is neither seconds nor a date`)
  }
  const style = extras.style ? readStyle(row) : null
  if (style !== null && 'kind' in style) return style
  // FastChat's `judge` is who judged; beside a voter it is the kind of judge.
  const named = row['voter'] !== undefined
  return {
    modelA,
    modelB,
    outcomes,
    voter: readId(named ? row['voter'] : row['judge']),
    judge: named ? (readId(row['judge']) ?? undefined) : undefined,
    battle: extras.battles ? readId(row['battle_id']) : null,
    weight,
    anonymous: flagOf(row['anony']) !== false,
    style,
  }
}

function readName(row: Row, column: string): string | Flaw {
  const value = row[column]
  if (value === undefined) return flaw('missing column', `there is no ${column}`)
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) {
    return String(value)
  }
  if (isEmpty(value) || (typeof value === 'string' && value.trim() === '')) {
    return flaw('empty name', `${column} names no model`)
  }
  // "NaN" is what data frames write where a name is missing.
  if (typeof value !== 'string' || value === 'NaN' || value === 'nan') {
    return flaw('not a name', `${column} is ${shown(value)}`)
  }
  return value
}

function readOutcomes(row: Row, verdicts: Verdicts): readonly number[] | Flaw {
  switch (verdicts) {
    case 'dimensions':
      return readDimensions(row)
    case 'winner': {
      const label = row['winner']
      const outcome = outcomeOfWinner(label)
      if (outcome !== undefined) return [outcome]
      if (isEmpty(label)) return flaw('no winner', 'winner is empty')
      return flaw('unknown label', `winner is ${shown(label)}`)
    }
    case 'choice': {
      const outcome = outcomeOfChoice(row['choice'])
      return outcome === undefined
        ? flaw('unknown label', `choice is ${shown(row['choice'])}`)
        : [outcome]
    }
    case 'flags': {
      const flags = FLAG_COLUMNS.map((column) => row[column])
      const outcome = outcomeOfFlags(flags[0], flags[1], flags[2])
      return outcome === undefined
        ? flaw(
            'unknown label',
            `of ${FLAG_COLUMNS.join(', ')} exactly one must be 1: found ${flags.map(shown).join(', ')}`,
          )
        : [outcome]
    }
  }
}

/** Empty or absent is "cannot judge". */
function readDimensions(row: Row): readonly number[] | Flaw {
  const outcomes: number[] = []
  for (const column of DIMENSION_COLUMNS) {
    const label = row[column]
    const outcome = isEmpty(label) ? OUTCOME_SKIP : outcomeOfWinner(label)
    if (outcome === undefined) return flaw('unknown label', `${column} is ${shown(label)}`)
    outcomes.push(outcome)
  }
  return outcomes
}

function readId(value: unknown): string | null {
  if (isEmpty(value)) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null
}

/** A number as CSV, JSON and Parquet write it; NaN if it is none. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  // Number('') is 0, and Number('0x10') 16: neither is how a file writes a number.
  return typeof value === 'string' && /^\s*[+-]?(?:\d|\.\d)/.test(value) && !/[xob]/i.test(value)
    ? Number(value)
    : Number.NaN
}

function isTime(value: unknown): boolean {
  if (value instanceof Date) return Number.isFinite(value.getTime())
  if (Number.isFinite(numberOf(value))) return true
  return typeof value === 'string' && Number.isFinite(Date.parse(value))
}

/** What both answers look like: this arena's columns, or FastChat's `conv_metadata`. */
function readStyle(row: Row): readonly number[] | null | Flaw {
  let known = false
  const metadata = metadataOf(row['conv_metadata'])
  const style: number[] = []
  for (const column of STYLE_COLUMNS) {
    const value = row[column] ?? metadata?.[column]
    const count = isEmpty(value) ? Number.NaN : numberOf(value)
    if (isEmpty(value)) {
      style.push(Number.NaN)
      continue
    }
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      return flaw('bad count', `${column} is ${shown(value)}`)
    }
    known = true
    style.push(count)
  }
  return known ? style : null
}

/** FastChat's counts under this arena's names; JSON text where a CSV file holds them. */
function metadataOf(value: unknown): Record<string, unknown> | undefined {
  const given = typeof value === 'string' ? parseObject(value) : value
  if (typeof given !== 'object' || given === null) return undefined
  const metadata = given as Record<string, unknown>
  const counts: Record<string, unknown> = {}
  for (const side of ['a', 'b']) {
    counts[`tokens_${side}`] = metadata[`sum_assistant_${side}_tokens`]
    counts[`headers_${side}`] = sumOf(metadata[`header_count_${side}`])
    counts[`lists_${side}`] = sumOf(metadata[`list_count_${side}`])
    counts[`bold_${side}`] = sumOf(metadata[`bold_count_${side}`])
  }
  return counts
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The sum over kinds (`{ h1: 2, h2: 3 }` is 5); what is no such record is left as it is. */
function sumOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const counts = Object.values(value).map((count) => (isEmpty(count) ? 0 : numberOf(count)))
  return counts.reduce((sum, count) => sum + count, 0)
}
