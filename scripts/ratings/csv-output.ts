import { stringify } from 'csv-stringify/sync'
import type { Report } from './report.ts'

/** The models of a report as CSV with a header line; formula cells are escaped, nulls are empty. */
export function toCsv({ board }: Report): string {
  const rows = board.models.map((model) => [
    model.rank,
    model.rankUb,
    model.rankLow,
    model.rankHigh,
    model.model,
    model.rating,
    model.ciLow,
    model.ciHigh,
    model.votes,
    model.wins,
    model.losses,
    model.ties,
    model.bothBad,
    model.status,
    model.provisional,
  ])
  return stringify(rows, {
    header: true,
    escape_formulas: true,
    cast: { boolean: (value) => (value ? 'true' : 'false') },
    columns: [
      'rank',
      'rank_ub',
      'rank_low',
      'rank_high',
      'model',
      'rating',
      'ci_low',
      'ci_high',
      'votes',
      'wins',
      'losses',
      'ties',
      'both_bad',
      'status',
      'provisional',
    ],
  })
}
