import { type GraphBuilder, bytesOf } from '../onnx-writer/graph-builder.ts'
import type { Linears } from './linear-nodes.ts'
import type { LlamaShape } from './llama-shape.ts'
import { halfBits } from './numbers.ts'
import type { Vector } from './weights.ts'

/** One of the graphs that are written over the same weights. */
export interface GraphVariant {
  /** Of activations, cache and logits. */
  readonly precision: 'float32' | 'float16'
  /** Whether layers may round activations to 8 bits, which is faster. */
  readonly roughLayers: boolean
  /** The same for the logits. */
  readonly roughLogits: boolean
}

/** What all parts of a graph are written with. */
export interface GraphContext {
  readonly graph: GraphBuilder
  readonly linears: Linears
  readonly shape: LlamaShape
  readonly variant: GraphVariant
  /** Last position of every row, and the width of the mask, as attention takes them. */
  readonly lastPositions: string
  readonly totalLength: string
}

/** A vector as a constant in the graph's precision; its name. */
export function vectorTensor(
  graph: GraphBuilder,
  { name, values }: Vector,
  { precision }: GraphVariant,
) {
  const numbers = precision === 'float32' ? values : Uint16Array.from(values, halfBits)
  return graph.tensor({ name, type: precision, dims: [values.length], data: bytesOf(numbers) })
}
