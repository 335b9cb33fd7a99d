import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normal } from '../../../../shared/ratings/draws.ts'
import { fitPosition } from '../../../../shared/ratings/position.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import {
  fitStyle,
  STYLE_RIDGE,
  styleDifferences,
  type StyleFit,
  type StyleRows,
} from '../../../../shared/ratings/style.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'

const MODELS = 8

/** Votes with true effects of style: features are normal with means that depend on the models. */
function simulated({
  votes,
  seed,
  beta,
  gamma = 0,
  tieShare = 0,
  votesOfAVoter = 1,
}: {
  votes: number
  seed: number
  beta: readonly number[]
  gamma?: number
  tieShare?: number
  votesOfAVoter?: number
}): StyleRows {
  const random = mulberry32(seed)
  const rows = {
    models: MODELS,
    length: votes,
    left: new Int32Array(votes),
    right: new Int32Array(votes),
    score: new Float64Array(votes),
    weight: null,
    voter: Int32Array.from({ length: votes }, (_, k) => Math.floor(k / votesOfAVoter)),
    source: null,
    features: new Float32Array(4 * votes),
  }
  for (let k = 0; k < votes; k += 1) {
    const i = Math.floor(random() * MODELS)
    const other = Math.floor(random() * (MODELS - 1))
    const j = other >= i ? other + 1 : other
    let distance = strength(i) - strength(j) + gamma
    for (const [f, effect] of beta.entries()) {
      const value = 0.3 * normal(random) + 0.02 * (i - j)
      rows.features[4 * k + f] = value
      distance += effect * value
    }
    rows.left[k] = i
    rows.right[k] = j
    const u = random()
    if (random() < tieShare) rows.score[k] = 0.5
    else rows.score[k] = u < 1 / (1 + Math.exp(-distance)) ? 1 : 0
  }
  return rows
}

const strength = (model: number) => (3.5 - model) * 0.2

function fitted(rows: StyleRows): StyleFit {
  const fit = fitStyle(rows)
  if (fit === undefined) throw new Error('no fit')
  return fit
}

test('true effects of style and side are found within their standard errors', () => {
  const beta = [1.2, -0.7, 0, 0.4]
  const fit = fitted(simulated({ votes: 40_000, seed: 1, beta, gamma: 0.15 }))
  for (const [k, effect] of beta.entries()) {
    const se = Math.sqrt(fit.covariance[(MODELS + 1 + k) * (fit.size + 1)]!)
    const truth = effect * fit.deviations[k]!
    expect(Math.abs(fit.coefficients[k]! - truth)).toBeLessThan(3.5 * se)
    expect(se).toBeLessThan(0.02)
  }
  const seLeft = Math.sqrt(fit.covariance[MODELS * (fit.size + 1)]!)
  expect(Math.abs(fit.left! - 0.15)).toBeLessThan(3.5 * seLeft)
  for (let i = 0; i < MODELS; i += 1) {
    const se = Math.sqrt(fit.covariance[i * (fit.size + 1)]!)
    expect(Math.abs(fit.theta[i]! - strength(i))).toBeLessThan(4 * se)
  }
})

test('standard errors are how coefficients scatter, with voters of several votes too', () => {
  const fits = Array.from({ length: 100 }, (_, seed) =>
    fitted(
      simulated({
        votes: 2000,
        seed: seed + 1,
        beta: [0.8, 0, 0, 0.3],
        tieShare: 0.2,
        votesOfAVoter: 5,
      }),
    ),
  )
  for (const at of [0, MODELS, MODELS + 1, MODELS + 4]) {
    const values = fits.map((fit) =>
      at < MODELS ? fit.theta[at]! : at === MODELS ? fit.left! : fit.coefficients[at - MODELS - 1]!,
    )
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length
    const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 99
    const claimed = fits.reduce((sum, fit) => sum + fit.covariance[at * (fit.size + 1)]!, 0) / 100
    expect(Math.sqrt(variance / claimed)).toBeGreaterThan(0.78)
    expect(Math.sqrt(variance / claimed)).toBeLessThan(1.22)
  }
})

test('without features it is Bradley–Terry with a left coefficient', () => {
  const rows = simulated({ votes: 3000, seed: 3, beta: [0, 0, 0, 0], gamma: 0.2, tieShare: 0.2 })
  rows.features.fill(0)
  const fit = fitted({ ...rows, voter: null })
  const table = new VoteTable({ dimensions: ['d'] })
  for (let model = 0; model < MODELS; model += 1) table.models.idOf(`m${model}`)
  for (let k = 0; k < rows.length; k += 1) {
    const outcome = { 1: 0, 0: 1, 0.5: 2 }[rows.score[k] as 0 | 1 | 0.5]
    table.append({
      modelA: `m${rows.left[k]!}`,
      modelB: `m${rows.right[k]!}`,
      outcomes: [outcome],
    })
  }
  const identity = Int32Array.from({ length: MODELS }, (_, model) => model)
  const position = fitPosition(SliceCounts.of(table).pairs[0]!, identity, MODELS, 'half')!
  expect(fit.left!).toBeCloseTo(position.coefficient, 9)
  expect(Math.sqrt(fit.covariance[MODELS * (fit.size + 1)]!)).toBeCloseTo(position.se, 9)
  for (let i = 0; i < MODELS; i += 1) expect(fit.theta[i]).toBeCloseTo(position.theta[i]!, 9)
  expect(Array.from(fit.coefficients)).toEqual([0, 0, 0, 0])
  expect(Array.from(fit.deviations)).toEqual([0, 0, 0, 0])
})

test('the fit is a stationary point of the ridged likelihood, features not centred', () => {
  const rows = simulated({ votes: 1500, seed: 4, beta: [0.9, 0.2, 0, 0], tieShare: 0.1 })
  const weight = Float64Array.from({ length: rows.length }, (_, k) => 0.5 + (k % 3))
  const fit = fitted({ ...rows, weight })
  const gradient = new Float64Array(fit.size)
  for (let k = 0; k < rows.length; k += 1) {
    const scaled = [0, 1, 2, 3].map((f) => rows.features[4 * k + f]! / fit.deviations[f]!)
    let z = fit.theta[rows.left[k]!]! - fit.theta[rows.right[k]!]! + fit.left!
    for (const [f, value] of scaled.entries()) z += fit.coefficients[f]! * value
    const residual = weight[k]! * (rows.score[k]! - 1 / (1 + Math.exp(-z)))
    gradient[rows.left[k]!]! += residual
    gradient[rows.right[k]!]! -= residual
    gradient[MODELS]! += residual
    for (const [f, value] of scaled.entries()) gradient[MODELS + 1 + f]! += residual * value
  }
  for (let f = 0; f < 4; f += 1) gradient[MODELS + 1 + f]! -= STYLE_RIDGE * fit.coefficients[f]!
  // Features are kept with 24 bits.
  for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-3)
  expect(fit.theta.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 10)
})

test('the scale of features does not matter, and rows may share them', () => {
  const rows = simulated({ votes: 1200, seed: 5, beta: [0.5, 0, 0.5, 0] })
  const fit = fitted(rows)
  const larger = fitted({ ...rows, features: rows.features.map((value) => value * 4) })
  for (const [k, each] of fit.coefficients.entries()) {
    expect(larger.coefficients[k]).toBeCloseTo(each, 10)
    expect(larger.deviations[k]).toBeCloseTo(4 * fit.deviations[k]!, 10)
  }
  const source = Int32Array.from({ length: rows.length }, (_, k) => rows.length - 1 - k)
  const reversed = new Float32Array(rows.features.length)
  for (let k = 0; k < rows.length; k += 1) {
    reversed.set(rows.features.subarray(4 * k, 4 * k + 4), 4 * source[k]!)
  }
  const shared = fitted({ ...rows, features: reversed, source })
  for (const [k, each] of fit.theta.entries()) expect(shared.theta[k]).toBeCloseTo(each, 10)
})

test('a narrow prior holds strengths where it says', () => {
  const rows = simulated({ votes: 300, seed: 6, beta: [0.5, 0, 0, 0] })
  const centre = Float64Array.from({ length: MODELS }, (_, i) => i / 10)
  const held = fitStyle(rows, { centre, precision: 1e9 })!
  for (const [i, each] of held.theta.entries()) expect(each).toBeCloseTo(centre[i]!, 5)
  const free = fitStyle(rows, { centre, precision: 1e-6 })!
  const plain = fitted(rows)
  const offset = free.theta[0]! - plain.theta[0]!
  for (const [i, each] of free.theta.entries()) {
    expect(each - offset).toBeCloseTo(plain.theta[i]!, 4)
  }
})

test('votes that nobody lost, or none at all, have no fit', () => {
  const rows = simulated({ votes: 200, seed: 7, beta: [0, 0, 0, 0] })
  expect(fitStyle({ ...rows, score: new Float64Array(200).fill(1) })).toBeUndefined()
  expect(fitStyle({ ...rows, length: 0 })).toBeUndefined()
})

test('differences are taken of the two sides, feature by feature', () => {
  const count = fc.nat({ max: 1000 })
  fc.assert(
    fc.property(fc.array(count, { minLength: 8, maxLength: 8 }), (counts) => {
      const features = styleDifferences(Float32Array.from(counts), 1)
      const swapped = [1, 0, 3, 2, 5, 4, 7, 6].map((at) => counts[at]!)
      const mirrored = styleDifferences(Float32Array.from(swapped), 1)
      for (let k = 0; k < 4; k += 1) expect(features[k]! + mirrored[k]!).toBe(0)
    }),
  )
  expect(Array.from(styleDifferences(Float32Array.of(3, 1, 0, 0, NaN, 5, 0, 2), 1))).toEqual([
    0.5, 0, 0, -1,
  ])
})
