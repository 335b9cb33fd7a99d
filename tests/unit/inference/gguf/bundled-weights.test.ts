import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertGguf } from '../../../../inference/gguf/convert.ts'
import { greedy } from '../../../support/inference/greedy.ts'
import { BUNDLED, goldenContinuations, loadForTest } from '../../../support/inference/models.ts'

/** The file that the bundled weights were made from; their PROVENANCE.md says where it is found. */
const FILE = process.env['TRIVIUM_GGUF']
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'
/** The bundled weights are cut in two files of this size at most. */
const DATA_FILE_BYTES = 48_600_000

describe.skipIf(FILE === undefined)('the bundled weights again (TRIVIUM_GGUF=FILE)', () => {
  const file = FILE ?? ''
  let directory = ''
  let folder = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trivium-gguf-'))
    folder = join(directory, 'again')
    await convertGguf({ file, folder, dataFileBytes: DATA_FILE_BYTES })
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('are made from the file that was used', async () => {
    const hash = createHash('sha256')
    await pipeline(createReadStream(file), hash)
    expect(hash.digest('hex')).toBe(SHA256)
  })

  it('become the same to the byte', () => {
    for (const name of ['model_q4.onnx_data', 'model_q4.onnx_data_1']) {
      const read = (from: string) => readFileSync(join(from, 'onnx', name))
      expect(read(folder).equals(read(BUNDLED))).toBe(true)
    }
  })

  it('have the same tokenizer and the same constants', () => {
    const json = (from: string, name: string): unknown =>
      JSON.parse(readFileSync(join(from, name), 'utf8'))
    for (const name of [
      'tokenizer.json',
      'tokenizer_config.json',
      'special_tokens_map.json',
      'generation_config.json',
    ]) {
      expect(json(folder, name)).toEqual(json(BUNDLED, name))
    }
    expect(json(BUNDLED, 'config.json')).toMatchObject(json(folder, 'config.json') as object)
  })

  it('encode every golden prompt as it was', async () => {
    const { template } = await loadForTest(folder)
    const { prompts } = goldenContinuations(BUNDLED)
    for (const { name, messages, prompt_ids, special_tokens_in_text } of prompts) {
      // Text of control tokens stays text here; the golden prompts have it both ways.
      if (special_tokens_in_text === 'parsed') continue
      expect([name, template.encode(messages, 'answer')]).toEqual([name, prompt_ids])
    }
  })

  it('write the golden continuations with exact activations', async () => {
    const { engine } = await loadForTest(folder, 'model_q4_exact')
    for (const prompt of goldenContinuations(BUNDLED, '_exact').prompts) {
      if (!['capital', 'turns-long', 'japanese'].includes(prompt.name)) continue
      const expected = prompt.output_ids.slice(0, prompt.first_close ?? prompt.output_ids.length)
      const written = await greedy(engine, prompt.prompt_ids, expected.length)
      expect([prompt.name, written]).toEqual([prompt.name, expected])
    }
  })

  it('follow the golden continuations with quantised activations where nothing is close', async () => {
    const { engine } = await loadForTest(folder)
    const { prompts, safe_margin } = goldenContinuations(BUNDLED)
    let compared = 0
    for (const { name, prompt_ids, output_ids, margins } of prompts) {
      if (!['gravity', 'code-python', 'turns-system'].includes(name)) continue
      const tokens = await greedy(engine, prompt_ids, output_ids.length, output_ids)
      for (const [index, margin] of margins.entries()) {
        if (margin < safe_margin) continue
        expect([name, index, tokens[index]]).toEqual([name, index, output_ids[index]])
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(30)
  })
})
