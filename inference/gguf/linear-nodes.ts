import { type GraphBuilder, bytesOf } from '../onnx-writer/graph-builder.ts'
import type { OnnxAttribute } from '../onnx-writer/onnx-model.ts'
import type { PlacedMatrix } from './data-files.ts'
import { halfBits } from './numbers.ts'
import { BLOCK } from './pack-blocks.ts'
import type { Matrix } from './weights.ts'

/** Multiplications with packed matrices. */
export interface Linears {
  /** Names of a matrix's codes and of its scales in the graph's precision. */
  constants(matrix: Matrix): { codes: string; scales: string }
  /**
   * Multiplies `input` with each of `matrices`; the names of what comes out. `name` is the base of
   * names that all share; `rough` allows activations of 8 bits.
   */
  apply(matrices: readonly Matrix[], input: string, name: string, rough: boolean): string[]
  /** The last multiplication: its result is the output `logits`. */
  logits(matrix: Matrix, input: string, rough: boolean): void
}

/** ONNX Runtime's number for "activations may be rounded to 8 bits". */
const ROUGH: Readonly<Record<string, OnnxAttribute>> = { accuracy_level: { int: 4 } }

/** Linears over the matrices that were placed; constants are declared when first used. */
export function createLinears(
  graph: GraphBuilder,
  placed: readonly PlacedMatrix[],
  precision: 'float32' | 'float16',
): Linears {
  const places = new Map(placed.map((place) => [place.matrix.name, place]))
  const half = precision === 'float16'
  const floats = new Map<string, string>()
  const blockSums = new Map<string, string>()

  function placeOf({ name }: Matrix): PlacedMatrix {
    const place = places.get(name)
    if (!place) throw new RangeError(`${name} has no place`)
    return place
  }

  /** A constant of halves in single precision; the runtime does this once, when it loads. */
  function float(name: string): string {
    let made = floats.get(name)
    if (made === undefined) {
      made = graph.node('Cast', [name], `${name}.float`, { to: { int: 1 } })
      floats.set(name, made)
    }
    return made
  }

  function constants(matrix: Matrix) {
    const place = placeOf(matrix)
    const codes = graph.tensor(place.codes)
    const scales = graph.tensor(place.scales)
    return { codes, scales: half ? scales : float(scales) }
  }

  function multiply(matrix: Matrix, input: string, output: string, rough: boolean): string {
    const { codes, scales } = constants(matrix)
    graph.add({
      operator: 'MatMulNBits',
      domain: 'com.microsoft',
      inputs: [input, codes, scales],
      outputs: [output],
      attributes: {
        K: { int: matrix.width },
        N: { int: matrix.rows },
        ...(rough && ROUGH),
        bits: { int: matrix.packing === 'sym8' ? 8 : 4 },
        block_size: { int: BLOCK },
      },
    })
    return output
  }

  /**
   * The kernel computes d * (q - 8). Where a weight is d * q + m, the rest, m + 8d, is the same for
   * a whole block, so it is multiplied with the block's sum of activations. Zero points would say
   * the same and are twenty times slower on a CPU.
   */
  function corrected(matrix: Matrix, input: string, sums: string, rough: boolean, output: string) {
    const { minima } = placeOf(matrix)
    const { name } = matrix
    const symmetric = multiply(matrix, input, `${name}.sym`, rough)
    if (!minima) throw new RangeError(`${name} has no minima`)
    const scale = float(graph.tensor(placeOf(matrix).scales))
    const minimum = float(graph.tensor(minima))
    const eight = graph.node('Mul', [scale, graph.scalar('float32', 8, 'f32_8')], `${name}.d8`)
    const offset = graph.node('Add', [minimum, eight], `${name}.off32`)
    const turned = graph.node('Transpose', [offset], `${name}.offT`, { perm: { ints: [1, 0] } })
    const factor = half ? graph.node('Cast', [turned], `${name}.offH`, { to: { int: 10 } }) : turned
    const blocks = blockSum(matrix, input, sums)
    const correction = graph.node('MatMul', [blocks, factor], `${name}.corr`)
    return graph.node('Add', [symmetric, correction], output)
  }

  /** Sums of the input over each block, once for all matrices that read the same input. */
  function blockSum({ width }: Matrix, input: string, name: string): string {
    let made = blockSums.get(input)
    if (made === undefined) {
      const dims = graph.int64([0, 0, width / BLOCK, BLOCK])
      const blocks = graph.node('Reshape', [input, dims], `${name}.blocks`)
      made = graph.node('ReduceSum', [blocks, graph.int64([-1])], `${name}.blocksum`, {
        keepdims: { int: 0 },
      })
      blockSums.set(input, made)
    }
    return made
  }

  function one(matrix: Matrix, input: string, sums: string, rough: boolean): string {
    const { name, bias } = matrix
    const product =
      matrix.packing === 'min4'
        ? corrected(matrix, input, sums, rough, `${name}.y`)
        : multiply(matrix, input, `${name}.y`, rough)
    if (!bias) return product
    const numbers = half ? Uint16Array.from(bias.values, halfBits) : bias.values
    const added = graph.tensor({
      name: bias.name,
      type: precision,
      dims: [bias.values.length],
      data: bytesOf(numbers),
    })
    return graph.node('Add', [product, added], `${name}.biased`)
  }

  return {
    constants,
    apply: (matrices, input, name, rough) =>
      matrices.map((matrix) => one(matrix, input, name, rough)),
    logits(matrix, input, rough) {
      if (matrix.packing === 'min4') corrected(matrix, input, matrix.name, rough, 'logits')
      else multiply(matrix, input, 'logits', rough)
    },
  }
}
