import { type GraphNames, OPTIMUM_NAMES, presentOf } from './graph-names.ts'
import { strangeInput } from './strange-input.ts'

/** Element types that a key/value cache and logits may have. */
type CacheType = 'float32' | 'float16'
/** Element types that inputs of integers may have. */
export type IntegerType = 'int64' | 'int32'

/** One input or output of a graph, as the session reports it; symbolic dimensions are strings. */
export interface GraphValue {
  readonly name: string
  readonly type: string
  readonly shape: readonly (number | string)[]
}

/** An input of integers. */
export interface IntegerInput {
  readonly name: string
  readonly type: IntegerType
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
  readonly logits: string
  readonly logitsType: CacheType
  readonly ids: IntegerInput
  readonly mask: IntegerInput
  /** The position of every token; null for graphs that count themselves. */
  readonly positions: IntegerInput | null
  /** How many last positions are to get logits; null for graphs that give those of all. */
  readonly kept: (IntegerInput & { readonly shape: readonly number[] }) | null
  readonly cacheBranch: boolean
  readonly bytesPerToken: number
}

const KEPT = 'num_logits_to_keep'
const BRANCH = 'use_cache_branch'

/**
 * Plans how to run a decoder graph. Everything but the names comes from the graph and nothing from
 * config.json, because exports differ in what they ask for and a config may describe another export.
 * Throws an Error whose message says what is not supported.
 */
export function planGraph(
  inputs: readonly GraphValue[],
  outputs: readonly GraphValue[],
  names: GraphNames = OPTIMUM_NAMES,
): GraphPlan {
  const inputNamed = (name: string) => inputs.find((input) => input.name === name)
  const known = new Set([names.ids, names.mask, names.positions, KEPT, BRANCH])
  for (const input of inputs) {
    if (known.has(input.name) || presentOf(input.name, names) !== null) continue
    throw new Error(strangeInput(input.name))
  }
  const [ids, mask] = [names.ids, names.mask].map((name) => {
    const input = inputNamed(name)
    if (input === undefined) throw new Error(`the graph has no input ${name}`)
    return integerInput(input)
  })
  const branch = inputNamed(BRANCH)
  if (branch && branch.type !== 'bool') {
    throw new Error(`the input ${BRANCH} is ${branch.type} instead of bool`)
  }
  const [positions, kept] = [inputNamed(names.positions), inputNamed(KEPT)]

  const slots = inputs.flatMap((past) => {
    const present = presentOf(past.name, names)
    return present === null ? [] : [planSlot(past, present, outputs)]
  })
  if (slots.length === 0) {
    throw new Error(
      'the graph has no key/value cache: take an export with past_key_values (text-generation-with-past)',
    )
  }

  const logits = outputs.find((output) => output.name === names.logits)
  const vocabularySize = logits?.shape.at(-1)
  if (!ids || !mask || !logits || typeof vocabularySize !== 'number' || vocabularySize <= 0) {
    throw new Error(`the graph has no output ${names.logits} of a fixed width`)
  }
  return {
    slots,
    vocabularySize,
    logits: logits.name,
    logitsType: cacheType(logits),
    ids,
    mask,
    positions: positions ? integerInput(positions) : null,
    kept: kept ? { ...integerInput(kept), shape: kept.shape.map(() => 1) } : null,
    cacheBranch: branch !== undefined,
    bytesPerToken: slots.reduce(
      (sum, { heads, width, type }) => sum + heads * width * bytesOf(type),
      0,
    ),
  }
}

function integerInput({ name, type }: GraphValue): IntegerInput {
  if (type === 'int64' || type === 'int32') return { name, type }
  throw new Error(`the input ${name} is ${type}, neither int64 nor int32`)
}

function planSlot(past: GraphValue, present: string, outputs: readonly GraphValue[]): CacheSlot {
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
  const wide = type === 'bfloat16' ? '; take a graph in fp32, fp16, int8 or 4 bits' : ''
  throw new Error(`${name} is ${type}, neither float32 nor float16${wide}`)
}

function bytesOf(type: CacheType): number {
  return type === 'float32' ? 4 : 2
}
