import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  choleskyInPlace,
  clipNegativeEigenvalues,
  invertSpd,
  multiply,
  multiplyVector,
  quadraticForm,
  solveCholesky,
  symmetricEigen,
  symmetricSandwich,
} from '../../../../shared/ratings/linear-algebra.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'

/** Sizes on both sides of what the blocked loops take at once. */
const sizes = fc.integer({ min: 1, max: 23 })
const seeds = fc.integer()
const cases = fc.record({ n: sizes, seed: seeds })

function randomMatrix(n: number, seed: number): Float64Array {
  const random = mulberry32(seed)
  return Float64Array.from({ length: n * n }, () => 2 * random() - 1)
}

function randomSymmetric(n: number, seed: number): Float64Array {
  const a = randomMatrix(n, seed)
  return a.map((x, at) => (x + a[(at % n) * n + Math.floor(at / n)]!) / 2)
}

/** GGᵀ + I: its eigenvalues are 1 or more. */
function randomSpd(n: number, seed: number): Float64Array {
  const g = randomMatrix(n, seed)
  const product = multiply(g, transposed(g, n), n)
  for (let i = 0; i < n; i += 1) product[i * n + i]! += 1
  return product
}

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]!)
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0))
}

function furthest(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, x, at) => Math.max(most, Math.abs(x - b[at]!)), 0)
}

test('products agree with the definition', () => {
  fc.assert(
    fc.property(cases, ({ n, seed }) => {
      const [a, b] = [randomMatrix(n, seed), randomMatrix(n, seed + 1)]
      const product = multiply(a, b, n)
      const x = b.slice(0, n)
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < n; j += 1) {
          let sum = 0
          for (let k = 0; k < n; k += 1) sum += a[i * n + k]! * b[k * n + j]!
          expect(product[i * n + j]).toBeCloseTo(sum, 12)
        }
      }
      const image = multiplyVector(a, x, n)
      const form = image.reduce((sum, value, i) => sum + value * x[i]!, 0)
      expect(quadraticForm(a, x, n)).toBeCloseTo(form, 12)
    }),
  )
})

test('a symmetric sandwich is H·B·H, and exactly symmetric', () => {
  fc.assert(
    fc.property(cases, ({ n, seed }) => {
      const [h, b] = [randomSymmetric(n, seed), randomSymmetric(n, seed + 1)]
      const sandwich = symmetricSandwich(h, b, n)
      expect(furthest(sandwich, multiply(multiply(h, b, n), h, n))).toBeLessThan(1e-12 * n * n)
      expect(transposed(sandwich, n)).toEqual(sandwich)
    }),
  )
})

describe('Cholesky', () => {
  test('L·Lᵀ is the matrix again, and the upper triangle is left alone', () => {
    fc.assert(
      fc.property(cases, ({ n, seed }) => {
        const a = randomSpd(n, seed)
        const l = a.slice()
        expect(choleskyInPlace(l, n)).toBe(true)
        for (let i = 0; i < n; i += 1) {
          for (let j = i + 1; j < n; j += 1) {
            expect(l[i * n + j]).toBe(a[i * n + j])
            l[i * n + j] = 0
          }
        }
        expect(furthest(multiply(l, transposed(l, n), n), a)).toBeLessThan(1e-12 * n)
      }),
    )
  })

  test('solves', () => {
    fc.assert(
      fc.property(cases, ({ n, seed }) => {
        const a = randomSpd(n, seed)
        const x = randomMatrix(n, seed + 1).slice(0, n)
        const b = multiplyVector(a, x, n)
        expect(choleskyInPlace(a, n)).toBe(true)
        solveCholesky(a, n, b)
        expect(furthest(b, x)).toBeLessThan(1e-10)
      }),
    )
  })

  test('refuses what is not positive definite', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ n, seed }, at) => {
        const a = randomSpd(n, seed)
        const i = at % n
        a[i * n + i] = -1
        expect(invertSpd(a, n)).toBeUndefined()
        expect(choleskyInPlace(a, n)).toBe(false)
      }),
    )
    expect(choleskyInPlace(Float64Array.of(Number.NaN), 1)).toBe(false)
    expect(choleskyInPlace(Float64Array.of(Number.POSITIVE_INFINITY), 1)).toBe(false)
    expect(choleskyInPlace(new Float64Array(0), 0)).toBe(true)
  })
})

test('A·A⁻¹ is the identity, and A⁻¹ exactly symmetric', () => {
  fc.assert(
    fc.property(cases, ({ n, seed }) => {
      const a = randomSpd(n, seed)
      const before = a.slice()
      const inverse = invertSpd(a, n)!
      expect(a).toEqual(before)
      expect(furthest(multiply(a, inverse, n), identity(n))).toBeLessThan(1e-10)
      expect(transposed(inverse, n)).toEqual(inverse)
    }),
  )
})

describe('eigenvalues', () => {
  test('V·Λ·Vᵀ is the matrix again, V orthogonal, Λ ascending', () => {
    fc.assert(
      fc.property(cases, ({ n, seed }) => {
        const a = randomSymmetric(n, seed)
        const { values, vectors } = symmetricEigen(a, n)
        const scaled = vectors.map((x, at) => x * values[at % n]!)
        const back = multiply(scaled, transposed(vectors, n), n)
        expect(furthest(back, a)).toBeLessThan(1e-12 * n)
        expect(furthest(multiply(transposed(vectors, n), vectors, n), identity(n))).toBeLessThan(
          1e-12 * n,
        )
        expect(Array.from(values)).toEqual(Array.from(values).toSorted((x, y) => x - y))
      }),
    )
  })

  test('of small matrices that one can check by hand', () => {
    expect(Array.from(symmetricEigen(Float64Array.of(3), 1).values)).toEqual([3])
    const { values } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
    expect(values[0]).toBeCloseTo(1, 14)
    expect(values[1]).toBeCloseTo(3, 14)
    expect(Array.from(symmetricEigen(new Float64Array(9), 3).values)).toEqual([0, 0, 0])
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0)
  })

  test('clipping leaves no negative ones, and changes nothing where there were none', () => {
    fc.assert(
      fc.property(cases, ({ n, seed }) => {
        const clipped = clipNegativeEigenvalues(randomSymmetric(n, seed), n)
        const { values } = symmetricEigen(clipped, n)
        expect(values[0]!).toBeGreaterThan(-1e-12 * n)
        expect(transposed(clipped, n)).toEqual(clipped)
        const spd = randomSpd(n, seed)
        expect(furthest(clipNegativeEigenvalues(spd, n), spd)).toBeLessThan(1e-11 * n)
      }),
    )
  })
})
