import { STEP_TOLERANCE } from './bradley-terry.ts'
import { ACTIVE_SHARE, type ActiveVoter } from './dominant-voters.ts'
import { choleskyInPlace, invertSpd, solveCholesky, symmetricSandwich } from './linear-algebra.ts'
import { addStep } from './newton-step.ts'
import { relativeDifference, STYLE_FEATURES } from './style-features.ts'

/** The ridge on the style coefficients, in the summed log-likelihood and in H. */
export const STYLE_RIDGE = 0.5

const FEATURES = STYLE_FEATURES.length
/** The left coefficient and those of the features come after the strengths. */
const EXTRAS = 1 + FEATURES

const MOST_STEPS = 60
const LARGEST = 50

/**
 * Verdicts to fit, one a row. A battle with three verdicts has three rows that share one row of
 * `features`.
 */
export type StyleRows = {
  /** Models are numbered from 0 to `models − 1` in the order of the board's solve. */
  readonly models: number
  readonly length: number
  readonly left: Int32Array
  readonly right: Int32Array
  /** Score of the left side: 1, ½ or 0. */
  readonly score: Float64Array
  /** Null: all are 1. In a composite w_d·N̄/N_d, so that the ridge weighs against votes. */
  readonly weight: Float64Array | null
  /** Voters from 0; −1: a voter with this row only. Null: all are. Rows of one vote share theirs. */
  readonly voter: Int32Array | null
  /** The row of `features`; null: the row itself. */
  readonly source: Int32Array | null
  /** Four features a row ({@link styleDifferences}), not yet divided by their deviation. */
  readonly features: Float32Array
}

export type StyleFit = {
  /** Log-strengths, mean 0 (or in the gauge of the prior). */
  readonly theta: Float64Array
  /** The left coefficient γ, logits; null if the fit was without one. */
  readonly left: number | null
  /** Log-odds for one standard deviation more of each feature on the left, by feature. */
  readonly coefficients: Float64Array
  /** The standard deviation that each feature was divided by; 0 where it never differed. */
  readonly deviations: Float64Array
  /** Clustered by voter, of (θ, γ, coefficients): row-major, logits². */
  readonly covariance: Float64Array
  /** H⁻¹ of the same, in the gauge of mean 0. */
  readonly inverse: Float64Array
  /** The length of a row of both. */
  readonly size: number
  /** How many voters there are. */
  readonly voters: number
  /** Those who gave many of the votes. */
  readonly active: readonly ActiveVoter[]
}

/** A Gaussian prior on the strengths: the shrinkage of slices. */
export type StylePrior = { readonly centre: Float64Array; readonly precision: number }

/**
 * The features of votes: for each the relative difference of the two answers' counts, 0 where it is
 * unknown.
 *
 * @param style eight counts a vote: a feature of A, then of B, in the order of `STYLE_FEATURES`; null:
 *   all unknown
 */
export function styleDifferences(style: Float32Array | null, rows: number): Float32Array {
  const features = new Float32Array(rows * FEATURES)
  if (style === null) return features
  for (let at = 0; at < features.length; at += 1) {
    features[at] = relativeDifference(style[2 * at]!, style[2 * at + 1]!)
  }
  return features
}

/**
 * Style control: Bradley–Terry with covariates, `logit p = θ_left − θ_right + γ + Σ β_k f_k`, ties
 * ½, so that strengths compare answers of equal length and layout (Li, Angelopoulos & Chiang 2024,
 * "Does style matter? Disentangling style and substance in Chatbot Arena"). Features are divided by
 * their population standard deviation over the rows and not centred; ridge {@link STYLE_RIDGE} on β
 * alone. Newton with Cholesky; errors by the sandwich clustered by voter (by verdict, if there is but
 * one voter).
 *
 * @param withLeft false: without γ
 * @param start strengths to begin at, with mean 0 unless there is a prior: those of the plain board
 *   spare a step or two
 * @returns undefined where the fit has no finite maximum: strengths must be connected (or have a
 *   prior), and both sides must have won
 */
export function fitStyle(
  rows: StyleRows,
  prior?: StylePrior,
  start?: Float64Array,
  withLeft = true,
): StyleFit | undefined {
  if (rows.models === 0 || (rows.length === 0 && prior === undefined)) return undefined
  const { features, deviations } = scaled(rows)
  const m = rows.models
  const size = m + EXTRAS
  const beta = new Float64Array(size)
  beta.set(start ?? prior?.centre ?? new Float64Array(m))
  const work = new Workspace(m, withLeft)
  let previous = Number.POSITIVE_INFINITY
  for (let round = 0; round < MOST_STEPS && previous >= STEP_TOLERANCE; round += 1) {
    work.assemble(rows, features, beta, prior)
    if (!choleskyInPlace(work.information, size)) return undefined
    solveCholesky(work.information, size, work.gradient)
    previous = addStep(beta, work.gradient)
    if (!(Math.abs(beta[m]!) < LARGEST)) return undefined
  }
  if (!(previous < STEP_TOLERANCE)) return undefined
  work.assemble(rows, features, beta, prior)
  const inverse = invertSpd(work.information, size)
  if (inverse === undefined) return undefined
  if (prior === undefined) removeGauge(inverse, m, size, work.gauge)
  const clustered = meat(rows, features, beta)
  const { voters } = clustered
  // The scores of a single voter cancel: how others would differ is not to be had from them.
  const { sum, active } = voters === 1 ? meat({ ...rows, voter: null }, features, beta) : clustered
  return {
    theta: beta.slice(0, m),
    left: withLeft ? beta[m]! : null,
    coefficients: beta.slice(m + 1),
    deviations,
    covariance: symmetricSandwich(inverse, sum, size),
    inverse,
    size,
    voters,
    active,
  }
}

/** Features divided by their population standard deviation over the rows. */
function scaled({ length, source, features }: StyleRows): {
  features: Float32Array
  deviations: Float64Array
} {
  const means = new Float64Array(FEATURES)
  const squares = new Float64Array(FEATURES)
  for (let row = 0; row < length; row += 1) {
    const at = (source === null ? row : source[row]!) * FEATURES
    for (let k = 0; k < FEATURES; k += 1) means[k]! += features[at + k]!
  }
  for (let k = 0; k < FEATURES; k += 1) means[k]! /= Math.max(1, length)
  // A second pass: a feature that never differs has to have a deviation of 0, not of rounding.
  for (let row = 0; row < length; row += 1) {
    const at = (source === null ? row : source[row]!) * FEATURES
    for (let k = 0; k < FEATURES; k += 1) squares[k]! += (features[at + k]! - means[k]!) ** 2
  }
  const deviations = squares.map((square) => Math.sqrt(square / Math.max(1, length)))
  const factors = deviations.map((deviation) => (deviation > 1e-9 ? 1 / deviation : 0))
  const result = new Float32Array(features.length)
  for (let entry = 0; entry < features.length; entry += 1) {
    result[entry] = features[entry]! * factors[entry % FEATURES]!
  }
  return { features: result, deviations }
}

/** The gradient and the information at a point, summed row by row into small tables first. */
class Workspace {
  readonly gradient: Float64Array
  readonly information: Float64Array
  /** The entry that was added to every cell of the strengths' block to fix their mean. */
  gauge = 0
  readonly #models: number
  readonly #withLeft: boolean
  /** Σ w·p·(1−p) by ordered pair. */
  readonly #pairs: Float64Array
  /** Σ w·p·(1−p)·(1, f) by model: minus where it was on the right. */
  readonly #cross: Float64Array

  constructor(models: number, withLeft: boolean) {
    const size = models + EXTRAS
    this.#models = models
    this.#withLeft = withLeft
    this.gradient = new Float64Array(size)
    this.information = new Float64Array(size * size)
    this.#pairs = new Float64Array(models * models)
    this.#cross = new Float64Array(models * EXTRAS)
  }

  assemble(
    rows: StyleRows,
    features: Float32Array,
    beta: Float64Array,
    prior: StylePrior | undefined,
  ): void {
    const m = this.#models
    const size = m + EXTRAS
    const { gradient, information } = this
    this.#sum(rows, features, beta)
    for (let i = 0; i < m; i += 1) {
      for (let j = 0; j < m; j += 1) {
        const weight = this.#pairs[i * m + j]!
        if (weight === 0) continue
        information[i * size + i]! += weight
        information[j * size + j]! += weight
        information[i * size + j]! -= weight
        information[j * size + i]! -= weight
      }
      for (let k = 0; k < EXTRAS; k += 1) {
        information[(m + k) * size + i] = this.#cross[i * EXTRAS + k]!
        information[i * size + m + k] = this.#cross[i * EXTRAS + k]!
      }
    }
    for (let k = 1; k < EXTRAS; k += 1) {
      gradient[m + k]! -= STYLE_RIDGE * beta[m + k]!
      information[(m + k) * size + m + k]! += STYLE_RIDGE
    }
    if (!this.#withLeft) this.#fixLeft(size)
    this.gauge = 0
    if (prior === undefined) {
      for (let i = 0; i < m; i += 1) this.gauge += information[i * size + i]! / (m * m)
      if (this.gauge === 0) this.gauge = 1
      for (let i = 0; i < m; i += 1) {
        for (let j = 0; j < m; j += 1) information[i * size + j]! += this.gauge
      }
    } else {
      for (let i = 0; i < m; i += 1) {
        information[i * size + i]! += prior.precision
        gradient[i]! -= prior.precision * (beta[i]! - prior.centre[i]!)
      }
    }
  }

  /** Takes γ out of the equations: it stays where it is, at 0. */
  #fixLeft(size: number): void {
    const left = this.#models
    for (let k = 0; k < size; k += 1) {
      this.information[left * size + k] = 0
      this.information[k * size + left] = 0
    }
    this.information[left * size + left] = 1
    this.gradient[left] = 0
  }

  /** The pass over the rows. Written out for four features: this is where the time goes. */
  #sum(rows: StyleRows, features: Float32Array, beta: Float64Array): void {
    const m = this.#models
    const size = m + EXTRAS
    const { length, left, right, score, weight, source } = rows
    const { gradient, information } = this
    const pairs = this.#pairs.fill(0)
    const cross = this.#cross.fill(0)
    gradient.fill(0)
    information.fill(0)
    const b0 = beta[m]!
    const b1 = beta[m + 1]!
    const b2 = beta[m + 2]!
    const b3 = beta[m + 3]!
    const b4 = beta[m + 4]!
    let g0 = 0
    let g1 = 0
    let g2 = 0
    let g3 = 0
    let g4 = 0
    let h00 = 0
    let h01 = 0
    let h02 = 0
    let h03 = 0
    let h04 = 0
    let h11 = 0
    let h12 = 0
    let h13 = 0
    let h14 = 0
    let h22 = 0
    let h23 = 0
    let h24 = 0
    let h33 = 0
    let h34 = 0
    let h44 = 0
    for (let row = 0; row < length; row += 1) {
      const i = left[row]!
      const j = right[row]!
      const at = (source === null ? row : source[row]!) * FEATURES
      const f1 = features[at]!
      const f2 = features[at + 1]!
      const f3 = features[at + 2]!
      const f4 = features[at + 3]!
      const w = weight === null ? 1 : weight[row]!
      const z = beta[i]! - beta[j]! + b0 + b1 * f1 + b2 * f2 + b3 * f3 + b4 * f4
      const p = 1 / (1 + Math.exp(-z))
      const r = w * (score[row]! - p)
      const v = w * p * (1 - p)
      gradient[i]! += r
      gradient[j]! -= r
      g0 += r
      g1 += r * f1
      g2 += r * f2
      g3 += r * f3
      g4 += r * f4
      pairs[i * m + j]! += v
      const v1 = v * f1
      const v2 = v * f2
      const v3 = v * f3
      const v4 = v * f4
      const a = i * EXTRAS
      const b = j * EXTRAS
      cross[a]! += v
      cross[a + 1]! += v1
      cross[a + 2]! += v2
      cross[a + 3]! += v3
      cross[a + 4]! += v4
      cross[b]! -= v
      cross[b + 1]! -= v1
      cross[b + 2]! -= v2
      cross[b + 3]! -= v3
      cross[b + 4]! -= v4
      h00 += v
      h01 += v1
      h02 += v2
      h03 += v3
      h04 += v4
      h11 += v1 * f1
      h12 += v1 * f2
      h13 += v1 * f3
      h14 += v1 * f4
      h22 += v2 * f2
      h23 += v2 * f3
      h24 += v2 * f4
      h33 += v3 * f3
      h34 += v3 * f4
      h44 += v4 * f4
    }
    gradient.set([g0, g1, g2, g3, g4], m)
    const block = [
      [h00, h01, h02, h03, h04],
      [h01, h11, h12, h13, h14],
      [h02, h12, h22, h23, h24],
      [h03, h13, h23, h33, h34],
      [h04, h14, h24, h34, h44],
    ]
    for (const [k, entries] of block.entries()) information.set(entries, (m + k) * size + m)
  }
}

/**
 * (H + c·11ᵀ)⁻¹ holds 11ᵀ/(c·m²) beside the inverse on mean-zero strengths: takes it out, exactly,
 * because 1 lies in the kernel of H.
 */
function removeGauge(inverse: Float64Array, models: number, size: number, gauge: number): void {
  const share = 1 / (gauge * models * models)
  for (let i = 0; i < models; i += 1) {
    for (let j = 0; j < models; j += 1) inverse[i * size + j]! -= share
  }
}

/** B = Σ s_c s_cᵀ over voters, s_c the voter's summed scores. */
function meat(
  rows: StyleRows,
  features: Float32Array,
  beta: Float64Array,
): { sum: Float64Array; voters: number; active: ActiveVoter[] } {
  const m = rows.models
  const size = m + EXTRAS
  const sum = new Float64Array(size * size)
  const score = new Float64Array(size)
  const touched = new Int32Array(size)
  const seen = new Uint8Array(m)
  let count = 0
  const add = (row: number) => {
    const at = (rows.source === null ? row : rows.source[row]!) * FEATURES
    const i = rows.left[row]!
    const j = rows.right[row]!
    let z = beta[i]! - beta[j]! + beta[m]!
    for (let k = 0; k < FEATURES; k += 1) z += beta[m + 1 + k]! * features[at + k]!
    const residual = (rows.weight?.[row] ?? 1) * (rows.score[row]! - 1 / (1 + Math.exp(-z)))
    if (seen[i] === 0) {
      seen[i] = 1
      touched[count] = i
      count += 1
    }
    if (seen[j] === 0) {
      seen[j] = 1
      touched[count] = j
      count += 1
    }
    score[i]! += residual
    score[j]! -= residual
    score[m]! += residual
    for (let k = 0; k < FEATURES; k += 1) score[m + 1 + k]! += residual * features[at + k]!
  }
  const close = () => {
    for (let k = 0; k < EXTRAS; k += 1) touched[count + k] = m + k
    const entries = count + EXTRAS
    for (let a = 0; a < entries; a += 1) {
      const offset = touched[a]! * size
      const value = score[touched[a]!]!
      for (let b = 0; b <= a; b += 1) {
        const column = touched[b]!
        sum[offset + column]! += value * score[column]!
      }
    }
    for (let a = 0; a < count; a += 1) seen[touched[a]!] = 0
    for (let a = 0; a < entries; a += 1) score[touched[a]!] = 0
    count = 0
  }
  const { order, starts, alone } = byVoter(rows)
  const weightOf = (row: number) => rows.weight?.[row] ?? 1
  let mass = 0
  for (let row = 0; row < rows.length; row += 1) mass += weightOf(row)
  const active: ActiveVoter[] = []
  let voters = alone.length
  for (let voter = 0; voter + 1 < starts.length; voter += 1) {
    const [from, to] = [starts[voter]!, starts[voter + 1]!]
    if (from === to) continue
    voters += 1
    let own = 0
    let several = false
    for (let at = from; at < to; at += 1) {
      const row = order[at]!
      add(row)
      own += weightOf(row)
      several ||= rows.source === null ? at > from : rows.source[row] !== rows.source[order[from]!]
    }
    if (several && own >= ACTIVE_SHARE * mass) {
      active.push({ share: own / mass, scores: score.slice() })
    }
    close()
  }
  for (const row of alone) {
    add(row)
    close()
  }
  // Each product went to one of two mirrored cells.
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) {
      const both = sum[row * size + column]! + sum[column * size + row]!
      sum[row * size + column] = both
      sum[column * size + row] = both
    }
  }
  return { sum, voters, active }
}

/**
 * Rows in the order of their voters (a counting sort), who come in the order in which they first
 * appear among these rows: sums then depend on these votes and their order alone. Rows of nobody in
 * particular apart.
 */
function byVoter({ voter, length }: StyleRows): {
  order: Int32Array
  starts: Int32Array
  alone: Int32Array
} {
  if (voter === null) {
    const alone = Int32Array.from({ length }, (_, row) => row)
    return { order: new Int32Array(0), starts: new Int32Array(1), alone }
  }
  const numbers = new Int32Array(voter.reduce((last, id) => Math.max(last, id), -1) + 1).fill(-1)
  const cluster = new Int32Array(length).fill(-1)
  let voters = 0
  let unknown = 0
  for (let row = 0; row < length; row += 1) {
    const id = voter[row]!
    if (id < 0) unknown += 1
    else {
      if (numbers[id] === -1) {
        numbers[id] = voters
        voters += 1
      }
      cluster[row] = numbers[id]!
    }
  }
  const starts = new Int32Array(voters + 1)
  for (let row = 0; row < length; row += 1) if (cluster[row]! >= 0) starts[cluster[row]! + 1]! += 1
  for (let each = 0; each < voters; each += 1) starts[each + 1]! += starts[each]!
  const next = starts.slice()
  const order = new Int32Array(length - unknown)
  const alone = new Int32Array(unknown)
  let lone = 0
  for (let row = 0; row < length; row += 1) {
    const who = cluster[row]!
    if (who < 0) {
      alone[lone] = row
      lone += 1
    } else {
      order[next[who]!] = row
      next[who]! += 1
    }
  }
  return { order, starts, alone }
}
