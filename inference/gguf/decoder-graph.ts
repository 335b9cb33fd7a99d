import { type GraphBuilder, bytesOf, createGraphBuilder } from '../onnx-writer/graph-builder.ts'
import type { OnnxModel, OnnxValue } from '../onnx-writer/onnx-model.ts'
import { createLinears, type Linears } from './linear-nodes.ts'
import type { PlacedMatrix } from './data-files.ts'
import type { LlamaShape } from './llama-shape.ts'
import { halfBits } from './numbers.ts'
import type { Layer, Matrix, Vector, Weights } from './weights.ts'

/** One of the graphs that are written over the same weights. */
export interface GraphVariant {
  /** Of activations, cache and logits. */
  readonly precision: 'float32' | 'float16'
  /** Whether layers may round activations to 8 bits, which is faster. */
  readonly roughLayers: boolean
  /** The same for the logits. */
  readonly roughLogits: boolean
}

/** What a graph is made of. */
export interface GraphParts {
  readonly shape: LlamaShape
  readonly weights: Weights
  readonly placed: readonly PlacedMatrix[]
  /** Texts about the source. */
  readonly properties: Readonly<Record<string, string>>
}

const IR_VERSION = 9
const OPERATOR_SETS = { '': 18, 'com.microsoft': 1 }
const MICROSOFT = 'com.microsoft'
const MAX_INT64 = 2n ** 63n - 1n

/**
 * The graph of a Llama decoder: tokens and caches in, logits and caches out. Rows of a batch are
 * padded on the right, and a row's length is the sum of its mask.
 */
export function decoderGraph(parts: GraphParts, variant: GraphVariant): OnnxModel {
  const { shape, weights, placed, properties } = parts
  const graph = createGraphBuilder()
  const linears = createLinears(graph, placed, variant.precision)
  const context: Context = { graph, linears, shape, variant, ...maskNodes(graph) }
  const rotary = rotaryNodes(context)

  let residual = embeddingNodes(context, weights.embedding)
  let normed = firstNorm(context, residual, at(weights.layers, 0).attentionNorm)
  for (const [index, layer] of weights.layers.entries()) {
    const next = weights.layers[index + 1]?.attentionNorm ?? weights.finalNorm
    const done = layerNodes(context, layer, index, { residual, normed, rotary, next })
    residual = done.residual
    normed = done.normed
  }
  logitNodes(context, weights, normed)
  return {
    irVersion: IR_VERSION,
    producer: 'trivium',
    description:
      'Decoder with KV cache; attention masks are right-padded (a row counts by the sum of its mask).',
    operatorSets: OPERATOR_SETS,
    properties,
    inputs: inputsOf(shape, variant),
    outputs: outputsOf(shape, variant, weights.vocabularySize),
    tensors: graph.tensors,
    nodes: graph.nodes,
  }
}

interface Context {
  readonly graph: GraphBuilder
  readonly linears: Linears
  readonly shape: LlamaShape
  readonly variant: GraphVariant
  /** Last position of every row, and the width of the mask, as attention takes them. */
  readonly lastPositions: string
  readonly totalLength: string
}

function maskNodes(graph: GraphBuilder) {
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
function rotaryNodes({ graph, shape, variant }: Context): [cosines: string, sines: string] {
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

function embeddingNodes({ graph, linears, shape }: Context, embedding: Matrix): string {
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

/** The first norm has no sum before it, so it is written out. */
function firstNorm({ graph, shape, variant }: Context, input: string, weight: Vector): string {
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
  { graph, shape, variant }: Context,
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

function layerNodes(context: Context, layer: Layer, index: number, inputs: LayerInputs) {
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

/** Logits of the last `num_logits_to_keep` positions; 0 keeps all of them. */
function logitNodes({ graph, linears, variant }: Context, weights: Weights, normed: string): void {
  const keep = graph.node('Unsqueeze', ['num_logits_to_keep', graph.int64([0])], 'keep')
  const start = graph.node('Neg', [keep], 'keep.start')
  const end = graph.int64(MAX_INT64)
  const kept = graph.node('Slice', [normed, start, end, graph.int64([1])], 'kept')
  linears.logits(weights.logits ?? weights.embedding, kept, variant.roughLogits)
}

function vectorTensor(graph: GraphBuilder, { name, values }: Vector, { precision }: GraphVariant) {
  const numbers = precision === 'float32' ? values : Uint16Array.from(values, halfBits)
  return graph.tensor({ name, type: precision, dims: [values.length], data: bytesOf(numbers) })
}

function inputsOf(shape: LlamaShape, { precision }: GraphVariant): OnnxValue[] {
  return [
    { name: 'input_ids', type: 'int64', dims: ['batch_size', 'sequence_length'] },
    { name: 'attention_mask', type: 'int64', dims: ['batch_size', 'total_sequence_length'] },
    { name: 'num_logits_to_keep', type: 'int64', dims: [] },
    ...caches(shape, precision, 'past_key_values', 'past_sequence_length'),
  ]
}

function outputsOf(
  shape: LlamaShape,
  { precision }: GraphVariant,
  vocabulary: number,
): OnnxValue[] {
  return [
    { name: 'logits', type: precision, dims: ['batch_size', 'num_logits', vocabulary] },
    ...caches(shape, precision, 'present', 'present_sequence_length'),
  ]
}

function caches(
  { layers, keyValueHeads, headWidth }: LlamaShape,
  type: GraphVariant['precision'],
  prefix: string,
  length: string,
): OnnxValue[] {
  return Array.from({ length: layers }, (_, index) =>
    ['key', 'value'].map((part) => ({
      name: `${prefix}.${index}.${part}`,
      type,
      dims: ['batch_size', keyValueHeads, length, headWidth],
    })),
  ).flat()
}

function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index]
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}
