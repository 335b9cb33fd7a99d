import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertGguf } from '../../../../inference/gguf/convert.ts'
import { ConversionError } from '../../../../inference/gguf/conversion-error.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import {
  type Field,
  type GgufToWrite,
  type TensorToWrite,
  encodeGguf,
} from '../../../support/gguf/encode-gguf.ts'
import { TINY_TOKENS, tinyLlama } from '../../../support/gguf/tiny-llama.ts'
import { loadForTest, temporaryDirectory } from '../../../support/inference/models.ts'

const SMALL = { hidden: 64, feedForward: 32, layers: 1 }
const PLAIN = tinyLlama({ type: 'Q4_1', shape: SMALL }).file
const EVERY_CUT = 61
const FLIPS = 500
const LOADED = 12
const HUGE = 2n ** 63n
const ONE_GRAPH = {
  model_q4: { precision: 'float32', roughLayers: true, roughLogits: true },
} as const

/** What converting these bytes comes to: the folder, or the message; then nothing may be left. */
async function attempt(bytes: Uint8Array, folderOf?: string) {
  const directory = folderOf ?? (await temporaryDirectory())
  const file = join(directory, 'hostile.gguf')
  const models = join(directory, 'models')
  await writeFile(file, bytes)
  await mkdir(models, { recursive: true })
  const before = (await readdir(models)).length
  const folder = join(models, `model-${before}`)
  try {
    await convertGguf({ file, folder, graphs: ONE_GRAPH })
    return { folder, message: null }
  } catch (error) {
    expect(error).toBeInstanceOf(ConversionError)
    expect(await readdir(models)).toHaveLength(before)
    const message = error instanceof Error ? error.message : ''
    expect(message.length).toBeGreaterThan(10)
    expect(message.length).toBeLessThan(400)
    expect(message).not.toContain('\n')
    return { folder, message }
  }
}

const refusal = async (file: GgufToWrite) => (await attempt(encodeGguf(file))).message
const withFields = (...fields: Field[]): GgufToWrite =>
  tinyLlama({ type: 'Q4_1', shape: SMALL, fields }).file
const without = (key: string): GgufToWrite => ({
  ...PLAIN,
  fields: PLAIN.fields.filter(([name]) => name !== key),
})
const withTensor = (name: string, change: Partial<TensorToWrite>): GgufToWrite => ({
  ...PLAIN,
  tensors: PLAIN.tensors.map((tensor) =>
    tensor.name === name ? { ...tensor, ...change } : tensor,
  ),
})
const extra = (tensor: Partial<TensorToWrite>): GgufToWrite => ({
  ...PLAIN,
  tensors: [
    ...PLAIN.tensors,
    { name: 'x', dims: [32], type: 0, data: new Uint8Array(128), ...tensor },
  ],
})

describe('a header that lies', () => {
  it('is refused for its beginning', async () => {
    expect(await refusal({ ...PLAIN, magic: 'GGML' })).toContain('no GGUF file')
    expect(await refusal({ ...PLAIN, version: 1 })).toContain('version 1 is not supported')
    expect(await refusal({ ...PLAIN, version: 99 })).toContain('version 99')
    expect(await refusal({ ...PLAIN, version: 3 << 24 })).toContain('big-endian')
    expect((await attempt(Buffer.alloc(0))).message).toContain('too short')
    expect((await attempt(Buffer.from('GGUF'))).message).toContain('too short')
    await expect(convertGguf({ file: '/nowhere.gguf', folder: '/nowhere/x' })).rejects.toThrow(
      'there is no file /nowhere.gguf',
    )
    await expect(
      convertGguf({ file: await temporaryDirectory(), folder: '/nowhere/x' }),
    ).rejects.toThrow('not a file')
  })

  it('is refused for counts that the file is too short for', async () => {
    for (const count of [2n ** 64n - 1n, HUGE, 2n ** 32n, 100_000n]) {
      expect(await refusal({ ...PLAIN, tensorCount: count })).toMatch(
        /too short for tensors|claims/u,
      )
      expect(await refusal({ ...PLAIN, keyCount: count })).toMatch(/too short for metadata|claims/u)
    }
    expect(await refusal({ ...PLAIN, tensorCount: 50n })).not.toBeNull()
    expect(await refusal({ ...PLAIN, tensorCount: 1n })).toContain('missing')
    expect(await refusal({ ...PLAIN, keyCount: 3n })).not.toBeNull()
  })

  it('is refused for texts and lists that go beyond its end', async () => {
    const bytes = encodeGguf(PLAIN)
    const lie = (near: string, back: number, length: bigint) => {
      const lying = Buffer.from(bytes)
      lying.writeBigUInt64LE(length, lying.indexOf(near) - back)
      return attempt(lying)
    }
    for (const length of [HUGE, 2n ** 64n - 1n, 2n ** 31n, BigInt(bytes.length)]) {
      expect((await lie('general.architecture', 8, length)).message).toContain('too short')
      expect((await lie('Tiny', 8, length)).message).toContain('too short')
      expect((await lie('<|endoftext|>', 16, length)).message).toContain('too short')
      expect((await lie('token_embd', 8, length)).message).toContain('too short')
    }
  })

  it('is refused for values of no known type, and for keys that are there twice', async () => {
    const bytes = encodeGguf(PLAIN)
    const key = 'llama.block_count'
    bytes.writeUInt32LE(77, bytes.indexOf(key) + key.length)
    expect((await attempt(bytes)).message).toContain('unknown type 77')
    expect(
      await refusal({ ...PLAIN, fields: [...PLAIN.fields, ...PLAIN.fields.slice(0, 1)] }),
    ).toContain('twice')
  })
})

describe('a tensor that lies', () => {
  it('is refused for where it lies', async () => {
    expect(await refusal(extra({ offset: HUGE }))).toContain('the file ends before')
    expect(await refusal(extra({ offset: 2n ** 64n - 32n }))).toContain('the file ends before')
    expect(await refusal(extra({ offset: 1n }))).toContain('multiple of 32')
    expect(await refusal(extra({ offset: 0n }))).toContain('overlap')
  })

  it('is refused for its dimensions', async () => {
    expect(await refusal(extra({ dims: [2n ** 32n, 2n ** 32n] }))).toContain('too large')
    expect(await refusal(extra({ dims: [2n ** 62n, 2n ** 62n, 2n ** 62n, 16] }))).toContain(
      'too large',
    )
    expect(await refusal(extra({ dims: [2n ** 40n] }))).toContain('the file ends before')
    expect(await refusal(extra({ dims: [0, 4] }))).toContain('empty')
    expect(await refusal(extra({ dims: [] }))).toContain('0 dimensions')
    expect(await refusal(extra({ dims: [1, 1, 1, 1, 32] }))).toContain('5 dimensions')
    expect(await refusal(extra({ dims: [33], type: 3 }))).toContain('Q4_1 cannot store')
  })

  it('is refused for its type, its name and its place', async () => {
    expect(await refusal(extra({ type: 10 }))).toContain('Q2_K')
    expect(await refusal(extra({ type: 4_000_000 }))).toContain('type 4000000')
    expect(await refusal(extra({ name: 'token_embd.weight' }))).toContain('twice')
    expect(await refusal(extra({ name: 'blk.0.attn_q_norm.weight' }))).toContain('no place')
    expect(await refusal(withTensor('output_norm.weight', { name: 'other' }))).toContain('missing')
    expect(await refusal(withTensor('output_norm.weight', { dims: [32] }))).toContain('not 1 of 64')
  })

  it('is refused for numbers that are not finite', async () => {
    const nan = new Uint8Array(64 * 4).fill(0xff)
    expect(await refusal(withTensor('output_norm.weight', { data: nan }))).toContain('not finite')
    const data = PLAIN.tensors.find(({ name }) => name === 'blk.0.ffn_up.weight')?.data.slice()
    data?.set([0, 0x7c])
    expect(await refusal(withTensor('blk.0.ffn_up.weight', { ...(data && { data }) }))).toContain(
      'blk.0.ffn_up.weight cannot be packed',
    )
  })
})

describe('a model that is none of these', () => {
  it('is refused by name', async () => {
    expect(await refusal(withFields(['general.architecture', 'text', 'mamba']))).toContain(
      '"mamba"',
    )
    expect(await refusal(withFields(['general.architecture', 'u32', 3]))).toContain('not a text')
    expect(await refusal(withFields(['tokenizer.ggml.model', 'text', 'bert']))).toContain('"bert"')
    expect(await refusal(withFields(['tokenizer.ggml.pre', 'text', 'klingon']))).toContain(
      '"klingon"',
    )
    expect(await refusal(withFields(['llama.expert_count', 'u32', 8]))).toContain('several experts')
    expect(await refusal(withFields(['llama.rope.scaling.type', 'text', 'yarn']))).toContain(
      '"yarn"',
    )
    expect(await refusal(withFields(['llama.logit_scale', 'f32', 2]))).toContain('logit_scale')
  })

  it('is refused without what it needs', async () => {
    for (const key of [
      'general.architecture',
      'llama.block_count',
      'llama.context_length',
      'llama.attention.layer_norm_rms_epsilon',
      'tokenizer.ggml.merges',
      'tokenizer.ggml.eos_token_id',
    ]) {
      expect(await refusal(without(key))).toContain(
        key === 'general.architecture' ? 'architecture' : key,
      )
    }
    expect(await refusal(without('tokenizer.ggml.tokens'))).toContain('no vocabulary')
    expect(await refusal(without('tokenizer.chat_template'))).toContain('no chat template')
  })

  it('is refused for sizes that make no sense', async () => {
    for (const [key, value] of [
      ['block_count', 0],
      ['block_count', 2 ** 31],
      ['attention.head_count', 0],
      ['attention.head_count', 3],
      ['attention.head_count_kv', 3],
      ['attention.key_length', 20],
      ['rope.dimension_count', 8],
      ['embedding_length', 96],
      ['feed_forward_length', 48],
      ['context_length', 0],
    ] as const) {
      expect(await refusal(withFields([`llama.${key}`, 'u32', value])), key).not.toBeNull()
    }
    for (const value of [0, -1, NaN, Infinity]) {
      expect(await refusal(withFields(['llama.rope.freq_base', 'f32', value]))).toContain('above 0')
    }
  })

  it('is refused for a vocabulary that contradicts itself', async () => {
    expect(await refusal(withFields(['tokenizer.ggml.eos_token_id', 'u32', 9999]))).toContain(
      '9999',
    )
    expect(await refusal(withFields(['tokenizer.ggml.token_type', 'i32s', [1]]))).toContain('types')
    expect(
      await refusal(withFields(['tokenizer.ggml.tokens', 'texts', [...TINY_TOKENS, 'more']])),
    ).toContain('rows for only')
    expect(
      await refusal(withFields(['tokenizer.ggml.tokens', 'texts', TINY_TOKENS.map(() => 'same')])),
    ).toContain('twice')
    expect(await refusal(withFields(['tokenizer.ggml.merges', 'texts', ['he nothing']]))).toContain(
      'merge',
    )
  })
})

describe('a file that was damaged', () => {
  const bytes = encodeGguf(PLAIN)
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trivium-gguf-'))
  })
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
  })

  it('is refused wherever it was cut', async () => {
    // Few tokens, so that there is time for every byte of the header.
    const short = encodeGguf(
      withFields(
        ['tokenizer.ggml.tokens', 'texts', TINY_TOKENS.slice(0, 4)],
        ['tokenizer.ggml.token_type', 'i32s', [3, 3, 3, 1]],
        ['tokenizer.ggml.merges', 'texts', []],
      ),
    )
    const weightsAt = short.indexOf('output_norm') + 60
    expect((await attempt(short, directory)).message).toBeNull()
    for (let length = 0; length < short.length; length += length < weightsAt ? 1 : EVERY_CUT) {
      const { message } = await attempt(short.subarray(0, length), directory)
      expect(message, `cut at ${length}`).not.toBeNull()
    }
    expect((await attempt(short.subarray(0, -1), directory)).message).not.toBeNull()
  }, 120_000)

  it('ends in one clear error or in a model, whichever bits were flipped', async () => {
    const random = mulberry32(11)
    const headerBytes = bytes.indexOf('output_norm') + 60
    const made: string[] = []
    let refused = 0
    for (let flip = 0; flip < FLIPS; flip++) {
      const damaged = Buffer.from(bytes)
      // Two of three in the header, where more can go wrong.
      const range = flip % 3 === 0 ? bytes.length : headerBytes
      const at = Math.floor(random() * range)
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      const { folder, message } = await attempt(damaged, directory)
      if (message === null) made.push(folder)
      else refused += 1
    }
    expect(refused).toBeGreaterThan(50)
    expect(made.length).toBeGreaterThan(50)
    for (const folder of made.slice(0, LOADED)) {
      // A damaged scale may be too much for logits, which loading says; the folder itself is whole.
      await loadForTest(folder).catch((error: unknown) =>
        expect(String(error)).toMatch(/finite|template|token/u),
      )
    }
  }, 120_000)

  it('takes no memory for what it claims', async () => {
    const lies = [
      { ...PLAIN, keyCount: 65_536n },
      extra({ dims: [2n ** 40n] }),
      withFields(['llama.context_length', 'u32', 2 ** 31]),
      withFields(['llama.block_count', 'u32', 512]),
    ]
    const before = process.memoryUsage().rss
    for (const lie of lies) await attempt(encodeGguf(lie), directory)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2)
  })
})
