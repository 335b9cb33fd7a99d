import { compareCodePoints } from './names.ts'
import type { Ties } from './outcomes.ts'
import { pairOutcomes, wasPlayed, type PairOutcomes } from './pair-counts.ts'
import { scorePairs, type PairScores } from './pair-scores.ts'
import { OVERALL, type Intervals, type RateOptions } from './rate-options.ts'
import type { SliceCounts } from './slice-counts.ts'
import type { VoteTable } from './vote-table.ts'

/** A dimension that takes part in a board. */
export type Part = {
  /** Its number in the table. */
  readonly dimension: number
  readonly weight: number
  /** Over the models of the slice. */
  readonly outcomes: PairOutcomes
  readonly scores: PairScores
}

/** A slice, its models numbered in the order of their names. */
export type Slice = {
  readonly table: VoteTable
  readonly counts: SliceCounts
  readonly options: RateOptions
  readonly ties: Ties
  readonly intervals: Intervals
  readonly models: readonly string[]
  /** Model ids of the table by number; −1 for a model that only the prior knows. */
  readonly ids: Int32Array
  /** Numbers by model id, −1 for models that are not of the slice. */
  readonly indexOf: Int32Array
  /** In the order of the names of the dimensions, whatever the table's is. */
  readonly parts: readonly Part[]
}

/** Puts counts into the order in which they are solved, models without a verdict left out. */
export function readSlice(table: VoteTable, counts: SliceCounts, options: RateOptions): Slice {
  const ties = options.ties ?? 'half'
  const dimensions = partsOf(table, options)
  const seen = new Uint8Array(table.models.size)
  for (const { dimension } of dimensions) {
    const pairs = counts.pairs[dimension]!
    for (let pair = 0; pair < pairs.pairs; pair += 1) {
      if (!wasPlayed(pairs, pair)) continue
      seen[pairs.left[pair]!] = 1
      seen[pairs.right[pair]!] = 1
    }
  }
  const known = Array.from(table.models.sortedIds())
    .filter((id) => seen[id] === 1)
    .map((id) => ({ model: table.models.nameOf(id), id }))
  if (options.prior !== undefined) {
    for (const model of options.prior.theta.keys()) {
      const id = table.models.find(model) ?? -1
      if (id < 0 || seen[id] === 0) known.push({ model, id })
    }
    known.sort((a, b) => compareCodePoints(a.model, b.model))
  }
  const indexOf = new Int32Array(table.models.size).fill(-1)
  for (const [index, { id }] of known.entries()) if (id >= 0) indexOf[id] = index
  return {
    table,
    counts,
    options,
    ties,
    intervals: options.intervals ?? 'clustered',
    models: known.map(({ model }) => model),
    ids: Int32Array.from(known, ({ id }) => id),
    indexOf,
    parts: dimensions.map(({ dimension, weight }) => {
      const outcomes = pairOutcomes(counts.pairs[dimension]!, indexOf, known.length)
      return { dimension, weight, outcomes, scores: scorePairs(outcomes, ties) }
    }),
  }
}

function partsOf(
  table: VoteTable,
  { dimension, method, weights }: RateOptions,
): { dimension: number; weight: number }[] {
  if (dimension !== OVERALL) {
    const number = table.dimensionOf(dimension)
    if (number < 0) throw new RangeError(`There is no dimension “${dimension}”.`)
    return [{ dimension: number, weight: 1 }]
  }
  if (method === 'davidson') throw new RangeError('Davidson’s model rates a dimension.')
  return table.dimensions
    .map((name, number) => ({ name, dimension: number, weight: weights?.[number] ?? 1 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => compareCodePoints(a.name, b.name))
}

/** Verdicts of a dimension; for `overall` votes with a verdict in one of the board's dimensions. */
export function votesOf({ options, counts, parts }: Slice): number {
  if (options.dimension === OVERALL) return counts.votesIn(setOf(parts))
  return parts.reduce((sum, { dimension }) => sum + counts.pairs[dimension]!.total, 0)
}

/** The dimensions of a board as a set of bits. */
export function setOf(parts: readonly Part[]): number {
  return parts.reduce((set, { dimension }) => set | (1 << dimension), 0)
}

export type Tally = { wins: number; losses: number; ties: number; bothBad: number }

/** Outcomes by model, summed over the dimensions of the board. */
export function tallies({ models, parts }: Slice): Tally[] {
  const result = models.map((): Tally => ({ wins: 0, losses: 0, ties: 0, bothBad: 0 }))
  for (const { outcomes } of parts) {
    const { winsFirst, winsSecond, ties, bothBad } = outcomes.votes
    for (let pair = 0; pair < outcomes.size; pair += 1) {
      const first = result[outcomes.first[pair]!]!
      const second = result[outcomes.second[pair]!]!
      first.wins += winsFirst[pair]!
      first.losses += winsSecond[pair]!
      second.wins += winsSecond[pair]!
      second.losses += winsFirst[pair]!
      first.ties += ties[pair]!
      second.ties += ties[pair]!
      first.bothBad += bothBad[pair]!
      second.bothBad += bothBad[pair]!
    }
  }
  return result
}
