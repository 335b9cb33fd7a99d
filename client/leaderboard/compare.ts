import { DIMENSIONS, type BoardDimension, type Dimension } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board, BoardRow } from '../../shared/schemas/leaderboard.ts'

/** All boards that have arrived. */
export type Boards = Record<BoardDimension, Board | null>

/** One model across the boards. */
export type Comparison = {
  readonly model: ModelRef
  readonly rows: Record<BoardDimension, BoardRow | null>
  /** How many places its best and worst rank lie apart; null while a rank is missing. */
  readonly spread: number | null
  readonly best: Dimension
  readonly worst: Dimension
}

/** Puts the boards side by side: one entry for each model that is on any of them. */
export function compareBoards(boards: Boards): Comparison[] {
  const names: readonly BoardDimension[] = ['overall', ...DIMENSIONS]
  const models = new Map<string, ModelRef>()
  for (const name of names) {
    for (const row of boards[name]?.rows ?? []) models.set(row.model.slug, row.model)
  }
  return [...models.values()].map((model) => {
    const rows = Object.fromEntries(
      names.map((name) => [
        name,
        boards[name]?.rows.find((row) => row.model.slug === model.slug) ?? null,
      ]),
    ) as Comparison['rows']
    const byRank = [...DIMENSIONS].sort((a, b) => rankOf(rows[a]) - rankOf(rows[b]))
    const [best = 'accuracy', , worst = 'language'] = byRank
    const spread = rankOf(rows[worst]) - rankOf(rows[best])
    return { model, rows, best, worst, spread: Number.isFinite(spread) ? spread : null }
  })
}

function rankOf(row: BoardRow | null): number {
  return row?.rank ?? Number.POSITIVE_INFINITY
}

/** From the lowest to the highest Elo of all boards: one axis for every dot. */
export function eloRange(boards: Boards): { min: number; max: number } {
  const elos = Object.values(boards).flatMap((board) => board?.rows.map((row) => row.elo) ?? [])
  if (elos.length === 0) return { min: 900, max: 1100 }
  const min = Math.min(...elos)
  const max = Math.max(...elos)
  const pad = Math.max(10, (max - min) * 0.06)
  return { min: min - pad, max: max + pad }
}
