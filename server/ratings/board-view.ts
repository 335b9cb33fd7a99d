import type { IntervalKind } from '../../shared/boards.ts'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { expectedScore } from '../../shared/ratings/elo.ts'
import { compareCodePoints } from '../../shared/ratings/names.ts'
import { davidsonShare, expectedShare } from '../../shared/ratings/expected.ts'
import type { RatedBoard, RatedModel } from '../../shared/ratings/rate.ts'
import type { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import type { VoteTable } from '../../shared/ratings/vote-table.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board, BoardRow, PairCell, Pairs, Slice } from '../../shared/schemas/leaderboard.ts'
import type { Rated } from './engine.ts'
import { leansOnAll, weightsOf } from './slices.ts'
import type { Stamp } from './worker-messages.ts'

/** Who a slug is. */
export type RefOf = (slug: string) => ModelRef

/** A board as it is answered. */
export function toBoard(
  { board, intervalsVersion }: Rated,
  slice: Slice,
  { version, generatedAt }: Stamp,
  engine: string,
  refOf: RefOf,
): Board {
  return {
    version,
    generatedAt,
    slice,
    votes: board.votes,
    intervals: { kind: kindOf(board, slice), version: intervalsVersion, voters: board.voters },
    outcomes: board.outcomes,
    nu: board.nu,
    position: board.position,
    styleEffects: board.style,
    leader: leaderOf(board),
    engine,
    rows: board.models.map((model) => toRow(model, refOf)),
  }
}

function kindOf(board: RatedBoard, slice: Slice): IntervalKind {
  if (board.covariance === undefined) return 'none'
  if (board.method === 'davidson') return 'information'
  if (leansOnAll(slice)) return 'posterior'
  return board.voters === 1 ? 'independent' : 'clustered'
}

function leaderOf({ leader }: RatedBoard): Board['leader'] {
  if (leader === null) return null
  const { leader: model, ...rest } = leader
  return { model, ...rest }
}

function toRow({ model, ...numbers }: RatedModel, refOf: RefOf): BoardRow {
  return {
    rank: numbers.rank,
    rankUb: numbers.rankUb,
    rankLow: numbers.rankLow,
    rankHigh: numbers.rankHigh,
    model: refOf(model),
    rating: numbers.rating,
    se: numbers.se,
    ciLow: numbers.ciLow,
    ciHigh: numbers.ciHigh,
    elo: numbers.elo,
    votes: numbers.votes,
    wins: numbers.wins,
    losses: numbers.losses,
    ties: numbers.ties,
    bothBad: numbers.bothBad,
    bothBadRate: numbers.bothBadRate,
    bothBadLow: numbers.bothBadLow,
    bothBadHigh: numbers.bothBadHigh,
    status: numbers.status,
    provisional: numbers.provisional,
  }
}

type Outcomes = { wins: number; losses: number; ties: number; bothBad: number }

/**
 * The win matrix of a board: every unordered pair of its models, played or not, with the share of
 * wins that the board predicts.
 */
export function toPairs(
  { board }: Rated,
  table: VoteTable,
  counts: SliceCounts,
  slice: Slice,
  { version, generatedAt }: Stamp,
  refOf: RefOf,
): Pairs {
  const played = outcomesByPair(table, counts, slice)
  // Models are on the board in the order of their ratings; a matrix is read by name.
  const bySlug = table.models.sortedIds()
  const rows = new Map(board.models.map((row) => [row.model, row]))
  const slugs = [...bySlug].map((id) => table.models.nameOf(id)).filter((slug) => rows.has(slug))
  const cells: PairCell[] = []
  for (const [index, a] of slugs.entries()) {
    for (const b of slugs.slice(index + 1)) {
      const { wins, losses, ties, bothBad } = played.get(`${a} ${b}`) ?? NEVER
      cells.push({ a, b, wins, losses, ties, bothBad, expected: expectedOf(board, rows, a, b) })
    }
  }
  return { version, generatedAt, slice, models: slugs.map(refOf), cells }
}

const NEVER: Outcomes = { wins: 0, losses: 0, ties: 0, bothBad: 0 }

function expectedOf(
  { method, theta, nu }: RatedBoard,
  rows: ReadonlyMap<string, RatedModel>,
  a: string,
  b: string,
): number | null {
  if (method === 'elo' || method === 'elo-permuted') {
    const [own, other] = [rows.get(a)?.rating ?? null, rows.get(b)?.rating ?? null]
    return own === null || other === null ? null : expectedScore(own, other)
  }
  const [own, other] = [theta.get(a), theta.get(b)]
  if (own === undefined || other === undefined) return null
  return nu === null ? expectedShare(own, other) : davidsonShare(own, other, nu)
}

/** Whether the verdicts of a dimension (by its place in {@link DIMENSIONS}) count on a board. */
function takesPart(slice: Slice, index: number): boolean {
  if (slice.dimension === 'overall') return (weightsOf(slice)[index] ?? 0) > 0
  return DIMENSIONS[index] === slice.dimension
}

/** Outcomes as the earlier slug saw them, by both slugs; slugs hold no blanks. */
function outcomesByPair(
  { models }: VoteTable,
  counts: SliceCounts,
  slice: Slice,
): Map<string, Outcomes> {
  const played = new Map<string, Outcomes>()
  for (const [index, pairs] of counts.pairs.entries()) {
    if (!takesPart(slice, index)) continue
    for (let pair = 0; pair < pairs.pairs; pair += 1) {
      const left = models.nameOf(pairs.left[pair] ?? 0)
      const right = models.nameOf(pairs.right[pair] ?? 0)
      const [won = 0, lost = 0, tied = 0, bad = 0] = pairs.counts.subarray(4 * pair, 4 * pair + 4)
      const swap = compareCodePoints(left, right) > 0
      const key = swap ? `${right} ${left}` : `${left} ${right}`
      const cell = played.get(key) ?? { ...NEVER }
      cell.wins += swap ? lost : won
      cell.losses += swap ? won : lost
      cell.ties += tied
      cell.bothBad += bad
      played.set(key, cell)
    }
  }
  return played
}
