import { stringify } from 'csv-stringify/sync'
import type { Board } from '../../shared/schemas/leaderboard.ts'

/** A board as CSV with a header line; formula cells are escaped, nulls are empty. */
export function boardToCsv(board: Board): string {
  const rows = board.rows.map(({ model, provisional, ...row }) => ({
    rank: row.rank,
    rank_ub: row.rankUb,
    rank_low: row.rankLow,
    rank_high: row.rankHigh,
    slug: model.slug,
    name: model.name,
    organization: model.organization,
    license: model.license,
    rating: row.rating,
    ci_low: row.ciLow,
    ci_high: row.ciHigh,
    elo: row.elo,
    votes: row.votes,
    wins: row.wins,
    losses: row.losses,
    ties: row.ties,
    both_bad: row.bothBad,
    status: row.status,
    provisional,
    version: board.version,
  }))
  return stringify(rows, {
    header: true,
    escape_formulas: true,
    cast: { boolean: (value) => (value ? 'true' : 'false') },
    columns: [
      'rank',
      'rank_ub',
      'rank_low',
      'rank_high',
      'slug',
      'name',
      'organization',
      'license',
      'rating',
      'ci_low',
      'ci_high',
      'elo',
      'votes',
      'wins',
      'losses',
      'ties',
      'both_bad',
      'status',
      'provisional',
      'version',
    ],
  })
}
