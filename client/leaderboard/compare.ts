import { DIMENSIONS, type BoardDimension, type Dimension } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board, BoardRow } from '../../shared/schemas/leaderboard.ts'
import type { SpreadUnit } from './address.ts'

/** All boards that have arrived. */
export type Boards = Record<BoardDimension, Board | null>

/** One model across the boards. */
export type Comparison = {
  readonly model: ModelRef
  readonly rows: Record<BoardDimension, BoardRow | null>
}

/** Puts the boards side by side: one entry for each model that is on any of them. */
export function compareBoards(boards: Boards): Comparison[] {
  const names: readonly BoardDimension[] = ['overall', ...DIMENSIONS]
  const found = new Map<string, { model: ModelRef; rows: Comparison['rows'] }>()
  for (const name of names) {
    for (const row of boards[name]?.rows ?? []) {
      const entry = found.get(row.model.slug) ?? {
        model: row.model,
        rows: { overall: null, accuracy: null, helpfulness: null, language: null },
      }
      entry.rows[name] = row
      found.set(row.model.slug, entry)
    }
  }
  return [...found.values()]
}

/** What one model's three ratings say about one another. */
export type Disagreement = Comparison & {
  readonly best: Dimension
  readonly worst: Dimension
  /** How far its best and worst lie apart, in places or in points. */
  readonly spread: number
  /** Whether the intervals of best and worst leave no doubt: they do not overlap. */
  readonly clear: boolean
}

/**
 * Models by how far their three ratings lie apart: those whose intervals leave no doubt first, and
 * the widest spread first among either. Who is not rated in all three is not compared.
 */
export function disagreements(boards: Boards, unit: SpreadUnit): Disagreement[] {
  const all = compareBoards(boards).flatMap((row) => disagreementOf(row, unit) ?? [])
  return all.sort(
    (a, b) =>
      Number(b.clear) - Number(a.clear) ||
      b.spread - a.spread ||
      (a.model.slug < b.model.slug ? -1 : 1),
  )
}

function disagreementOf(compared: Comparison, unit: SpreadUnit): Disagreement | null {
  const { rows } = compared
  if (!DIMENSIONS.every((name) => isRanked(rows[name]))) return null
  const placeOf = (name: Dimension) => rows[name]?.rank ?? 0
  const pointsOf = (name: Dimension) => rows[name]?.rating ?? 0
  const byPoints = (a: Dimension, b: Dimension) => pointsOf(b) - pointsOf(a)
  const byPlace = (a: Dimension, b: Dimension) => placeOf(a) - placeOf(b) || byPoints(a, b)
  const ordered = [...DIMENSIONS].sort(unit === 'places' ? byPlace : byPoints)
  const [best = 'accuracy', , worst = 'language'] = ordered
  const spread =
    unit === 'places' ? placeOf(worst) - placeOf(best) : pointsOf(best) - pointsOf(worst)
  return { ...compared, best, worst, spread, clear: isClear(rows[best], rows[worst], unit) }
}

const isRanked = (row: BoardRow | null) => row !== null && row.rank !== null && row.rating !== null

function isClear(best: BoardRow | null, worst: BoardRow | null, unit: SpreadUnit): boolean {
  const [upper, lower] =
    unit === 'places' ? [best?.rankHigh, worst?.rankLow] : [worst?.ciHigh, best?.ciLow]
  // Without intervals nothing is clear.
  return typeof upper === 'number' && typeof lower === 'number' && upper < lower
}

/** How far a model's best and worst rank lie apart; null while one of the three is missing. */
export function spreadOf({ rows }: Comparison): number | null {
  const ranks = DIMENSIONS.map((name) => rows[name]?.rank ?? Number.NaN)
  const spread = Math.max(...ranks) - Math.min(...ranks)
  return Number.isNaN(spread) ? null : spread
}
