import { ELO_START, expectedScore } from './elo.ts'
import { scoresOf, type Ties } from './outcomes.ts'
import { mulberry32 } from './random.ts'
import { selectRows, type VoteFilter } from './slice-counts.ts'
import type { VoteTable } from './vote-table.ts'

/** The games of one dimension in the order of the table. */
export type Games = {
  readonly left: Int32Array
  readonly right: Int32Array
  /** Of the left side: 1, ½ or 0. */
  readonly score: Float64Array
}

/** Reads the verdicts of a slice that count under a treatment of ties. */
export function gamesOf(
  table: VoteTable,
  filter: VoteFilter,
  dimension: number,
  ties: Ties,
): Games {
  const scores = scoresOf(ties)
  const chosen = selectRows(table, filter, 0, table.length)
  const outcomes = table.outcomes[dimension]!
  const left = new Int32Array(table.length)
  const right = new Int32Array(table.length)
  const score = new Float64Array(table.length)
  let games = 0
  for (let row = 0; row < table.length; row += 1) {
    const value = scores[outcomes[row]!]!
    if (Number.isNaN(value) || (chosen !== null && chosen[row] === 0)) continue
    left[games] = table.left[row]!
    right[games] = table.right[row]!
    score[games] = value
    games += 1
  }
  return {
    left: left.subarray(0, games),
    right: right.subarray(0, games),
    score: score.subarray(0, games),
  }
}

/** Online Elo over games in their order (Elo 1978), everybody from 1000. */
export function onlineElo(games: Games, models: number, k: number): Float64Array {
  const ratings = new Float64Array(models).fill(ELO_START)
  for (let game = 0; game < games.score.length; game += 1) playGame(ratings, games, game, k)
  return ratings
}

/**
 * The mean of online Elo over seeded random orders of the same games: what is left when the order
 * is averaged away (Boubdir et al. 2023). Order q is the shuffle of Fisher & Yates by mulberry32
 * from seed + q.
 *
 * @returns the mean of the final ratings by model id
 */
export function permutedElo(
  games: Games,
  models: number,
  { k, seed, orders }: { readonly k: number; readonly seed: number; readonly orders: number },
): Float64Array {
  const n = games.score.length
  const sum = new Float64Array(models)
  const order = new Int32Array(n)
  for (let q = 0; q < orders; q += 1) {
    const random = mulberry32(seed + q)
    for (let t = 0; t < n; t += 1) order[t] = t
    for (let t = n - 1; t >= 1; t -= 1) {
      const w = Math.floor(random() * (t + 1))
      const swapped = order[t]!
      order[t] = order[w]!
      order[w] = swapped
    }
    const ratings = new Float64Array(models).fill(ELO_START)
    for (let t = 0; t < n; t += 1) playGame(ratings, games, order[t]!, k)
    for (let model = 0; model < models; model += 1) sum[model]! += ratings[model]!
  }
  return sum.map((total) => total / orders)
}

function playGame(ratings: Float64Array, games: Games, game: number, k: number): void {
  const i = games.left[game]!
  const j = games.right[game]!
  const a = ratings[i]!
  const b = ratings[j]!
  const change = k * (games.score[game]! - expectedScore(a, b))
  ratings[i] = a + change
  ratings[j] = b - change
}
