import { type GraphBuilder, bytesOf } from '../onnx-writer/graph-builder.ts'
import type { GraphContext } from './graph-context.ts'
import type { Matrix } from './weights.ts'

const MICROSOFT = 'com.microsoft'

/** What attention wants to know of the mask: every row's last position, and the mask's width. */
export function maskNodes(graph: GraphBuilder) {
  const axis = graph.int64([1])
  const one = graph.tensor({
    name: 'i64_1_s',
    type: 'int64',
    dims: [],
    data: bytesOf(BigInt64Array.of(1n)),
  })
  const sum = graph.node('ReduceSum', ['attention_mask', axis], 'mask.sum', {
    keepdims: { int: 0 },
  })
  const last = graph.node('Sub', [sum, one], 'mask.last')
  const lastPositions = graph.node('Cast', [last], 'seqlens_k', { to: { int: 6 } })
  const dims = graph.node('Shape', ['attention_mask'], 'mask.shape')
  const width = graph.node('Gather', [dims, one], 'mask.width', { axis: { int: 0 } })
  const totalLength = graph.node('Cast', [width], 'total_sequence_length_i32', { to: { int: 6 } })
  return { lastPositions, totalLength }
}

/** Tables of cosines and sines, computed when the graph is loaded: in the file they would be large. */
export function rotaryNodes({
  graph,
  shape,
  variant,
}: GraphContext): [cosines: string, sines: string] {
  const { rotaryFrequencies, contextLength } = shape
  const frequencies = graph.tensor({
    name: 'rope.inv_freq',
    type: 'float64',
    dims: [rotaryFrequencies.length],
    data: bytesOf(rotaryFrequencies),
  })
  const zero = graph.scalar('float64', 0, 'rope.0')
  const max = graph.scalar('float64', contextLength, 'rope.max')
  const one = graph.scalar('float64', 1, 'rope.1')
  const positions = graph.node('Range', [zero, max, one], 'rope.pos')
  const column = graph.node('Unsqueeze', [positions, graph.int64([1])], 'rope.col')
  const angles = graph.node('Mul', [column, frequencies], 'rope.angle')
  // Taken modulo a whole turn while they are doubles: far angles lose their digits as floats.
  const turn = graph.scalar('float64', 2 * Math.PI, 'rope.tau')
  const turned = graph.node('Mod', [angles, turn], 'rope.mod', { fmod: { int: 1 } })
  const single = graph.node('Cast', [turned], 'rope.angle32', { to: { int: 1 } })
  const cosines = graph.node('Cos', [single], 'rope.cos32')
  const sines = graph.node('Sin', [single], 'rope.sin32')
  if (variant.precision === 'float32') return [cosines, sines]
  return [
    graph.node('Cast', [cosines], 'rope.cos', { to: { int: 10 } }),
    graph.node('Cast', [sines], 'rope.sin', { to: { int: 10 } }),
  ]
}

/** The rows of the tokens in the embedding. */
export function embeddingNodes({ graph, linears, shape }: GraphContext, embedding: Matrix): string {
  const { codes, scales } = linears.constants(embedding)
  const dims = graph.int64([embedding.rows, embedding.width / 32, 1])
  const scale = graph.node('Reshape', [scales, dims], 'embed.scale3')
  const middle = graph.tensor({
    name: 'embed.128',
    type: 'uint8',
    dims: [],
    data: Uint8Array.of(128),
  })
  const zero = graph.node('Expand', [middle, dims], 'embed.zero')
  graph.add({
    operator: 'GatherBlockQuantized',
    domain: MICROSOFT,
    inputs: [codes, 'input_ids', scale, zero],
    outputs: ['embed.rows'],
    attributes: {
      bits: { int: 8 },
      block_size: { int: 32 },
      gather_axis: { int: 0 },
      quantize_axis: { int: 2 },
    },
  })
  return graph.node('Reshape', ['embed.rows', graph.int64([0, 0, shape.hidden])], 'embed')
}
