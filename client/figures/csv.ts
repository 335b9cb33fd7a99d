import { DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Comparison } from '../leaderboard/compare.ts'
import type { Matrix } from '../leaderboard/matrix.ts'
import type { Line } from '../history/lines.ts'

type Cell = string | number | null

/** Rows as CSV (RFC 4180): what would be read as a formula is marked as text, nulls are empty. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(formatCell).join(',')).join('\r\n')}\r\n`
}

function formatCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const COMPARED: readonly BoardDimension[] = ['overall', ...DIMENSIONS]
const FIELDS = [
  ['rank', 'rank'],
  ['rank_low', 'rankLow'],
  ['rank_high', 'rankHigh'],
  ['rating', 'rating'],
  ['ci_low', 'ciLow'],
  ['ci_high', 'ciHigh'],
  ['votes', 'votes'],
  ['both_bad_rate', 'bothBadRate'],
] as const

/** The boards side by side, as one table. */
export function overviewCsv(rows: readonly Comparison[]): string {
  const head = [
    'slug',
    'name',
    'organization',
    'license',
    ...COMPARED.flatMap((name) => FIELDS.map(([field]) => `${name}_${field}`)),
  ]
  return toCsv([
    head,
    ...rows.map(({ model, rows: own }) => [
      model.slug,
      model.name,
      model.organization,
      model.license,
      ...COMPARED.flatMap((name) => FIELDS.map(([, field]) => own[name]?.[field] ?? null)),
    ]),
  ])
}

/** Every pair once, in the order of the board. */
export function matrixCsv(matrix: Matrix, models: readonly ModelRef[]): string {
  const pairs = models.flatMap((a, index) => models.slice(index + 1).map((b) => [a, b] as const))
  return toCsv([
    ['model_a', 'model_b', 'wins_a', 'wins_b', 'ties', 'both_bad', 'share_a', 'expected_a'],
    ...pairs.map(([a, b]) => {
      const meeting = matrix.of(a.slug, b.slug)
      return [
        a.slug,
        b.slug,
        meeting?.wins ?? 0,
        meeting?.losses ?? 0,
        meeting?.ties ?? 0,
        meeting?.bothBad ?? 0,
        meeting?.observed ?? null,
        meeting?.expected ?? null,
      ]
    }),
  ])
}

/** Ratings over time, one line a point. */
export function historyCsv(lines: readonly Line[]): string {
  return toCsv([
    ['line', 'at', 'model', 'rating', 'ci_low', 'ci_high', 'elo', 'votes'],
    ...lines.flatMap(({ name, points }) =>
      points.map((point): Cell[] => [
        name,
        point.at,
        point.model,
        point.rating,
        point.ciLow,
        point.ciHigh,
        point.elo,
        point.votes,
      ]),
    ),
  ])
}
