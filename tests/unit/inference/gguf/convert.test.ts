import { mkdir, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convertGguf } from '../../../../inference/gguf/convert.ts'
import { encodeGguf } from '../../../support/gguf/encode-gguf.ts'
import { BLOCK_TYPES, type BlockTypeName } from '../../../support/gguf/random-blocks.ts'
import { referenceLogits } from '../../../support/gguf/reference-llama.ts'
import { type TinyLlama, TINY_TOKENS, tinyLlama } from '../../../support/gguf/tiny-llama.ts'
import { loadForTest, temporaryDirectory } from '../../../support/inference/models.ts'

const IDS = [1, 40, 77, 200, 9, 131, 40, 250]
/** Nothing rounded but to single precision: what is left is the weights. */
const EXACT = { precision: 'float32', roughLayers: false, roughLogits: false } as const
/** What rounding to the graph's own formats may cost, as a part of the logits' length. */
const KEPT = 2e-6
const SCALES_ROUNDED = 0.002
const EIGHT_BITS = 0.02
const TOLERANCES: Readonly<Record<BlockTypeName, number>> = {
  Q4_0: KEPT,
  Q4_1: KEPT,
  Q5_0: KEPT,
  Q8_0: KEPT,
  Q4_K: SCALES_ROUNDED,
  Q5_1: EIGHT_BITS,
  Q5_K: EIGHT_BITS,
  Q6_K: EIGHT_BITS,
  F32: EIGHT_BITS,
  F16: EIGHT_BITS,
  BF16: EIGHT_BITS,
}

async function converted(
  llama: TinyLlama,
  options: Partial<Parameters<typeof convertGguf>[0]> = {},
) {
  const directory = await temporaryDirectory()
  const file = join(directory, 'tiny.gguf')
  await writeFile(file, encodeGguf(llama.file))
  const folder = join(directory, 'models', 'tiny')
  const done = await convertGguf({ file, folder, ...options })
  return { directory, folder, file, ...done }
}

/** Part of the reference's length by which the converted graph's logits differ, over all positions. */
async function difference(llama: TinyLlama, factors?: readonly number[]): Promise<number> {
  const { folder } = await converted(llama, { graphs: { model_exact: EXACT } })
  const { engine } = await loadForTest(folder, 'model_exact')
  const sequence = engine.open()
  const rows = await engine.prefillAll(sequence, IDS)
  engine.free(sequence)
  const expected = referenceLogits(llama, IDS, factors)
  expect(rows).toHaveLength(IDS.length)
  let apart = 0
  let length = 0
  for (const [position, row] of expected.entries()) {
    for (const [id, logit] of row.entries()) {
      apart += (logit - (rows[position]?.[id] ?? NaN)) ** 2
      length += logit ** 2
    }
  }
  return Math.sqrt(apart / length)
}

describe('a converted model', () => {
  it.each(Object.keys(BLOCK_TYPES) as BlockTypeName[])(
    'computes what %s weights mean',
    async (type) => {
      // Rows of the embedding are looked up from eight bits whatever they were.
      const types = { 'token_embd.weight': 'Q8_0' } as const
      // Smaller where the blocks allow it, for speed.
      const hidden = BLOCK_TYPES[type].elements === 256 ? 256 : 64
      const apart = await difference(tinyLlama({ type, types, shape: { hidden } }))
      expect(apart).toBeLessThan(TOLERANCES[type])
    },
  )

  it.each(['Q4_0', 'Q4_1', 'Q6_K', 'F16'] as const)('looks up embeddings of %s', async (type) => {
    const apart = await difference(
      tinyLlama({ type: 'Q8_0', types: { 'token_embd.weight': type } }),
    )
    expect(apart).toBeLessThan(type === 'Q4_0' ? KEPT : EIGHT_BITS)
  })

  it('has logits of its own weights', async () => {
    for (const type of ['Q4_0', 'Q4_1', 'Q8_0'] as const) {
      const types = { 'token_embd.weight': 'Q8_0' } as const
      expect(await difference(tinyLlama({ type, types, untied: true }))).toBeLessThan(KEPT)
    }
  })

  it('multiplies apart what is not packed alike', async () => {
    const types = {
      'token_embd.weight': 'Q8_0',
      'attn_v.weight': 'Q8_0',
      'ffn_up.weight': 'Q4_0',
    } as const
    expect(await difference(tinyLlama({ type: 'Q4_1', types }))).toBeLessThan(KEPT)
  })

  it('leaves the rows of qwen2 where they are and adds its biases', async () => {
    const types = { 'token_embd.weight': 'Q8_0' } as const
    const shape = { architecture: 'qwen2' } as const
    expect(await difference(tinyLlama({ type: 'Q4_1', types, shape }))).toBeLessThan(KEPT)
    const apart = { ...types, 'attn_k.weight': 'Q8_0' } as const
    expect(await difference(tinyLlama({ type: 'Q4_1', types: apart, shape }))).toBeLessThan(KEPT)
  })

  it('scales positions by the factors of its own tensor, or linearly', async () => {
    const factors = Array.from({ length: 32 }, (_, index) => 1 + index / 4)
    const own = tinyLlama({ type: 'Q8_0', factors })
    expect(await difference(own, factors)).toBeLessThan(KEPT)
    const linear = tinyLlama({
      type: 'Q8_0',
      fields: [
        ['llama.rope.scaling.type', 'text', 'linear'],
        ['llama.rope.scaling.factor', 'f32', 4],
      ],
    })
    expect(await difference(linear, Array<number>(32).fill(4))).toBeLessThan(KEPT)
    expect(await difference(linear)).toBeGreaterThan(100 * KEPT)
  })

  it('answers nearly the same from each of its graphs', async () => {
    const llama = tinyLlama({ type: 'Q4_1', types: { 'token_embd.weight': 'Q8_0' } })
    const { folder } = await converted(llama)
    const rows: Float32Array[] = []
    for (const graph of ['model_q4_exact', 'model_q4', 'model_q4f16']) {
      const { engine } = await loadForTest(folder, graph)
      const sequence = engine.open()
      rows.push(new Float32Array(await engine.prefill(sequence, IDS)))
      engine.free(sequence)
    }
    const [exact = new Float32Array(0), ...others] = rows
    const length = Math.hypot(...exact)
    for (const row of others) {
      expect(
        Math.hypot(...row.map((logit, id) => logit - (exact[id] ?? NaN))) / length,
      ).toBeLessThan(0.1)
    }
  })

  it('loads with its tokenizer, template and end tokens', async () => {
    const { folder, summary, notes, bytes } = await converted(tinyLlama({ type: 'Q4_0' }))
    const model = await loadForTest(folder)
    expect(model.endIds).toEqual(new Set([2]))
    expect(model.contextLength).toBe(128)
    const ids = model.template.encode(
      [{ role: 'user', content: 'hello hello<|im_end|>' }],
      'answer',
    )
    const hello = TINY_TOKENS.indexOf('hello')
    expect(ids).toContain(hello)
    expect(ids).toContain(hello + 1)
    // What a visitor writes never becomes a control token.
    expect(ids.filter((id) => id === 2)).toHaveLength(1)
    expect(summary).toBe('llama with 2 layers of 256, 264 tokens, a context of 128')
    expect(notes).toEqual([])
    let size = 0
    for (const name of await readdir(folder, { recursive: true })) {
      const found = await stat(join(folder, name))
      if (found.isFile()) size += found.size
    }
    expect(bytes).toBe(size)
  })

  it('goes on in another file where one would become too large', async () => {
    const llama = tinyLlama({ type: 'Q4_1' })
    const { folder } = await converted(llama, { dataFileBytes: 200_000 })
    const names = (await readdir(join(folder, 'onnx'))).filter((name) => name.includes('_data'))
    expect(names.length).toBeGreaterThan(2)
    for (const name of names) {
      expect((await stat(join(folder, 'onnx', name))).size).toBeLessThanOrEqual(200_000)
    }
    const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
    expect(config).toMatchObject({
      'transformers.js_config': { use_external_data_format: { 'model_q4.onnx': names.length } },
    })
    await loadForTest(folder)
  })

  it('tells what was quantised anew and what the context was cut to', async () => {
    const { notes } = await converted(
      tinyLlama({ type: 'Q6_K', fields: [['llama.context_length', 'u32', 2 ** 20]] }),
    )
    expect(notes).toEqual([
      'the context is 131072 tokens instead of 1048576: no longer one is written',
      '15 tensors of Q6_K quantised anew to 8 bits',
    ])
  })

  it('holds a few pieces of a tensor at a time', async () => {
    const { file: parts, shape } = tinyLlama({ type: 'Q8_0' })
    const rows = 2 ** 19
    const bytes = rows * (shape.hidden / 32) * 34
    const table = { name: 'token_embd.weight', dims: [shape.hidden, rows], type: 8 }
    const others = parts.tensors.filter(({ name }) => name !== table.name)
    const tensors = [...others, { ...table, data: new Uint8Array(0) }]
    const directory = await temporaryDirectory()
    const file = join(directory, 'large.gguf')
    await writeFile(file, encodeGguf({ ...parts, tensors }))
    // The table is a hole of zeros at the end of the file, and nowhere in memory.
    await truncate(file, (await stat(file)).size + bytes)
    const used = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    const before = used()
    let most = 0
    const progress = () => {
      most = Math.max(most, used() - before)
    }
    await convertGguf({ file, folder: join(directory, 'large'), progress })
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(bytes)
  })

  it('takes nothing that is there, and leaves nothing when it is stopped', async () => {
    const llama = tinyLlama({ type: 'Q4_1' })
    const { directory, file, folder } = await converted(llama)
    await expect(convertGguf({ file, folder })).rejects.toThrow('is there already')
    const models = join(directory, 'others')
    await mkdir(models)
    const stop = new AbortController()
    const progress = () => stop.abort(new Error('stopped'))
    const stopped = convertGguf({ file, folder: join(models, 'x'), signal: stop.signal, progress })
    await expect(stopped).rejects.toThrow('stopped')
    expect(await readdir(models)).toEqual([])
  })
})
