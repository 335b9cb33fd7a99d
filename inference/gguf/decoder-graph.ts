import { createGraphBuilder } from '../onnx-writer/graph-builder.ts'
import type { OnnxModel, OnnxValue } from '../onnx-writer/onnx-model.ts'
import type { PlacedMatrix } from './data-files.ts'
import type { GraphContext, GraphVariant } from './graph-context.ts'
import { embeddingNodes, maskNodes, rotaryNodes } from './input-nodes.ts'
import { firstNorm, layerNodes } from './layer-nodes.ts'
import { createLinears } from './linear-nodes.ts'
import type { LlamaShape } from './llama-shape.ts'
import type { Weights } from './weights.ts'

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
const MAX_INT64 = 2n ** 63n - 1n

/**
 * The graph of a Llama decoder: tokens and caches in, logits and caches out. Rows of a batch are
 * padded on the right, and a row's length is the sum of its mask.
 */
export function decoderGraph(parts: GraphParts, variant: GraphVariant): OnnxModel {
  const { shape, weights, placed, properties } = parts
  const graph = createGraphBuilder()
  const linears = createLinears(graph, placed, variant.precision)
  const context: GraphContext = { graph, linears, shape, variant, ...maskNodes(graph) }
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

/** Logits of the last `num_logits_to_keep` positions; 0 keeps all of them. */
function logitNodes(
  { graph, linears, variant }: GraphContext,
  weights: Weights,
  normed: string,
): void {
  const keep = graph.node('Unsqueeze', ['num_logits_to_keep', graph.int64([0])], 'keep')
  const start = graph.node('Neg', [keep], 'keep.start')
  const end = graph.int64(MAX_INT64)
  const kept = graph.node('Slice', [normed, start, end, graph.int64([1])], 'kept')
  linears.logits(weights.logits ?? weights.embedding, kept, variant.roughLogits)
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
