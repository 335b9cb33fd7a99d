import { fitBradleyTerry } from '../../../shared/ratings/bradley-terry.ts'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_TIE,
} from '../../../shared/ratings/outcomes.ts'
import { mulberry32 } from '../../../shared/ratings/random.ts'
import { VoteTable } from '../../../shared/ratings/vote-table.ts'

/** The number of models of the synthetic arena, m00 (the best) to m19. */
export const ARENA_MODELS = 20

/** The parameters of the golden generator (`tests/golden/synthetic_arena.json`). */
export type ArenaParameters = {
  readonly seed: number
  /** Battles. */
  readonly N: number
  /** Elo points between neighbours. */
  readonly step: number
  /** Davidson's ν of the sampling law. */
  readonly nu: number
  /** The share of ties that are called "both bad". */
  readonly bb: number
  /** How much more often the first models are drawn as the left one; 1: evenly. */
  readonly skew: number
  /** What standing on the left is worth, in logits. */
  readonly gamma: number
}

export type ArenaBattle = {
  readonly left: number
  readonly right: number
  readonly outcome: number
}

export function modelName(model: number): string {
  return `m${String(model).padStart(2, '0')}`
}

/** The true log-strengths, with mean 0. */
export function trueTheta(step: number): Float64Array {
  return Float64Array.from(
    { length: ARENA_MODELS },
    (_, model) => ((9.5 - model) * step * Math.LN10) / 400,
  )
}

/** What a left model ahead by d (position included) gets under Davidson's law. */
export function outcomeLaw(d: number, nu: number): { left: number; tie: number; right: number } {
  const a = Math.exp(d / 2)
  const b = Math.exp(-d / 2)
  const all = a + b + nu
  return { left: a / all, tie: nu / all, right: b / all }
}

/** Draws the golden battles: four numbers of mulberry32 each. */
export function syntheticBattles(parameters: ArenaParameters): ArenaBattle[] {
  const { seed, N, step, nu, bb, skew, gamma } = parameters
  const random = mulberry32(seed)
  const theta = trueTheta(step)
  return Array.from({ length: N }, () => {
    const [u1, u2, u3, u4] = [random(), random(), random(), random()]
    const { left, right } = drawPair(u1, u2, skew)
    const law = outcomeLaw(theta[left]! - theta[right]! + gamma, nu)
    if (u3 < law.left) return { left, right, outcome: OUTCOME_A }
    if (u3 < law.left + law.tie) {
      return { left, right, outcome: u4 < bb ? OUTCOME_BOTH_BAD : OUTCOME_TIE }
    }
    return { left, right, outcome: OUTCOME_B }
  })
}

export function drawPair(u1: number, u2: number, skew: number): { left: number; right: number } {
  const left = Math.floor(ARENA_MODELS * u1 ** skew)
  const other = Math.floor((ARENA_MODELS - 1) * u2)
  return { left, right: other >= left ? other + 1 : other }
}

/** One letter a model and one digit an outcome (1 left, 2 right, 0 tie, 3 both bad), a battle. */
export function outcomeString(battles: readonly ArenaBattle[]): string {
  const digits = ['1', '2', '0', '3']
  const letter = (model: number) => String.fromCodePoint(97 + model)
  return battles
    .map(({ left, right, outcome }) => letter(left) + letter(right) + digits[outcome])
    .join('')
}

/** The battles as a table of one dimension, `overall` absent; every vote from its own voter. */
export function arenaTable(
  battles: readonly ArenaBattle[],
  voterOf?: (battle: number) => string,
): VoteTable {
  const table = new VoteTable({ dimensions: ['quality'] })
  for (const [index, { left, right, outcome }] of battles.entries()) {
    table.append({
      modelA: modelName(left),
      modelB: modelName(right),
      outcomes: [outcome],
      voter: voterOf?.(index) ?? null,
    })
  }
  return table
}

/** How likely each ordered pair is drawn: entry left·M + right. */
export function pairLaw(skew: number): Float64Array {
  const law = new Float64Array(ARENA_MODELS ** 2)
  for (let left = 0; left < ARENA_MODELS; left += 1) {
    const share = ((left + 1) / ARENA_MODELS) ** (1 / skew) - (left / ARENA_MODELS) ** (1 / skew)
    for (let right = 0; right < ARENA_MODELS; right += 1) {
      if (right !== left) law[left * ARENA_MODELS + right] = share / (ARENA_MODELS - 1)
    }
  }
  return law
}

/** The dimensions of the golden arena with three questions (`tests/golden/multidim.json`). */
export const MULTIDIM_DIMENSIONS = ['accuracy', 'helpfulness', 'language'] as const

/** Elo points above the mean by dimension and model. */
export function multidimOffset(dimension: number, model: number): number {
  if (dimension === 0) return (9.5 - model) * 40
  if (dimension === 1) return (((7 * model) % 20) - 9.5) * 30
  return (model % 2 === 0 ? 9.5 - model : model - 9.5) * 20
}

/** Draws the golden battles with three verdicts each: five numbers of mulberry32. */
export function multidimBattles(
  seed = 7,
  battles = 30_000,
): { left: number; right: number; outcomes: number[] }[] {
  const random = mulberry32(seed)
  return Array.from({ length: battles }, () => {
    const { left, right } = drawPair(random(), random(), 1)
    const outcomes = MULTIDIM_DIMENSIONS.map((_, dimension) => {
      const gap = multidimOffset(dimension, left) - multidimOffset(dimension, right)
      const law = outcomeLaw((gap * Math.LN10) / 400, 0.5)
      const u = random()
      if (u < law.left) return OUTCOME_A
      return u < law.left + law.tie ? OUTCOME_TIE : OUTCOME_B
    })
    return { left, right, outcomes }
  })
}

/**
 * What Bradley–Terry with half-ties estimates from more and more battles of this law: the fit to
 * the expected scores, the preference for a side included. Log-strengths by model, mean 0.
 */
export function halfTieEstimand({
  step,
  nu,
  skew,
  gamma,
}: Pick<ArenaParameters, 'step' | 'nu' | 'skew' | 'gamma'>): Float64Array {
  const theta = trueTheta(step)
  const law = pairLaw(skew)
  const first: number[] = []
  const second: number[] = []
  const scoreFirst: number[] = []
  const scoreSecond: number[] = []
  for (let i = 0; i < ARENA_MODELS; i += 1) {
    for (let j = i + 1; j < ARENA_MODELS; j += 1) {
      const onLeft = outcomeLaw(theta[i]! - theta[j]! + gamma, nu)
      const onRight = outcomeLaw(theta[j]! - theta[i]! + gamma, nu)
      const [left, right] = [law[i * ARENA_MODELS + j]!, law[j * ARENA_MODELS + i]!]
      first.push(i)
      second.push(j)
      scoreFirst.push(
        left * (onLeft.left + onLeft.tie / 2) + right * (onRight.right + onRight.tie / 2),
      )
      scoreSecond.push(
        left * (onLeft.right + onLeft.tie / 2) + right * (onRight.left + onRight.tie / 2),
      )
    }
  }
  const none = new Float64Array(first.length)
  const fit = fitBradleyTerry({
    models: ARENA_MODELS,
    size: first.length,
    first: Int32Array.from(first),
    second: Int32Array.from(second),
    scoreFirst: Float64Array.from(scoreFirst),
    scoreSecond: Float64Array.from(scoreSecond),
    squaresFirst: none,
    squaresSecond: none,
    squaresHalf: none,
  })
  if (!fit.converged) throw new Error('The law has no finite strengths.')
  return fit.theta
}
