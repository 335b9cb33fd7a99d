/** Element types that a key/value cache and logits may have. */
type CacheType = 'float32' | 'float16'

/** One input or output of a graph, as the session reports it; symbolic dimensions are strings. */
export interface GraphValue {
  readonly name: string
  readonly type: string
  readonly shape: readonly (number | string)[]
}

/** One cache tensor: where it goes in, where it comes out, and its fixed dimensions. */
export interface CacheSlot {
  readonly past: string
  readonly present: string
  readonly type: CacheType
  readonly heads: number
  readonly width: number
}

/** How to feed a graph, read off its own inputs and outputs. */
export interface GraphPlan {
  readonly slots: readonly CacheSlot[]
  readonly vocabularySize: number
  readonly logitsType: CacheType
  readonly positionIds: boolean
  readonly keepsLastLogits: boolean
  readonly cacheBranch: boolean
  readonly bytesPerToken: number
}

const PAST = 'past_key_values.'
const PRESENT = 'present.'
const TOKEN_INPUTS = ['input_ids', 'attention_mask']
const OPTIONAL_INPUTS = ['position_ids', 'num_logits_to_keep', 'use_cache_branch']

/**
 * Plans how to run a decoder graph. Everything comes from the graph and nothing from config.json,
 * because exports differ in what they ask for and a config may describe another export.
 * Throws an Error whose message says what is not supported.
 */
export function planGraph(
  inputs: readonly GraphValue[],
  outputs: readonly GraphValue[],
): GraphPlan {
  const names = new Set(inputs.map((input) => input.name))
  for (const name of TOKEN_INPUTS) {
    if (!names.has(name)) throw new Error(`the graph has no input ${name}`)
  }
  for (const { name, type } of inputs) {
    if (name.startsWith(PAST)) continue
    if (!TOKEN_INPUTS.includes(name) && !OPTIONAL_INPUTS.includes(name)) {
      throw new Error(`the graph asks for ${name}, which is not supported`)
    }
    const expected = name === 'use_cache_branch' ? 'bool' : 'int64'
    if (type !== expected) throw new Error(`the input ${name} is ${type} instead of ${expected}`)
  }

  const slots = inputs
    .filter((input) => input.name.startsWith(PAST))
    .map((past) => planSlot(past, outputs))
  if (slots.length === 0) throw new Error('the graph has no key/value cache')

  const logits = outputs.find((output) => output.name === 'logits')
  const vocabularySize = logits?.shape.at(-1)
  if (!logits || typeof vocabularySize !== 'number' || vocabularySize <= 0) {
    throw new Error('the graph has no output logits of a fixed width')
  }
  return {
    slots,
    vocabularySize,
    logitsType: cacheType(logits),
    positionIds: names.has('position_ids'),
    keepsLastLogits: names.has('num_logits_to_keep'),
    cacheBranch: names.has('use_cache_branch'),
    bytesPerToken: slots.reduce(
      (sum, { heads, width, type }) => sum + heads * width * bytesOf(type),
      0,
    ),
  }
}

function planSlot(past: GraphValue, outputs: readonly GraphValue[]): CacheSlot {
  const present = PRESENT + past.name.slice(PAST.length)
  if (!outputs.some((output) => output.name === present)) {
    throw new Error(`the graph has ${past.name} without ${present}`)
  }
  const [, heads, , width] = past.shape
  if (past.shape.length !== 4 || typeof heads !== 'number' || typeof width !== 'number') {
    throw new Error(
      `${past.name} has the shape [${past.shape.join(', ')}], not [batch, heads, length, width]`,
    )
  }
  return { past: past.name, present, type: cacheType(past), heads, width }
}

function cacheType({ name, type }: GraphValue): CacheType {
  if (type === 'float32' || type === 'float16') return type
  throw new Error(`${name} is ${type}, neither float32 nor float16`)
}

function bytesOf(type: CacheType): number {
  return type === 'float32' ? 4 : 2
}
