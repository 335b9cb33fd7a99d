import { STEP_TOLERANCE } from './bradley-terry.ts'
import { choleskyInPlace, solveCholesky } from './linear-algebra.ts'
import { addStep } from './newton-step.ts'
import { COUNTED_OUTCOMES, scoresOf, type Ties } from './outcomes.ts'
import type { PairCounts } from './pair-counts.ts'

export type PositionFit = {
  /** γ in logits: positive favours the left side. */
  readonly coefficient: number
  /** Its standard error under independent votes (sandwich), logits. */
  readonly se: number
  /** Log-strengths beside it, mean 0, in the order of the models. */
  readonly theta: Float64Array
}

const MOST_STEPS = 60
/** A side that wins with odds of e^20 has always won: the likelihood has no maximum. */
const LARGEST = 20

/**
 * The preference of the voters for the left side: γ of `logit p = θ_left − θ_right + γ`, ties ½,
 * fitted together with the strengths by Newton, no ridge (Davidson & Beaver 1977, on the logit
 * scale). 0 for people whose sides are drawn by chance; not so for many models that judge.
 *
 * @param indexOf the number of each model id among the rated models, −1 for the others
 * @param models how many are rated; they must be connected, as for a Bradley–Terry fit
 * @returns undefined where γ cannot be told: without votes, or where one side always won
 */
export function fitPosition(
  counts: PairCounts,
  indexOf: Int32Array,
  models: number,
  ties: Ties,
): PositionFit | undefined {
  const table = orderedScores(counts, indexOf, models, ties)
  if (table.verdicts === 0) return undefined
  const n = models + 1
  const theta = new Float64Array(n)
  const information = new Float64Array(n * n)
  const step = new Float64Array(n)
  let previous = Number.POSITIVE_INFINITY
  for (let round = 0; round < MOST_STEPS && previous >= STEP_TOLERANCE; round += 1) {
    assemble(table, theta, step, information)
    if (!choleskyInPlace(information, n)) return undefined
    solveCholesky(information, n, step)
    previous = addStep(theta, step)
    if (!(Math.abs(theta[models]!) < LARGEST)) return undefined
  }
  if (!(previous < STEP_TOLERANCE)) return undefined

  assemble(table, theta, step, information)
  if (!choleskyInPlace(information, n)) return undefined
  // γ alone needs an error: of H⁻¹BH⁻¹ one row of H⁻¹ is enough.
  const row = new Float64Array(n)
  row[models] = 1
  solveCholesky(information, n, row)
  let variance = 0
  for (let left = 0; left < models; left += 1) {
    for (let right = 0; right < models; right += 1) {
      const cell = left * models + right
      if (table.total[cell] === 0) continue
      const p = 1 / (1 + Math.exp(theta[right]! - theta[left]! - theta[models]!))
      const influence = row[left]! - row[right]! + row[models]
      const squares =
        table.squaresWon[cell]! * (1 - p) ** 2 +
        table.squaresHalf[cell]! * (0.5 - p) ** 2 +
        table.squaresLost[cell]! * p ** 2
      variance += squares * influence * influence
    }
  }
  return { coefficient: theta[models]!, se: Math.sqrt(variance), theta: theta.slice(0, models) }
}

/** By ordered pair, entry left·M + right: in the order of the models, so that equal counts give equal bits. */
type OrderedScores = {
  readonly models: number
  verdicts: number
  /** Score of the left side and the number of verdicts, weighted. */
  readonly score: Float64Array
  readonly total: Float64Array
  /** Σw² by the score of the left side: 1, ½, 0. */
  readonly squaresWon: Float64Array
  readonly squaresHalf: Float64Array
  readonly squaresLost: Float64Array
}

function orderedScores(
  counts: PairCounts,
  indexOf: Int32Array,
  models: number,
  ties: Ties,
): OrderedScores {
  const scores = scoresOf(ties)
  const weights = counts.weights ?? counts.counts
  const squares = counts.squares ?? counts.counts
  const empty = () => new Float64Array(models * models)
  const table: OrderedScores = {
    models,
    verdicts: 0,
    score: empty(),
    total: empty(),
    squaresWon: empty(),
    squaresHalf: empty(),
    squaresLost: empty(),
  }
  for (let pair = 0; pair < counts.pairs; pair += 1) {
    const left = indexOf[counts.left[pair]!]!
    const right = indexOf[counts.right[pair]!]!
    if (left < 0 || right < 0) continue
    const cell = left * models + right
    for (let outcome = 0; outcome < COUNTED_OUTCOMES; outcome += 1) {
      const entry = pair * COUNTED_OUTCOMES + outcome
      const score = scores[outcome]!
      if (Number.isNaN(score) || counts.counts[entry] === 0) continue
      table.verdicts += counts.counts[entry]!
      table.score[cell]! += weights[entry]! * score
      table.total[cell]! += weights[entry]!
      const column = score === 1 ? 'squaresWon' : score === 0 ? 'squaresLost' : 'squaresHalf'
      table[column][cell]! += squares[entry]!
    }
  }
  return table
}

function assemble(
  { models, score, total }: OrderedScores,
  theta: Float64Array,
  gradient: Float64Array,
  information: Float64Array,
): void {
  const n = models + 1
  const last = models * n
  const gamma = theta[models]!
  gradient.fill(0)
  information.fill(0)
  for (let left = 0; left < models; left += 1) {
    for (let right = 0; right < models; right += 1) {
      const verdicts = total[left * models + right]!
      if (verdicts === 0) continue
      const p = 1 / (1 + Math.exp(theta[right]! - theta[left]! - gamma))
      const residual = score[left * models + right]! - verdicts * p
      const weight = verdicts * p * (1 - p)
      gradient[left]! += residual
      gradient[right]! -= residual
      gradient[models]! += residual
      information[left * n + left]! += weight
      information[right * n + right]! += weight
      // The lower triangle is enough for the factorisation.
      information[left > right ? left * n + right : right * n + left]! -= weight
      information[last + left]! += weight
      information[last + right]! -= weight
      information[last + models]! += weight
    }
  }
  // The gauge: strengths have mean 0. Their information is that of a typical model, so that the
  // matrix stays well conditioned; neither γ nor its error depends on it.
  let scale = 0
  for (let i = 0; i < models; i += 1) scale += information[i * n + i]! / (models * models)
  for (let i = 0; i < models; i += 1) {
    for (let j = 0; j <= i; j += 1) information[i * n + j]! += scale
  }
}
