import type { ModelStatus } from './components.ts'
import type { Spread } from './dominant-voters.ts'
import type { RatingMethod } from './rate-options.ts'

export type RatedModel = {
  model: string
  rank: number | null
  rankUb: number | null
  rankLow: number | null
  rankHigh: number | null
  rating: number | null
  /** Standard error in Elo points. */
  se: number | null
  ciLow: number | null
  ciHigh: number | null
  /** Online Elo (K = 4) of the slice; for `overall` the weighted mean over the dimensions. */
  elo: number
  votes: number
  wins: number
  losses: number
  ties: number
  bothBad: number
  bothBadRate: number | null
  bothBadLow: number | null
  bothBadHigh: number | null
  status: ModelStatus
  provisional: boolean
}

/** The effect of a difference in style on the log-odds of winning; 0 where answers never differ in it. */
export type StyleEffect = {
  feature: string
  coefficient: number
  se: number
  ciLow: number
  ciHigh: number
}

/** The effect of standing on the left on the log-odds of winning. */
export type PositionEffect = { coefficient: number; se: number; ciLow: number; ciHigh: number }

/** How robust the first place is. */
export type LeaderEffect = {
  leader: string
  runnerUp: string
  gap: number
  votesToFlip: number
  share: number
}

export type RatedBoard = {
  method: RatingMethod
  dimension: string
  /** Verdicts of the dimension; for `overall` votes with a verdict in some dimension of weight. */
  votes: number
  /** Rated models by rating, the best first, then the others; equals by name. */
  models: RatedModel[]
  /** Log-strengths of the rated models, with mean 0 (empty for Elo). */
  theta: Map<string, number>
  /** Of the rated models in the order of `rated`, in logits², where intervals were made. */
  covariance?: Float64Array
  /** What bounds and ranks go by where a voter dominates, as `covariance`; null: by that. */
  spread: Spread | null
  /** H⁺ in the order of `rated`, of the likelihood in which a verdict counts `factors` times. */
  inverseHessian?: Float64Array
  /** How often a verdict counts, by dimension of the table; 0 for those not in this board. */
  factors: readonly number[]
  /** Names of the rated models in the order of their names. */
  rated: string[]
  /** Davidson's ν. */
  nu: number | null
  /** Voters behind the board; 0 for one without intervals, which does not count them. */
  voters: number
  outcomes: { decisive: number; ties: number; bothBad: number; skipped: number }
  style: StyleEffect[] | null
  position: PositionEffect | null
  leader: LeaderEffect | null
  /** False if the numbers were beyond all measure and nobody could be rated. */
  converged: boolean
}
