/**
 * Dense linear algebra for matrices of the size of a board (10 to 1,000 models). Matrices are
 * row-major `Float64Array`s of n·n entries, vectors `Float64Array`s of n. Every inner loop runs
 * along rows, so that memory is read in order.
 */

/** Σ a[aStart+k]·b[bStart+k] over k < length, in four partial sums (a fixed order of summation). */
function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  length: number,
): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    s0 += a[aStart + k]! * b[bStart + k]!
    s1 += a[aStart + k + 1]! * b[bStart + k + 1]!
    s2 += a[aStart + k + 2]! * b[bStart + k + 2]!
    s3 += a[aStart + k + 3]! * b[bStart + k + 3]!
  }
  for (; k < length; k += 1) s0 += a[aStart + k]! * b[bStart + k]!
  return s0 + s1 + (s2 + s3)
}

/** The rows and columns of a {@link tile}. */
const TILE_ROWS = 4
const TILE_COLUMNS = 2

/**
 * The inner products of four rows of A with two rows of B over columns `from` to `to − 1`, into
 * `out` (row by row). What is loaded is used two to four times: twice as fast as product by product.
 */
function tile(
  a: Float64Array,
  aRow: number,
  b: Float64Array,
  bRow: number,
  n: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const a0 = aRow * n
  const a1 = a0 + n
  const a2 = a1 + n
  const a3 = a2 + n
  const b0 = bRow * n
  const b1 = b0 + n
  let s00 = 0
  let s01 = 0
  let s10 = 0
  let s11 = 0
  let s20 = 0
  let s21 = 0
  let s30 = 0
  let s31 = 0
  for (let k = from; k < to; k += 1) {
    const y0 = b[b0 + k]!
    const y1 = b[b1 + k]!
    const x0 = a[a0 + k]!
    const x1 = a[a1 + k]!
    s00 += x0 * y0
    s01 += x0 * y1
    s10 += x1 * y0
    s11 += x1 * y1
    const x2 = a[a2 + k]!
    const x3 = a[a3 + k]!
    s20 += x2 * y0
    s21 += x2 * y1
    s30 += x3 * y0
    s31 += x3 * y1
  }
  out[0] = s00
  out[1] = s01
  out[2] = s10
  out[3] = s11
  out[4] = s20
  out[5] = s21
  out[6] = s30
  out[7] = s31
}

/**
 * Cholesky factorisation A = L·Lᵀ (Golub & Van Loan, "Matrix Computations", 4.2).
 *
 * @param a symmetric, row-major; its lower triangle becomes L, its upper one is neither read nor
 *   written
 * @returns false if `a` is not positive definite (or not finite); `a` is then spoilt
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  const out = new Float64Array(TILE_ROWS * TILE_COLUMNS)
  let i = 0
  for (; i + TILE_ROWS <= n; i += TILE_ROWS) {
    for (let j = 0; j < i; j += TILE_COLUMNS) {
      tile(a, i, a, j, n, 0, j, out)
      const pivot = a[j * n + j]!
      const below = a[(j + 1) * n + j]!
      const nextPivot = a[(j + 1) * n + j + 1]!
      for (let r = 0; r < TILE_ROWS; r += 1) {
        const at = (i + r) * n + j
        const entry = (a[at]! - out[2 * r]!) / pivot
        a[at] = entry
        a[at + 1] = (a[at + 1]! - out[2 * r + 1]! - entry * below) / nextPivot
      }
    }
    for (let r = i; r < i + TILE_ROWS; r += 1) if (!choleskyRow(a, n, r, i)) return false
  }
  for (; i < n; i += 1) if (!choleskyRow(a, n, i, 0)) return false
  return true
}

/** Finishes row i of L from column `from` on. */
function choleskyRow(a: Float64Array, n: number, i: number, from: number): boolean {
  const row = i * n
  for (let j = from; j < i; j += 1) {
    a[row + j] = (a[row + j]! - dot(a, row, a, j * n, j)) / a[j * n + j]!
  }
  const pivot = a[row + i]! - dot(a, row, a, row, i)
  if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false
  a[row + i] = Math.sqrt(pivot)
  return true
}

/**
 * Solves L·Lᵀ·x = b in place of `b`.
 *
 * @param l the lower triangle of {@link choleskyInPlace}
 */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i += 1) {
    b[i] = (b[i]! - dot(l, i * n, b, 0, i)) / l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    const x = b[i]! / l[i * n + i]!
    b[i] = x
    for (let k = 0; k < i; k += 1) b[k]! -= l[i * n + k]! * x
  }
}

/**
 * The inverse of a symmetric positive definite matrix, exactly symmetric.
 *
 * @returns undefined if `a` is not positive definite; `a` itself is left as it is
 */
export function invertSpd(a: Float64Array, n: number): Float64Array | undefined {
  const l = a.slice()
  if (!choleskyInPlace(l, n)) return undefined
  // Row i of `u` is column i of L⁻¹, so that A⁻¹ = L⁻ᵀL⁻¹ = U·Uᵀ is a product along rows.
  const u = new Float64Array(n * n)
  const out = new Float64Array(TILE_ROWS * TILE_COLUMNS)
  let i = 0
  for (; i + TILE_ROWS <= n; i += TILE_ROWS) {
    const end = i + TILE_ROWS
    for (let r = i; r < end; r += 1) invertColumn(l, u, n, r, r, end)
    let k = end
    for (; k + TILE_COLUMNS <= n; k += TILE_COLUMNS) {
      tile(u, i, l, k, n, i, k, out)
      const pivot = l[k * n + k]!
      const below = l[(k + 1) * n + k]!
      const nextPivot = l[(k + 1) * n + k + 1]!
      for (let r = 0; r < TILE_ROWS; r += 1) {
        const at = (i + r) * n + k
        const entry = -out[2 * r]! / pivot
        u[at] = entry
        u[at + 1] = -(out[2 * r + 1]! + entry * below) / nextPivot
      }
    }
    for (let r = i; r < end; r += 1) invertColumn(l, u, n, r, k, n)
  }
  for (; i < n; i += 1) invertColumn(l, u, n, i, i, n)
  return lowerProduct(u, u, n, true)
}

/** Entries `from` to `to − 1` of column i of L⁻¹, into row i of `u`. */
function invertColumn(
  l: Float64Array,
  u: Float64Array,
  n: number,
  i: number,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k += 1) {
    u[i * n + k] =
      k === i ? 1 / l[k * n + k]! : -dot(l, k * n + i, u, i * n + i, k - i) / l[k * n + k]!
  }
}

/**
 * A·Bᵀ where it is known to be symmetric: computed below the diagonal and mirrored.
 *
 * @param upper whether both are upper triangular, so that row i begins with i zeros
 */
function lowerProduct(a: Float64Array, b: Float64Array, n: number, upper: boolean): Float64Array {
  const product = new Float64Array(n * n)
  const out = new Float64Array(TILE_ROWS * TILE_COLUMNS)
  let i = 0
  for (; i + TILE_ROWS <= n; i += TILE_ROWS) {
    const from = upper ? i : 0
    // The tiles on the diagonal reach two columns beyond it; the mirror below puts that right.
    for (let j = 0; j < i + TILE_ROWS; j += TILE_COLUMNS) {
      tile(a, i, b, j, n, from, n, out)
      for (let r = 0; r < TILE_ROWS; r += 1) {
        product[(i + r) * n + j] = out[2 * r]!
        product[(i + r) * n + j + 1] = out[2 * r + 1]!
      }
    }
  }
  for (; i < n; i += 1) {
    const from = upper ? i : 0
    for (let j = 0; j <= i; j += 1) {
      product[i * n + j] = dot(a, i * n + from, b, j * n + from, n - from)
    }
  }
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column < row; column += 1) {
      product[column * n + row] = product[row * n + column]!
    }
  }
  return product
}

/** The product A·B. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < n; k += 1) {
      const factor = a[i * n + k]!
      if (factor === 0) continue
      for (let j = 0; j < n; j += 1) product[i * n + j]! += factor * b[k * n + j]!
    }
  }
  return product
}

/** The product H·B·H of two symmetric matrices, exactly symmetric. */
export function symmetricSandwich(h: Float64Array, b: Float64Array, n: number): Float64Array {
  const left = new Float64Array(n * n)
  const out = new Float64Array(TILE_ROWS * TILE_COLUMNS)
  let i = 0
  for (; i + TILE_ROWS <= n; i += TILE_ROWS) {
    let j = 0
    for (; j + TILE_COLUMNS <= n; j += TILE_COLUMNS) {
      tile(h, i, b, j, n, 0, n, out)
      for (let r = 0; r < TILE_ROWS; r += 1) {
        left[(i + r) * n + j] = out[2 * r]!
        left[(i + r) * n + j + 1] = out[2 * r + 1]!
      }
    }
    for (; j < n; j += 1) {
      for (let r = i; r < i + TILE_ROWS; r += 1) left[r * n + j] = dot(h, r * n, b, j * n, n)
    }
  }
  for (; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) left[i * n + j] = dot(h, i * n, b, j * n, n)
  }
  return lowerProduct(left, h, n, false)
}

/** A·x. */
export function multiplyVector(a: Float64Array, x: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n)
  for (let i = 0; i < n; i += 1) product[i] = dot(a, i * n, x, 0, n)
  return product
}

/** xᵀ·A·x. */
export function quadraticForm(a: Float64Array, x: Float64Array, n: number): number {
  return dot(multiplyVector(a, x, n), 0, x, 0, n)
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal
 * form, then QL with implicit shifts (EISPACK's tred2 and tql2; Bowdler, Martin, Reinsch &
 * Wilkinson 1968).
 *
 * @returns `values` ascending; `vectors` row-major, eigenvector k in column k, of length 1
 */
export function symmetricEigen(
  a: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const vectors = a.slice()
  const values = new Float64Array(n)
  if (n > 0) {
    const offDiagonal = new Float64Array(n)
    tridiagonalise(vectors, n, values, offDiagonal)
    diagonalise(vectors, n, values, offDiagonal)
  }
  return { values, vectors }
}

/** Householder reduction: `v` becomes the transformation, `d` the diagonal, `e` what is beside it. */
function tridiagonalise(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let j = 0; j < n; j += 1) d[j] = v[(n - 1) * n + j]!
  for (let i = n - 1; i > 0; i -= 1) {
    let scale = 0
    let h = 0
    for (let k = 0; k < i; k += 1) scale += Math.abs(d[k]!)
    if (scale === 0) {
      e[i] = d[i - 1]!
      for (let j = 0; j < i; j += 1) {
        d[j] = v[(i - 1) * n + j]!
        v[i * n + j] = 0
        v[j * n + i] = 0
      }
    } else {
      for (let k = 0; k < i; k += 1) {
        d[k]! /= scale
        h += d[k]! * d[k]!
      }
      let f = d[i - 1]!
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h)
      e[i] = scale * g
      h -= f * g
      d[i - 1] = f - g
      for (let j = 0; j < i; j += 1) e[j] = 0
      for (let j = 0; j < i; j += 1) {
        f = d[j]!
        v[j * n + i] = f
        g = e[j]! + v[j * n + j]! * f
        for (let k = j + 1; k < i; k += 1) {
          g += v[k * n + j]! * d[k]!
          e[k]! += v[k * n + j]! * f
        }
        e[j] = g
      }
      f = 0
      for (let j = 0; j < i; j += 1) {
        e[j]! /= h
        f += e[j]! * d[j]!
      }
      const hh = f / (h + h)
      for (let j = 0; j < i; j += 1) e[j]! -= hh * d[j]!
      for (let j = 0; j < i; j += 1) {
        f = d[j]!
        g = e[j]!
        for (let k = j; k < i; k += 1) v[k * n + j]! -= f * e[k]! + g * d[k]!
        d[j] = v[(i - 1) * n + j]!
        v[i * n + j] = 0
      }
    }
    d[i] = h
  }
  for (let i = 0; i < n - 1; i += 1) {
    v[(n - 1) * n + i] = v[i * n + i]!
    v[i * n + i] = 1
    const h = d[i + 1]!
    if (h !== 0) {
      for (let k = 0; k <= i; k += 1) d[k] = v[k * n + i + 1]! / h
      for (let j = 0; j <= i; j += 1) {
        let g = 0
        for (let k = 0; k <= i; k += 1) g += v[k * n + i + 1]! * v[k * n + j]!
        for (let k = 0; k <= i; k += 1) v[k * n + j]! -= g * d[k]!
      }
    }
    for (let k = 0; k <= i; k += 1) v[k * n + i + 1] = 0
  }
  for (let j = 0; j < n; j += 1) {
    d[j] = v[(n - 1) * n + j]!
    v[(n - 1) * n + j] = 0
  }
  v[n * n - 1] = 1
  e[0] = 0
}

/** QL with implicit shifts on the tridiagonal form; sorts the eigenvalues. */
function diagonalise(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let i = 1; i < n; i += 1) e[i - 1] = e[i]!
  e[n - 1] = 0
  let f = 0
  let largest = 0
  for (let l = 0; l < n; l += 1) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!))
    let m = l
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m += 1
    if (m > l) {
      // QL needs one or two sweeps an eigenvalue; the cap only guards against NaN in the input.
      for (let sweep = 0; sweep < 60 && Math.abs(e[l]!) > Number.EPSILON * largest; sweep += 1) {
        let g = d[l]!
        let p = (d[l + 1]! - g) / (2 * e[l]!)
        let r = Math.hypot(p, 1)
        if (p < 0) r = -r
        d[l] = e[l]! / (p + r)
        d[l + 1] = e[l]! * (p + r)
        const next = d[l + 1]!
        let h = g - d[l]!
        for (let i = l + 2; i < n; i += 1) d[i]! -= h
        f += h
        p = d[m]!
        let c = 1
        let c2 = 1
        let c3 = 1
        const beside = e[l + 1]!
        let s = 0
        let s2 = 0
        for (let i = m - 1; i >= l; i -= 1) {
          c3 = c2
          c2 = c
          s2 = s
          g = c * e[i]!
          h = c * p
          r = Math.hypot(p, e[i]!)
          e[i + 1] = s * r
          s = e[i]! / r
          c = p / r
          p = c * d[i]! - s * g
          d[i + 1] = h + s * (c * g + s * d[i]!)
          for (let k = 0; k < n; k += 1) {
            h = v[k * n + i + 1]!
            v[k * n + i + 1] = s * v[k * n + i]! + c * h
            v[k * n + i] = c * v[k * n + i]! - s * h
          }
        }
        p = (-s * s2 * c3 * beside * e[l]!) / next
        e[l] = s * p
        d[l] = c * p
      }
    }
    d[l]! += f
    e[l] = 0
  }
  sortEigenpairs(v, n, d)
}

function sortEigenpairs(v: Float64Array, n: number, d: Float64Array): void {
  for (let i = 0; i < n - 1; i += 1) {
    let smallest = i
    for (let j = i + 1; j < n; j += 1) if (d[j]! < d[smallest]!) smallest = j
    if (smallest === i) continue
    const value = d[i]!
    d[i] = d[smallest]!
    d[smallest] = value
    for (let k = 0; k < n; k += 1) {
      const entry = v[k * n + i]!
      v[k * n + i] = v[k * n + smallest]!
      v[k * n + smallest] = entry
    }
  }
}

/**
 * The nearest positive semidefinite matrix in the Frobenius norm: negative eigenvalues set to 0
 * (Higham 1988).
 */
export function clipNegativeEigenvalues(a: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(a, n)
  const clipped = new Float64Array(n * n)
  for (let k = 0; k < n; k += 1) {
    const value = values[k]!
    if (!(value > 0)) continue
    for (let i = 0; i < n; i += 1) {
      const scaled = value * vectors[i * n + k]!
      for (let j = 0; j <= i; j += 1) clipped[i * n + j]! += scaled * vectors[j * n + k]!
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) clipped[j * n + i] = clipped[i * n + j]!
  }
  return clipped
}
