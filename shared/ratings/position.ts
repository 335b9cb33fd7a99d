import { STEP_TOLERANCE } from './bradley-terry.ts'
import { choleskyInPlace, invertSpd, solveCholesky } from './linear-algebra.ts'
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
  const cells = orderedCells(counts, indexOf, models, ties)
  if (cells.length === 0) return undefined
  const n = models + 1
  const theta = new Float64Array(n)
  const information = new Float64Array(n * n)
  const step = new Float64Array(n)
  let previous = Number.POSITIVE_INFINITY
  for (let round = 0; round < MOST_STEPS && previous >= STEP_TOLERANCE; round += 1) {
    assemble(cells, models, theta, step, information)
    if (!choleskyInPlace(information, n)) return undefined
    solveCholesky(information, n, step)
    previous = addStep(theta, step)
    if (!(Math.abs(theta[models]!) < LARGEST)) return undefined
  }
  if (!(previous < STEP_TOLERANCE)) return undefined

  assemble(cells, models, theta, step, information)
  const inverse = invertSpd(information, n)
  if (inverse === undefined) return undefined
  // γ is alone in needing an error: of H⁻¹BH⁻¹ its row and column are enough.
  const row = models * n
  let variance = 0
  for (const { left, right, verdicts } of cells) {
    const p = 1 / (1 + Math.exp(theta[right]! - theta[left]! - theta[models]!))
    const influence = inverse[row + left]! - inverse[row + right]! + inverse[row + models]!
    for (const { score, squares } of verdicts) {
      variance += squares * ((score - p) * influence) ** 2
    }
  }
  return { coefficient: theta[models]!, se: Math.sqrt(variance), theta: theta.slice(0, models) }
}

/** An ordered pair: what was said of it, by score. */
type Cell = {
  readonly left: number
  readonly right: number
  /** Score of the left side and the number of verdicts, weighted. */
  readonly score: number
  readonly total: number
  readonly verdicts: readonly { readonly score: number; readonly squares: number }[]
}

/** In the order of the models, so that equal counts give equal bits. */
function orderedCells(counts: PairCounts, indexOf: Int32Array, models: number, ties: Ties): Cell[] {
  const scores = scoresOf(ties)
  const weights = counts.weights ?? counts.counts
  const squares = counts.squares ?? counts.counts
  const cells: Cell[] = []
  for (let pair = 0; pair < counts.pairs; pair += 1) {
    const left = indexOf[counts.left[pair]!]!
    const right = indexOf[counts.right[pair]!]!
    if (left < 0 || right < 0) continue
    let score = 0
    let total = 0
    const verdicts: { score: number; squares: number }[] = []
    for (let outcome = 0; outcome < COUNTED_OUTCOMES; outcome += 1) {
      const entry = pair * COUNTED_OUTCOMES + outcome
      const value = scores[outcome]!
      if (Number.isNaN(value) || counts.counts[entry] === 0) continue
      score += weights[entry]! * value
      total += weights[entry]!
      verdicts.push({ score: value, squares: squares[entry]! })
    }
    if (total > 0) cells.push({ left, right, score, total, verdicts })
  }
  return cells.sort((a, b) => (a.left - b.left) * models + a.right - b.right)
}

function assemble(
  cells: readonly Cell[],
  models: number,
  theta: Float64Array,
  gradient: Float64Array,
  information: Float64Array,
): void {
  const n = models + 1
  const last = models * n
  const gamma = theta[models]!
  gradient.fill(0)
  information.fill(0)
  for (const { left, right, score, total } of cells) {
    const p = 1 / (1 + Math.exp(theta[right]! - theta[left]! - gamma))
    const residual = score - total * p
    const weight = total * p * (1 - p)
    gradient[left]! += residual
    gradient[right]! -= residual
    gradient[models]! += residual
    information[left * n + left]! += weight
    information[right * n + right]! += weight
    information[left * n + right]! -= weight
    information[right * n + left]! -= weight
    information[last + left]! += weight
    information[last + right]! -= weight
    information[last + models]! += weight
  }
  // The gauge: strengths have mean 0. Their information is that of a typical model, so that the
  // matrix stays well conditioned; neither γ nor its error depends on it.
  let scale = 0
  for (let i = 0; i < models; i += 1) scale += information[i * n + i]! / (models * models)
  for (let i = 0; i < models; i += 1) {
    information[i * n + models] = information[last + i]!
    for (let j = 0; j < models; j += 1) information[i * n + j]! += scale
  }
}
