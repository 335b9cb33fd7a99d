import { bootstrap } from './bootstrap.ts'
import { fitBradleyTerry } from './bradley-terry.ts'
import { connectivity } from './components.ts'
import { compositeFactors } from './composite.ts'
import type { OutcomeSums } from './pair-counts.ts'
import { combineScores, restrictScores, scorePairs, totalScore } from './pair-scores.ts'
import type { Slice } from './rated-slice.ts'

/** How often a board is drawn anew. */
export const BOOTSTRAP_ROUNDS = 200

const OUTCOME_KINDS = ['winsFirst', 'winsSecond', 'ties', 'bothBad'] as const

/**
 * The covariance of a board's strengths over Poisson draws of its counts, in logits². Verdicts count
 * as independent of each other; votes with weights as if all of a pair and outcome weighed the same.
 *
 * @param within numbers of the rated models among the models of the slice, −1 for the others
 * @returns NaN throughout if the rated models fell apart in all rounds but one
 */
export function bootstrapCovariance(slice: Slice, within: Int32Array, m: number): Float64Array {
  const { parts, options, ties } = slice
  const counts = parts.flatMap(({ outcomes }) =>
    OUTCOME_KINDS.flatMap((kind) => Array.from(outcomes.votes[kind])),
  )
  const refit = (drawn: Float64Array): Float64Array => {
    let at = 0
    const scores = parts.map(({ outcomes }) => {
      const take = (kind: keyof OutcomeSums) => {
        const votes = drawn.subarray(at, at + outcomes.size)
        at += outcomes.size
        return votes.map((count, pair) => {
          const seen = outcomes.votes[kind][pair]!
          return seen === 0 ? 0 : (count * outcomes.weights[kind][pair]!) / seen
        })
      }
      const [winsFirst, winsSecond, good, bothBad] = OUTCOME_KINDS.map(take) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ]
      const weights = { winsFirst, winsSecond, ties: good, bothBad }
      return restrictScores(scorePairs({ ...outcomes, weights, squares: weights }, ties), within, m)
    })
    const factors = compositeFactors(
      parts.map(({ weight }) => weight),
      scores.map(totalScore),
    )
    const combined = combineScores(
      scores.map((each, part) => ({ scores: each, factor: factors[part]! })),
      m,
    )
    const fit = connectivity(combined).rated.length === m ? fitBradleyTerry(combined) : undefined
    return fit?.converged === true ? fit.theta : new Float64Array(m).fill(Number.NaN)
  }
  return bootstrap(counts, refit, {
    kind: 'poisson',
    rounds: BOOTSTRAP_ROUNDS,
    seed: options.seed ?? 1,
  }).covariance
}
