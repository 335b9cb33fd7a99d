import {
  DIMENSIONS,
  perDimension,
  type Dimension,
  type PerDimension,
} from '../../shared/dimensions.ts'
import { davidsonOdds } from '../../shared/ratings/expected.ts'
import { ELO_PER_LOGIT } from '../../shared/ratings/numbers.ts'
import {
  relativeDifference,
  STYLE_FEATURES,
  type StyleCounts,
} from '../../shared/ratings/style-features.ts'
import type { Verdict, Verdicts } from '../../shared/verdicts.ts'
import type { Chance } from './chance.ts'

/** Somebody who votes. */
export type SimulatedVoter = {
  readonly id: string
  /** What this voter sees in each model beyond its strength, in logits. */
  readonly tastes: Float32Array
  /** How readily they call it a tie, and how readily they do not judge, as factors. */
  readonly tying: number
  readonly skipping: number
  /** Votes without reading. */
  readonly careless: boolean
}

/** Davidson's ν, how often nobody can judge, and how good two answers must be not to be bad. */
const JUDGING: PerDimension<{ nu: number; skips: number; badBelow: number }> = {
  accuracy: { nu: 0.75, skips: 0.12, badBelow: -1.1 },
  helpfulness: { nu: 0.45, skips: 0.03, badBelow: -1.3 },
  language: { nu: 0.9, skips: 0.03, badBelow: -1.9 },
}

/** What a relative difference of 1 in a feature of style is worth, in logits. */
export const STYLE_EFFECTS: PerDimension<StyleCounts> = {
  accuracy: { tokens: 0.12, headers: 0.04, lists: 0.06, bold: 0.04 },
  helpfulness: { tokens: 0.4, headers: 0.08, lists: 0.16, bold: 0.1 },
  language: { tokens: 0.15, headers: 0.02, lists: 0.04, bold: 0.06 },
}

/** An answer that is better in one respect seems better in the others: shared by all dimensions. */
const HALO = 0.5
const TASTE = 55 / ELO_PER_LOGIT
const CARELESS_SHARE = 0.01
/** The n-th most active voter votes in proportion to (n + 8)^-0.9. */
const ACTIVITY = { offset: 8, exponent: 0.9 }

/** The most active ones first, with what their shares of the votes are proportional to. */
export function makeVoters(
  count: number,
  models: number,
  chance: Chance,
): { voters: SimulatedVoter[]; activity: number[] } {
  const voters = Array.from({ length: count }, (_, index) => ({
    id: `simulated-${String(index).padStart(6, '0')}`,
    tastes: Float32Array.from({ length: models }, () => chance.normal(0, TASTE)),
    tying: Math.exp(chance.normal(0, 0.35)),
    skipping: Math.exp(chance.normal(0, 0.5)),
    careless: chance.happens(CARELESS_SHARE),
  }))
  const activity = voters.map((_, index) => (index + ACTIVITY.offset) ** -ACTIVITY.exponent)
  return { voters, activity }
}

/** One answer as voters see it: how good in each dimension (logits), and how it is written. */
export type SimulatedAnswer = {
  readonly quality: PerDimension<number>
  readonly style: StyleCounts
}

/** What a voter says of two answers; something in at least one dimension. */
export function judge(
  a: SimulatedAnswer,
  b: SimulatedAnswer,
  voter: SimulatedVoter,
  chance: Chance,
): Verdicts {
  const halo = chance.normal(0, HALO)
  const verdicts = perDimension((dimension) => judgeOne(dimension, a, b, halo, voter, chance))
  if (DIMENSIONS.some((dimension) => verdicts[dimension] !== 'skip')) return verdicts
  const helpfulness = judgeOne('helpfulness', a, b, halo, { ...voter, skipping: 0 }, chance)
  return { ...verdicts, helpfulness }
}

function judgeOne(
  dimension: Dimension,
  a: SimulatedAnswer,
  b: SimulatedAnswer,
  halo: number,
  voter: SimulatedVoter,
  chance: Chance,
): Verdict {
  const { nu, skips, badBelow } = JUDGING[dimension]
  const u = chance.uniform()
  if (voter.careless) return u < 0.4 ? 'a' : u < 0.8 ? 'b' : 'tie'
  if (chance.happens(Math.min(0.6, skips * voter.skipping))) return 'skip'
  const style = STYLE_FEATURES.reduce(
    (sum, feature) =>
      sum +
      STYLE_EFFECTS[dimension][feature] * relativeDifference(a.style[feature], b.style[feature]),
    0,
  )
  const lead = a.quality[dimension] - b.quality[dimension] + halo + style
  const { win, tie } = davidsonOdds(lead, 0, nu * voter.tying)
  if (u < win) return 'a'
  if (u >= win + tie) return 'b'
  const mean = (a.quality[dimension] + b.quality[dimension]) / 2
  return chance.happens(1 / (1 + Math.exp(1.6 * (mean - badBelow)))) ? 'both_bad' : 'tie'
}
