import {
  drawPair,
  LEAST_UNIFORM,
  newModelBoost,
  pairProbabilities,
  type PairProbabilities,
} from '../../shared/ratings/sampling.ts'
import type { Entrant } from '../models/entrants.ts'
import type { PairInformation } from '../ratings/pair-information.ts'

/** Until it has had so many votes, a new model is drawn more often; at first, so much more often. */
const NEW_MODEL = { boost: 2, until: 100 } as const

/** Two different models, drawn but not yet seated. */
export type Pair = {
  readonly first: Entrant
  readonly second: Entrant
  /** With which probability this unordered pair is drawn. */
  readonly probability: number
}

type MatchmakerDeps = {
  readonly information: PairInformation
  /** How many votes a model has had. */
  readonly votesOf: (slug: string) => number
  /** Uniform numbers in [0, 1). */
  readonly random: () => number
}

type Table = PairProbabilities & {
  readonly revision: number
  readonly slugs: readonly string[]
  readonly weights: readonly number[]
}

/** Draws who meets whom; `docs/pair-sampling.md` explains how and why. */
export type Matchmaker = ReturnType<typeof createMatchmaker>

export function createMatchmaker({ information, votesOf, random }: MatchmakerDeps) {
  // Models come and go rarely, and gains change when votes are counted: most draws find it here.
  let kept: Table | undefined

  /** With which probability each pair of them is drawn; pairs are of their indices. */
  function tableOf(entrants: readonly Entrant[]): Table {
    if (kept?.revision === information.revision && isOf(kept, entrants)) return kept
    kept = computeTable(entrants)
    return kept
  }

  function computeTable(entrants: readonly Entrant[]): Table {
    const { revision } = information
    const slugs = entrants.map(({ slug }) => slug)
    const weights = entrants.map(({ weight }) => weight)
    const gains = information.gains(slugs)
    const probabilities = pairProbabilities({
      gains: gains === undefined ? new Float64Array(slugs.length ** 2) : fillUnknown(gains),
      weights,
      boosts: slugs.map((slug) => newModelBoost(votesOf(slug), NEW_MODEL)),
      floor: LEAST_UNIFORM,
    })
    return { ...probabilities, revision, slugs, weights }
  }

  return {
    /**
     * Draws two different models: at least a fifth of all draws uniformly over the pairs, the others
     * where a vote tells most, both times the models' weights. Uniformly until gains are known.
     *
     * @returns undefined if there are fewer than two with a weight
     */
    pair(entrants: readonly Entrant[]): Pair | undefined {
      const drawn = drawPair(tableOf(entrants), random())
      const first = drawn && entrants[drawn.first]
      const second = drawn && entrants[drawn.second]
      if (drawn === undefined || first === undefined || second === undefined) return undefined
      return { first, second, probability: drawn.probability }
    },

    /**
     * With which probability {@link pair} would draw each pair of these, as things stand; draws
     * nobody. Pairs that are never drawn, since a weight is 0, are left out.
     */
    preview(entrants: readonly Entrant[]): Pair[] {
      const { first, second, probability } = computeTable(entrants)
      return [...probability].flatMap((each, pair) => {
        const one = entrants[first[pair] ?? -1]
        const other = entrants[second[pair] ?? -1]
        return one === undefined || other === undefined
          ? []
          : [{ first: one, second: other, probability: each }]
      })
    },

    /**
     * Draws an opponent for a side that stays, when the other one is replaced: as a draw of a pair
     * would, given that it has the one that stays and nobody who is excluded.
     *
     * @returns with the probability that a draw of a pair gives the new one
     */
    replacement(
      entrants: readonly Entrant[],
      staying: Entrant,
      excluded: readonly string[],
    ): { entrant: Entrant; probability: number } | undefined {
      const others = entrants.filter(({ slug }) => slug !== staying.slug)
      const all = others.length < entrants.length ? entrants : [...others, staying]
      const { first, second, probability } = tableOf(all)
      const seat = all.findIndex(({ slug }) => slug === staying.slug)
      const candidates: { entrant: Entrant; probability: number }[] = []
      for (let pair = 0; pair < probability.length; pair += 1) {
        const [one, other] = [first[pair] ?? -1, second[pair] ?? -1]
        if (one !== seat && other !== seat) continue
        const entrant = all[one === seat ? other : one]
        if (entrant === undefined || excluded.includes(entrant.slug)) continue
        candidates.push({ entrant, probability: probability[pair] ?? 0 })
      }
      let left = random() * candidates.reduce((sum, each) => sum + each.probability, 0)
      for (const candidate of candidates) {
        left -= candidate.probability
        if (left < 0) return candidate
      }
      // What rounding leaves.
      return candidates.at(-1)
    },
  }
}

function isOf({ slugs, weights }: Table, entrants: readonly Entrant[]): boolean {
  return (
    slugs.length === entrants.length &&
    entrants.every(({ slug, weight }, index) => slug === slugs[index] && weight === weights[index])
  )
}

/** A model that nobody has voted on yet can teach as much as the one that can teach most. */
function fillUnknown(gains: Float64Array): Float64Array {
  let greatest = 0
  for (const gain of gains) if (gain > greatest) greatest = gain
  return gains.map((gain) => (Number.isNaN(gain) ? greatest || 1 : gain))
}
