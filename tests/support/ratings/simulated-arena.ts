import { normal } from '../../../shared/ratings/draws.ts'
import { ELO_PER_LOGIT } from '../../../shared/ratings/numbers.ts'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_TIE,
} from '../../../shared/ratings/outcomes.ts'
import type { PairScores } from '../../../shared/ratings/pair-scores.ts'
import { mulberry32 } from '../../../shared/ratings/random.ts'
import { VoteTable } from '../../../shared/ratings/vote-table.ts'
import { emptyPairScores } from './pair-tables.ts'
import {
  ARENA_MODELS,
  drawPair,
  modelName,
  outcomeLaw,
  pairLaw,
  trueTheta,
  type ArenaParameters,
} from './synthetic-arena.ts'

/** How battles come about: the law of the golden files' synthetic arena. */
export type ArenaLaw = Omit<ArenaParameters, 'seed' | 'N'>

/** Voters who differ in how much they vote and in what they like. */
export type Crowd = {
  readonly voters: number
  /** What share of the votes each voter gives, before chance. */
  readonly activity: 'square-root' | 'log-normal' | 'zipf'
  /** By how much each voter's liking of each model scatters, sd in Elo points. */
  readonly tasteSd: number
}

/** Battles, drawn exactly as the golden files draw them: four numbers each. */
export function simulate(
  law: ArenaLaw,
  { votes, seed, crowd }: { votes: number; seed: number; crowd?: Crowd },
): VoteTable {
  const random = mulberry32(seed)
  const theta = trueTheta(law.step)
  const people = crowd === undefined ? undefined : drawCrowd(crowd, random)
  const table = new VoteTable({ dimensions: ['accuracy'] })
  // Numbers of models are those of the golden files, whoever meets first.
  for (let k = 0; k < ARENA_MODELS; k += 1) table.models.idOf(modelName(k))
  for (let vote = 0; vote < votes; vote += 1) {
    const [u1, u2, u3, u4] = [random(), random(), random(), random()]
    const { left, right } = drawPair(u1, u2, law.skew)
    let distance = theta[left]! - theta[right]! + law.gamma
    let voter: number | undefined
    if (people !== undefined) {
      voter = people.draw(random())
      const tastes = voter * ARENA_MODELS
      distance += people.tastes[tastes + left]! - people.tastes[tastes + right]!
    }
    const odds = outcomeLaw(distance, law.nu)
    let outcome = OUTCOME_B
    if (u3 < odds.left) outcome = OUTCOME_A
    else if (u3 < odds.left + odds.tie) outcome = u4 < law.bb ? OUTCOME_BOTH_BAD : OUTCOME_TIE
    table.append({
      modelA: modelName(left),
      modelB: modelName(right),
      outcomes: [outcome],
      ...(voter === undefined ? {} : { voter: `v${voter}` }),
    })
  }
  return table
}

function drawCrowd(
  { voters, activity, tasteSd }: Crowd,
  random: () => number,
): { tastes: Float64Array; draw: (u: number) => number } {
  const shares = Float64Array.from({ length: voters }, (_, c) => {
    if (activity === 'log-normal') return Math.exp(normal(random))
    if (activity === 'zipf') return 1 / (c + 1)
    return Math.sqrt((c + 1) / voters) - Math.sqrt(c / voters)
  })
  const cumulative = new Float64Array(voters)
  let sum = 0
  for (let c = 0; c < voters; c += 1) {
    sum += shares[c]!
    cumulative[c] = sum
  }
  const tastes = Float64Array.from(
    { length: voters * ARENA_MODELS },
    () => (normal(random) * tasteSd) / ELO_PER_LOGIT,
  )
  const draw = (u: number) => {
    let low = 0
    let high = voters - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! > u * sum) high = middle
      else low = middle + 1
    }
    return low
  }
  return { tastes, draw }
}

/**
 * The scores that the law expects of a million battles: what half-ties estimate is Bradley–Terry
 * fitted to them. Who votes does not matter to it: tastes are drawn independently of activity, so
 * that each vote, whoever gives it, has the same expectation over the tastes.
 */
export function expectedScores(law: ArenaLaw, tasteSd = 0): PairScores {
  const theta = trueTheta(law.step)
  const scores = emptyPairScores(ARENA_MODELS)
  const drawn = pairLaw(law.skew)
  // Two tastes are in a difference.
  const spread = (tasteSd * Math.SQRT2) / ELO_PER_LOGIT
  for (let pair = 0; pair < scores.size; pair += 1) {
    for (const [left, right] of [
      [scores.first[pair]!, scores.second[pair]!],
      [scores.second[pair]!, scores.first[pair]!],
    ] as const) {
      const battles = 1e6 * drawn[left * ARENA_MODELS + right]!
      const share = meanShare(theta[left]! - theta[right]! + law.gamma, spread, law.nu)
      const ofLeft = left < right ? scores.scoreFirst : scores.scoreSecond
      const ofRight = left < right ? scores.scoreSecond : scores.scoreFirst
      ofLeft[pair]! += battles * share
      ofRight[pair]! += battles * (1 - share)
    }
  }
  return scores
}

/** E[wins + ½ ties] over a normal scatter of the distance (the trapezoid rule, exact to 1e-14). */
function meanShare(distance: number, spread: number, nu: number): number {
  const shareAt = (d: number) => {
    const { left, tie } = outcomeLaw(d, nu)
    return left + tie / 2
  }
  if (spread === 0) return shareAt(distance)
  let sum = 0
  let weights = 0
  for (let step = -100; step <= 100; step += 1) {
    const z = step / 12
    const weight = Math.exp((-z * z) / 2)
    weights += weight
    sum += weight * shareAt(distance + spread * z)
  }
  return sum / weights
}
