import { ConversionError } from './conversion-error.ts'
import type { GgufFile } from './gguf-file.ts'
import { type Metadata, shown } from './metadata.ts'

/** The sizes and constants of a decoder of the Llama family. */
export interface LlamaShape {
  readonly architecture: Architecture
  readonly layers: number
  readonly hidden: number
  readonly feedForward: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headWidth: number
  readonly contextLength: number
  readonly normEpsilon: number
  /** Angle per position of each pair of a head's numbers. */
  readonly rotaryFrequencies: Float64Array
  readonly rotaryBase: number
}

/** Whether query and key rows lie in pairs, as llama.cpp wants them, and the name of the original. */
const ARCHITECTURES = {
  llama: { pairedRows: true, modelType: 'llama', className: 'LlamaForCausalLM' },
  mistral: { pairedRows: true, modelType: 'mistral', className: 'MistralForCausalLM' },
  qwen2: { pairedRows: false, modelType: 'qwen2', className: 'Qwen2ForCausalLM' },
} as const
type ArchitectureName = keyof typeof ARCHITECTURES
export type Architecture = (typeof ARCHITECTURES)[ArchitectureName]

/** Longer tables of angles would take more memory than the weights of a small model. */
const MAX_CONTEXT = 131_072
const MAX_LAYERS = 512
const MAX_WIDTH = 1024 * 1024
const MAX_HEADS = 4096
/** Attention kernels want heads of whole vector registers. */
const HEAD_STEP = 16
const BLOCK = 32

/** Factors that other families multiply with; a llama that has them is none. */
const FOREIGN = ['attention.scale', 'logit_scale', 'embedding_scale', 'residual_scale']

/**
 * Reads the shape out of a file's metadata. Throws a ConversionError for another architecture, for
 * variants that the graph cannot express and for sizes that make no sense. `note` is told what
 * differs from the file.
 */
export async function readShape(file: GgufFile, note: (text: string) => void): Promise<LlamaShape> {
  const { metadata } = file
  const name = metadata.text('general.architecture')
  if (name === undefined) throw new ConversionError('the file does not say its architecture')
  if (!isArchitecture(name)) {
    throw new ConversionError(
      `the architecture ${shown(name)} is not supported, only ${Object.keys(ARCHITECTURES).join(', ')}`,
    )
  }
  const key = (rest: string) => `${name}.${rest}`
  refuseVariants(metadata, key)
  const needed = (rest: string, max: number) => {
    const value = metadata.integer(key(rest), 1, max)
    if (value === undefined) throw new ConversionError(`the metadata key ${key(rest)} is missing`)
    return value
  }
  const layers = needed('block_count', MAX_LAYERS)
  const hidden = needed('embedding_length', MAX_WIDTH)
  const feedForward = needed('feed_forward_length', MAX_WIDTH)
  const heads = needed('attention.head_count', MAX_HEADS)
  const keyValueHeads = metadata.integer(key('attention.head_count_kv'), 1, MAX_HEADS) ?? heads
  const headWidth = metadata.integer(key('attention.key_length'), 1, MAX_WIDTH) ?? hidden / heads
  checkSizes({ hidden, feedForward, heads, keyValueHeads, headWidth })
  for (const part of ['attention.value_length', 'rope.dimension_count']) {
    const width = metadata.integer(key(part), 1, MAX_WIDTH) ?? headWidth
    if (width !== headWidth) {
      throw new ConversionError(
        `${key(part)} is ${width} where a head has ${headWidth} numbers, which is not supported`,
      )
    }
  }
  const rotaryBase = metadata.positive(key('rope.freq_base')) ?? 10_000
  const normEpsilon = metadata.positive(key('attention.layer_norm_rms_epsilon'))
  if (normEpsilon === undefined || normEpsilon > 1) {
    throw new ConversionError(`${key('attention.layer_norm_rms_epsilon')} is missing or above 1`)
  }
  return {
    architecture: ARCHITECTURES[name],
    layers,
    hidden,
    feedForward,
    heads,
    keyValueHeads,
    headWidth,
    contextLength: contextLength(metadata, key, note),
    normEpsilon,
    rotaryBase,
    rotaryFrequencies: await rotaryFrequencies(file, key, rotaryBase, headWidth),
  }
}

function isArchitecture(name: string): name is ArchitectureName {
  return Object.hasOwn(ARCHITECTURES, name)
}

function refuseVariants(metadata: Metadata, key: (rest: string) => string): void {
  if ((metadata.integer(key('expert_count'), 0, MAX_WIDTH) ?? 0) > 0) {
    throw new ConversionError('models with several experts are not supported')
  }
  for (const factor of FOREIGN) {
    if (metadata.has(key(factor))) throw new ConversionError(`${key(factor)} is not supported`)
  }
}

function checkSizes(
  sizes: Record<'hidden' | 'feedForward' | 'heads' | 'keyValueHeads' | 'headWidth', number>,
) {
  const { hidden, feedForward, heads, keyValueHeads, headWidth } = sizes
  if (!Number.isInteger(headWidth) || headWidth % HEAD_STEP !== 0) {
    throw new ConversionError(
      `a head has ${headWidth} numbers, which is not a multiple of ${HEAD_STEP}, as attention needs it`,
    )
  }
  if (heads % keyValueHeads !== 0) {
    throw new ConversionError(
      `${heads} heads cannot share ${keyValueHeads} heads of keys and values evenly`,
    )
  }
  for (const width of [hidden, feedForward, heads * headWidth]) {
    if (width % BLOCK !== 0 || width > MAX_WIDTH) {
      throw new ConversionError(
        `rows of ${width} numbers are not supported: they must be a multiple of ${BLOCK}`,
      )
    }
  }
}

function contextLength(
  metadata: Metadata,
  key: (rest: string) => string,
  note: (text: string) => void,
): number {
  const stated = metadata.integer(key('context_length'), 1, 2 ** 32)
  if (stated === undefined)
    throw new ConversionError(`the metadata key ${key('context_length')} is missing`)
  const window = metadata.integer(key('attention.sliding_window'), 0, 2 ** 32) || Infinity
  const length = Math.min(stated, window, MAX_CONTEXT)
  if (length < stated) {
    const why =
      length === window ? 'the attention looks back no further' : 'no longer one is written'
    note(`the context is ${length} tokens instead of ${stated}: ${why}`)
  }
  return length
}

/** base^(-2i/width), divided by the factors of a scaled model. */
async function rotaryFrequencies(
  file: GgufFile,
  key: (rest: string) => string,
  base: number,
  width: number,
): Promise<Float64Array> {
  const { metadata } = file
  const scaling = metadata.text(key('rope.scaling.type')) ?? 'none'
  if (scaling !== 'none' && scaling !== 'linear') {
    throw new ConversionError(
      `rotary positions scaled by ${shown(scaling)} are not supported, only linear and rope_freqs`,
    )
  }
  const factor =
    metadata.positive(key('rope.scaling.factor')) ??
    metadata.positive(key('rope.scale_linear')) ??
    1
  const divisor = scaling === 'linear' || metadata.has(key('rope.scale_linear')) ? factor : 1
  const frequencies = Float64Array.from(
    { length: width / 2 },
    (_, pair) => 1 / base ** ((2 * pair) / width) / divisor,
  )
  const factors = file.tensors.get('rope_freqs.weight')
  if (!factors) return frequencies
  if (factors.type.name !== 'F32' || factors.width !== width / 2 || factors.rows !== 1) {
    throw new ConversionError(`the tensor rope_freqs.weight is not ${width / 2} numbers in F32`)
  }
  const bytes = await file.rows(factors, 0, 1)
  return frequencies.map((frequency, pair) => {
    const divided = frequency / bytes.readFloatLE(pair * 4)
    if (divided > 0 && divided < Infinity) return divided
    throw new ConversionError('the tensor rope_freqs.weight has numbers that are not above 0')
  })
}
