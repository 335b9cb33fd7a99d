import { stringify } from 'csv-stringify/sync'
import type { Board, Pairs } from '../../shared/schemas/leaderboard.ts'

/** Formula cells are escaped: names come from whoever registers a model. */
const OPTIONS = {
  header: true,
  escape_formulas: true,
  cast: { boolean: (value: boolean) => (value ? 'true' : 'false') },
} as const

const BOARD_COLUMNS = [
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
  'se',
  'both_bad_rate',
  'both_bad_low',
  'both_bad_high',
]

const PAIR_COLUMNS = ['a', 'b', 'wins', 'losses', 'ties', 'both_bad', 'expected', 'version']

/** A board as CSV with a header line, a line a model; nulls are empty. */
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
    se: row.se,
    both_bad_rate: row.bothBadRate,
    both_bad_low: row.bothBadLow,
    both_bad_high: row.bothBadHigh,
  }))
  return stringify(rows, { ...OPTIONS, columns: BOARD_COLUMNS })
}

/** A win matrix as CSV with a header line, a line a pair; nulls are empty. */
export function pairsToCsv({ cells, version }: Pairs): string {
  const rows = cells.map(({ bothBad, ...cell }) => ({ ...cell, both_bad: bothBad, version }))
  return stringify(rows, { ...OPTIONS, columns: PAIR_COLUMNS })
}
