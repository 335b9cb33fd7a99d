import type { Dimension } from '../../shared/dimensions.ts'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { ELO_START } from '../../shared/ratings/elo.ts'
import {
  RATING_ENGINE,
  sumOverDimensions,
  type Standing,
  type Standings,
} from '../../shared/ratings/standings.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board, BoardRow, Slice } from '../../shared/schemas/leaderboard.ts'

/** With fewer votes than this a rating is shown as provisional. */
export const PROVISIONAL_VOTES = 30

type Placed = Omit<Standing, 'slug'> & { readonly slug: string }

/**
 * Makes a board from the standings. Until the exact engine exists ratings are Elo and intervals
 * are null; every model that has a vote in the dimension stands on it, retired ones too.
 *
 * @param refOf who a slug is
 */
export function makeBoard(
  standings: Standings,
  slice: Slice,
  refOf: (slug: string) => ModelRef,
  stamp: { version: number; generatedAt: string },
): Board {
  const placed =
    slice.dimension === 'overall' ? overall(standings, slice) : within(standings, slice.dimension)
  placed.sort((left, right) => right.elo - left.elo || compareSlugs(left.slug, right.slug))
  let rank = 0
  let previous = Number.POSITIVE_INFINITY
  const rows = placed.map((standing, index): BoardRow => {
    if (standing.elo < previous) rank = index + 1
    previous = standing.elo
    return {
      rank,
      rankUb: null,
      rankLow: null,
      rankHigh: null,
      model: refOf(standing.slug),
      rating: standing.elo,
      se: null,
      ciLow: null,
      ciHigh: null,
      elo: standing.elo,
      votes: standing.votes,
      wins: standing.wins,
      losses: standing.losses,
      ties: standing.ties,
      bothBad: standing.bothBad,
      bothBadRate: null,
      bothBadLow: null,
      bothBadHigh: null,
      status: 'rated',
      provisional: standing.votes < PROVISIONAL_VOTES,
    }
  })
  const votes =
    slice.dimension === 'overall' ? standings.totalVotes : standings.verdictsIn(slice.dimension)
  return {
    ...stamp,
    slice,
    votes,
    rows,
    intervals: { kind: 'none', version: stamp.version, voters: 0 },
    outcomes: { decisive: 0, ties: 0, bothBad: 0, skipped: 0 },
    nu: null,
    position: null,
    styleEffects: null,
    leader: null,
    engine: RATING_ENGINE,
  }
}

function within(standings: Standings, dimension: Dimension): Placed[] {
  return [...standings.dimensions[dimension].values()].map((standing) => ({ ...standing }))
}

/** The weighted mean of the three Elo ratings; outcomes are counted over all three questions. */
function overall(standings: Standings, slice: Slice): Placed[] {
  const weights = parseWeights(slice.weights ?? '')
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return [...standings.votes].map(([slug, votes]) => {
    const sum = (pick: (standing: Standing) => number) => sumOverDimensions(standings, slug, pick)
    // Divided once, at the end: a share like 1/3 would make equal sums differ in their last bit.
    const points = weights.reduce(
      (so, [dimension, weight]) =>
        so + weight * (standings.dimensions[dimension].get(slug)?.elo ?? ELO_START),
      0,
    )
    const elo = points / total
    return {
      slug,
      elo,
      votes,
      wins: sum(({ wins }) => wins),
      losses: sum(({ losses }) => losses),
      ties: sum(({ ties }) => ties),
      bothBad: sum(({ bothBad }) => bothBad),
    }
  })
}

function parseWeights(text: string): [Dimension, number][] {
  const given = new Map(text.split(',').map((part) => part.split(':') as [string, string]))
  return DIMENSIONS.map((dimension) => [dimension, Number(given.get(dimension) ?? 0)])
}

function compareSlugs(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
