import { mulberry32 } from '../../../shared/ratings/random.ts'
import { type Field, type GgufToWrite, type TensorToWrite } from './encode-gguf.ts'
import { BLOCK_TYPES, type BlockTypeName, randomTensor } from './random-blocks.ts'

/** A random decoder: its file, and its weights as the file means them. */
export interface TinyLlama {
  readonly file: GgufToWrite
  readonly shape: TinyShape
  /** Numbers by tensor name, row after row. */
  readonly weights: ReadonlyMap<string, Float64Array>
}

export interface TinyShape {
  readonly architecture: 'llama' | 'qwen2'
  readonly hidden: number
  readonly feedForward: number
  readonly layers: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly epsilon: number
  readonly base: number
}

/** How a tiny llama differs from the plainest. */
export interface TinyWishes {
  readonly type: BlockTypeName
  readonly shape?: Partial<TinyShape>
  /** Types of single tensors, by the end of their names. */
  readonly types?: Readonly<Record<string, BlockTypeName>>
  /** Whether the logits have weights of their own. */
  readonly untied?: boolean
  /** Divisors of the rotary frequencies. */
  readonly factors?: readonly number[]
  readonly fields?: readonly Field[]
}

export const TINY_SHAPE: TinyShape = {
  architecture: 'llama',
  hidden: 256,
  feedForward: 256,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  epsilon: 1e-5,
  base: 10_000,
}

const TEMPLATE =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

/** The 256 bytes, a word and its beginnings, and three control tokens. */
export const TINY_TOKENS: readonly string[] = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  ...byteAlphabet(),
  'he',
  'll',
  'hell',
  'hello',
  'Ġhello',
]
export const TINY_MERGES: readonly string[] = ['h e', 'l l', 'he ll', 'hell o', 'Ġ hello']

/** Makes one, the same for the same wishes. */
export function tinyLlama(wishes: TinyWishes): TinyLlama {
  const shape = { ...TINY_SHAPE, ...wishes.shape }
  const random = mulberry32(7)
  const weights = new Map<string, Float64Array>()
  const tensors: TensorToWrite[] = []
  const add = (name: string, dims: readonly number[], type: BlockTypeName) => {
    const count = dims.reduce((product, dim) => product * dim, 1)
    const { data, values } = randomTensor(type, count, random)
    weights.set(name, values)
    tensors.push({ name, dims, type: BLOCK_TYPES[type].id, data })
  }
  const typeOf = (name: string) =>
    Object.entries(wishes.types ?? {}).find(([end]) => name.endsWith(end))?.[1] ?? wishes.type
  const matrix = (name: string, width: number, rows: number) =>
    add(name, [width, rows], typeOf(name))

  const { hidden, feedForward, heads, keyValueHeads, architecture } = shape
  const keys = (hidden / heads) * keyValueHeads
  matrix('token_embd.weight', hidden, TINY_TOKENS.length)
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}`
    add(name('attn_norm.weight'), [hidden], 'F32')
    for (const [part, rows] of [
      ['q', hidden],
      ['k', keys],
      ['v', keys],
    ] as const) {
      matrix(name(`attn_${part}.weight`), hidden, rows)
      if (architecture === 'qwen2') add(name(`attn_${part}.bias`), [rows], 'F32')
    }
    matrix(name('attn_output.weight'), hidden, hidden)
    add(name('ffn_norm.weight'), [hidden], 'F32')
    matrix(name('ffn_gate.weight'), hidden, feedForward)
    matrix(name('ffn_up.weight'), hidden, feedForward)
    matrix(name('ffn_down.weight'), feedForward, hidden)
  }
  add('output_norm.weight', [hidden], 'F32')
  if (wishes.untied) matrix('output.weight', hidden, TINY_TOKENS.length)
  if (wishes.factors) {
    const data = new Uint8Array(Float32Array.from(wishes.factors).buffer)
    tensors.push({ name: 'rope_freqs.weight', dims: [wishes.factors.length], type: 0, data })
  }
  return { file: { fields: fieldsOf(shape, wishes.fields ?? []), tensors }, shape, weights }
}

function fieldsOf(shape: TinyShape, more: readonly Field[]): Field[] {
  const { architecture } = shape
  const plain: readonly Field[] = [
    ['general.architecture', 'text', architecture],
    ['general.name', 'text', 'Tiny'],
    [`${architecture}.block_count`, 'u32', shape.layers],
    [`${architecture}.context_length`, 'u32', 128],
    [`${architecture}.embedding_length`, 'u32', shape.hidden],
    [`${architecture}.feed_forward_length`, 'u32', shape.feedForward],
    [`${architecture}.attention.head_count`, 'u32', shape.heads],
    [`${architecture}.attention.head_count_kv`, 'u32', shape.keyValueHeads],
    [`${architecture}.attention.layer_norm_rms_epsilon`, 'f32', shape.epsilon],
    [`${architecture}.rope.freq_base`, 'f32', shape.base],
    ['tokenizer.ggml.model', 'text', 'gpt2'],
    ['tokenizer.ggml.pre', 'text', 'smollm'],
    ['tokenizer.ggml.tokens', 'texts', TINY_TOKENS],
    ['tokenizer.ggml.token_type', 'i32s', TINY_TOKENS.map((_, id) => (id < 3 ? 3 : 1))],
    ['tokenizer.ggml.merges', 'texts', TINY_MERGES],
    ['tokenizer.ggml.bos_token_id', 'u32', 1],
    ['tokenizer.ggml.eos_token_id', 'u32', 2],
    ['tokenizer.chat_template', 'text', TEMPLATE],
  ]
  const replaced = new Set(more.map(([key]) => key))
  return [...plain.filter(([key]) => !replaced.has(key)), ...more]
}

/** GPT-2's letters for the bytes 0 to 255. */
function byteAlphabet(): string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
    return String.fromCharCode(printable ? byte : next++)
  })
}
