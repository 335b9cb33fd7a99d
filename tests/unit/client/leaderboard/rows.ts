import type { Board, BoardRow } from '../../../../shared/schemas/leaderboard.ts'
import type { BoardDimension } from '../../../../shared/dimensions.ts'

/** A row of a board with what a test cares about. */
export function rowOf(slug: string, given: Partial<BoardRow> = {}): BoardRow {
  return {
    rank: 1,
    rankUb: 1,
    rankLow: 1,
    rankHigh: 1,
    model: { slug, name: slug.toUpperCase(), organization: 'O', license: 'L' },
    rating: 1000,
    se: 5,
    ciLow: 990,
    ciHigh: 1010,
    elo: 1000,
    votes: 100,
    wins: 50,
    losses: 50,
    ties: 0,
    bothBad: 0,
    bothBadRate: 0,
    bothBadLow: 0,
    bothBadHigh: 0.04,
    status: 'rated',
    provisional: false,
    ...given,
  }
}

/** A board of these rows. */
export function boardOf(dimension: BoardDimension, rows: BoardRow[]): Board {
  return {
    version: 7,
    generatedAt: '2026-01-02T03:04:05Z',
    slice: {
      dimension,
      method: 'bradley-terry',
      language: null,
      category: null,
      judge: 'human',
      turns: 'both',
      style: false,
      weights: null,
    },
    votes: 100,
    rows,
    intervals: { kind: 'clustered', version: 7, voters: 10 },
    outcomes: { decisive: 90, ties: 5, bothBad: 5, skipped: 3 },
    nu: null,
    position: null,
    styleEffects: null,
    leader: null,
    engine: 'test',
  }
}
