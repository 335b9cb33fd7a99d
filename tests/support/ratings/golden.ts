import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { OUTCOME_A, OUTCOME_B, OUTCOME_TIE } from '../../../shared/ratings/outcomes.ts'
import {
  rateVotes,
  type RatedBoard,
  type RatedModel,
  type RateOptions,
} from '../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../shared/ratings/vote-table.ts'

/** How near to the golden numbers ours have to be, in Elo points (`tests/golden/README.md`). */
export const ELO_TOLERANCE = 1e-9
export const MLE_TOLERANCE = 1e-6
export const SE_TOLERANCE = 1e-6

export type ByModel = Record<string, number>

const FOLDER = new URL('../../golden/', import.meta.url)

/** A file of golden numbers, as it was parsed; its shape is the caller's knowledge. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the shape is told where a file is read
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as T
}

/** The rows of a file in `data/`, by column. No field of them has a comma or a quote. */
export function goldenCsv(name: string): Record<string, string>[] {
  const text = readFileSync(new URL(`data/${name}`, FOLDER), 'utf8')
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((column, at) => [column, fields[at] ?? '']))
  })
}

const WINNERS: Record<string, number> = { left: OUTCOME_A, right: OUTCOME_B, tie: OUTCOME_TIE }

/** Rows with `left`, `right` and `winner` as votes on one dimension. */
export function evalicaTable(
  rows: readonly Record<string, string>[],
  voterOf?: (row: Record<string, string>) => string,
  battleOf?: (row: Record<string, string>) => string,
): VoteTable {
  const table = new VoteTable({ dimensions: ['quality'] })
  for (const row of rows) {
    table.append({
      modelA: row['left']!,
      modelB: row['right']!,
      outcomes: [WINNERS[row['winner']!]!],
      voter: voterOf?.(row) ?? null,
      battle: battleOf?.(row) ?? null,
    })
  }
  return table
}

/** Rates all votes of a table, by Bradley–Terry on its first dimension unless told otherwise. */
export function rate(table: VoteTable, options: Partial<RateOptions> = {}): RatedBoard {
  return rateVotes(table, SliceCounts.of(table, options.filter), {
    dimension: table.dimensions[0]!,
    method: 'bradley-terry',
    ...options,
  })
}

type NumericColumn = {
  [K in keyof RatedModel]: RatedModel[K] extends number | null ? K : never
}[keyof RatedModel]

/** One column of a board by model. */
export function column(board: RatedBoard, name: NumericColumn): ByModel {
  return Object.fromEntries(board.models.map((row) => [row.model, row[name] ?? Number.NaN]))
}

/** The same models, and every number within a tolerance. */
export function expectClose(actual: ByModel, wanted: ByModel, tolerance: number): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(wanted).sort())
  const apart = Object.entries(wanted)
    .map(([model, value]) => ({ model, wanted: value, actual: actual[model]! }))
    .filter((each) => !(Math.abs(each.actual - each.wanted) <= tolerance))
  expect(apart).toEqual([])
}

/** Kendall's τ-b of two rankings. */
export function kendallTau(x: readonly number[], y: readonly number[]): number {
  let [concordance, pairsX, pairsY] = [0, 0, 0]
  for (let i = 0; i < x.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const a = Math.sign(x[i]! - x[j]!)
      const b = Math.sign(y[i]! - y[j]!)
      concordance += a * b
      pairsX += a * a
      pairsY += b * b
    }
  }
  return concordance / Math.sqrt(pairsX * pairsY)
}
