import type { GraphBuilder } from '../onnx-writer/graph-builder.ts'
import { type GraphContext, vectorTensor } from './graph-context.ts'
import type { Layer, Vector } from './weights.ts'

const MICROSOFT = 'com.microsoft'

/** The first norm has no sum before it, so it is written out. */
export function firstNorm(
  { graph, shape, variant }: GraphContext,
  input: string,
  weight: Vector,
): string {
  const half = variant.precision === 'float16'
  const name = 'layers.0.attn_norm'
  const x = half ? graph.node('Cast', [input], `${name}.x32`, { to: { int: 1 } }) : input
  const square = graph.node('Pow', [x, graph.scalar('float32', 2, 'f32_2')], `${name}.sq`)
  const mean = graph.node('ReduceMean', [square, graph.int64([-1])], `${name}.mean`, {
    keepdims: { int: 1 },
  })
  const epsilon = graph.scalar('float32', shape.normEpsilon, 'f32_eps')
  const root = graph.node(
    'Sqrt',
    [graph.node('Add', [mean, epsilon], `${name}.eps`)],
    `${name}.rms`,
  )
  const unit = graph.node('Div', [x, root], `${name}.unit`)
  const scaled = half ? graph.node('Cast', [unit], `${name}.unit16`, { to: { int: 10 } }) : unit
  return graph.node('Mul', [scaled, vectorTensor(graph, weight, variant)], name)
}

/** Adds `update` to the residual and norms the sum. */
function norm(
  { graph, shape, variant }: GraphContext,
  name: string,
  residual: string,
  update: string,
  weight: Vector,
): { residual: string; normed: string } {
  graph.add({
    operator: 'SkipSimplifiedLayerNormalization',
    domain: MICROSOFT,
    inputs: [residual, update, vectorTensor(graph, weight, variant)],
    outputs: [name, '', '', `${name}.residual`],
    attributes: { epsilon: { float: shape.normEpsilon } },
  })
  return { residual: `${name}.residual`, normed: name }
}

interface LayerInputs {
  readonly residual: string
  readonly normed: string
  readonly rotary: readonly [string, string]
  /** Weight of the norm after this layer. */
  readonly next: Vector
}

/** One layer, and the norm after it. */
export function layerNodes(
  context: GraphContext,
  layer: Layer,
  index: number,
  inputs: LayerInputs,
) {
  const { graph, linears, shape, variant, lastPositions, totalLength } = context
  const name = (part: string) => `layers.${index}.${part}`
  const rough = variant.roughLayers
  const [query = '', key = '', value = ''] = linears.apply(
    layer.queryKeyValue,
    inputs.normed,
    name('qkv'),
    rough,
  )
  graph.add({
    operator: 'GroupQueryAttention',
    domain: MICROSOFT,
    inputs: [
      query,
      key,
      value,
      `past_key_values.${index}.key`,
      `past_key_values.${index}.value`,
      lastPositions,
      totalLength,
      ...inputs.rotary,
    ],
    outputs: [name('attn'), `present.${index}.key`, `present.${index}.value`],
    attributes: {
      do_rotary: { int: 1 },
      kv_num_heads: { int: shape.keyValueHeads },
      num_heads: { int: shape.heads },
      rotary_interleaved: { int: 0 },
      scale: { float: 1 / Math.sqrt(shape.headWidth) },
    },
  })
  const [attended = ''] = linears.apply([layer.output], name('attn'), name('o'), rough)
  const middle = norm(context, name('ffn_norm'), inputs.residual, attended, layer.feedForwardNorm)
  const [first = '', second] = linears.apply(layer.gateUp, middle.normed, name('gate_up'), rough)
  const [gate, up] = second === undefined ? splitNodes(graph, name, first) : [first, second]
  const sigmoid = graph.node('Sigmoid', [gate], name('sigmoid'))
  const silu = graph.node('Mul', [gate, sigmoid], name('silu'))
  const activated = graph.node('Mul', [silu, up], name('act'))
  const [down = ''] = linears.apply([layer.down], activated, name('down'), rough)
  const following = index + 1 === shape.layers ? 'final_norm' : `layers.${index + 1}.attn_norm`
  return norm(context, following, middle.residual, down, inputs.next)
}

function splitNodes(
  graph: GraphBuilder,
  name: (part: string) => string,
  both: string,
): [gate: string, up: string] {
  const outputs: [string, string] = [name('gate'), name('up')]
  graph.add({
    operator: 'Split',
    domain: '',
    inputs: [both],
    outputs,
    attributes: { axis: { int: -1 }, num_outputs: { int: 2 } },
  })
  return outputs
}
