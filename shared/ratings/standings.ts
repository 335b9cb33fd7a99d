import { perDimension, type Dimension, type PerDimension } from '../dimensions.ts'
import type { RatingChange, ReceiptRatings } from '../schemas/battle.ts'
import type { CountedVerdict, Verdict, Verdicts } from '../verdicts.ts'
import { ELO_START, eloStep, expectedScore } from './elo.ts'

/** Changes whenever the fold below gives other bits: stored projections are then rebuilt. */
export const RATING_ENGINE = 'elo-1'

/** Where one model stands in one dimension. */
export type Standing = {
  readonly slug: string
  elo: number
  votes: number
  wins: number
  losses: number
  ties: number
  bothBad: number
}

/** What the ratings need to know of a vote. */
export type RatedVote = {
  readonly slugA: string
  readonly slugB: string
  readonly verdicts: Verdicts
}

/** A tie and "both bad" count one half each, as on LMArena's boards. */
const SCORE_OF_A: Readonly<Record<CountedVerdict, number>> = { a: 1, b: 0, tie: 0.5, both_bad: 0.5 }

/**
 * The fold over the vote log: online Elo and outcome counts per dimension. Equal logs give equal
 * bits. `overall` counts only votes here; its rating is derived when a board is made.
 */
export class Standings {
  readonly dimensions: PerDimension<Map<string, Standing>> = perDimension(() => new Map())
  /** Votes with at least one verdict, by model. */
  readonly votes = new Map<string, number>()
  /** All votes with at least one verdict. */
  totalVotes = 0

  /**
   * Counts one vote.
   *
   * @returns each side's Elo and rank before and after, as the vote's receipt shows them
   */
  apply(vote: RatedVote): ReceiptRatings {
    for (const slug of [vote.slugA, vote.slugB]) {
      this.votes.set(slug, (this.votes.get(slug) ?? 0) + 1)
    }
    this.totalVotes += 1
    const changes = perDimension((dimension) =>
      this.#applyVerdict(dimension, vote, vote.verdicts[dimension]),
    )
    return {
      a: perDimension((dimension) => changes[dimension].a),
      b: perDimension((dimension) => changes[dimension].b),
    }
  }

  /** The number of verdicts that count in one dimension. */
  verdictsIn(dimension: Dimension): number {
    let sides = 0
    for (const { votes } of this.dimensions[dimension].values()) sides += votes
    return sides / 2
  }

  #applyVerdict(
    dimension: Dimension,
    { slugA, slugB }: RatedVote,
    verdict: Verdict,
  ): { a: RatingChange; b: RatingChange } {
    const table = this.dimensions[dimension]
    const a = table.get(slugA) ?? newStanding(slugA)
    const b = table.get(slugB) ?? newStanding(slugB)
    const before = { a: a.elo, b: b.elo }
    const ranksBefore = ranks(table, a, b)
    if (verdict !== 'skip') {
      table.set(slugA, a)
      table.set(slugB, b)
      const step = eloStep(a.elo, b.elo, SCORE_OF_A[verdict])
      a.elo = step.a
      b.elo = step.b
      count(a, b, verdict)
    }
    const ranksAfter = verdict === 'skip' ? ranksBefore : ranks(table, a, b)
    const expectedA = expectedScore(before.a, before.b)
    return {
      a: change(before.a, a.elo, ranksBefore.a, ranksAfter.a, expectedA),
      b: change(before.b, b.elo, ranksBefore.b, ranksAfter.b, 1 - expectedA),
    }
  }
}

function newStanding(slug: string): Standing {
  return { slug, elo: ELO_START, votes: 0, wins: 0, losses: 0, ties: 0, bothBad: 0 }
}

function count(a: Standing, b: Standing, verdict: CountedVerdict): void {
  a.votes += 1
  b.votes += 1
  switch (verdict) {
    case 'a':
      a.wins += 1
      b.losses += 1
      return
    case 'b':
      a.losses += 1
      b.wins += 1
      return
    case 'tie':
      a.ties += 1
      b.ties += 1
      return
    case 'both_bad':
      a.bothBad += 1
      b.bothBad += 1
  }
}

/** Ranks among everybody on the board and these two, who may be new to it. */
function ranks(
  table: ReadonlyMap<string, Standing>,
  a: Standing,
  b: Standing,
): { a: number; b: number } {
  let betterThanA = 0
  let betterThanB = 0
  for (const { elo } of table.values()) {
    if (elo > a.elo) betterThanA += 1
    if (elo > b.elo) betterThanB += 1
  }
  if (!table.has(a.slug) && a.elo > b.elo) betterThanB += 1
  if (!table.has(b.slug) && b.elo > a.elo) betterThanA += 1
  return { a: 1 + betterThanA, b: 1 + betterThanB }
}

function change(
  before: number,
  after: number,
  rankBefore: number,
  rankAfter: number,
  expected: number,
): RatingChange {
  return { before, after, rankBefore, rankAfter, expected }
}
