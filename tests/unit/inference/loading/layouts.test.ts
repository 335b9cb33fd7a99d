import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadGrowingCacheEngine } from '../../../../inference/engine/growing-cache-engine.ts'
import { type LoadedModel, loadModel } from '../../../../inference/loading/load-model.ts'
import { greedy } from '../../../support/inference/greedy.ts'
import {
  LOAD_OPTIONS,
  TINY,
  copyOfTiny,
  goldenContinuations,
} from '../../../support/inference/models.ts'
import { type GraphEdit, editGraph } from '../../../support/inference/onnx-edit.ts'

const GRAPH = 'onnx/model_q4.onnx'
const golden = goldenContinuations(TINY).prompts[3]
const promptIds = golden?.prompt_ids ?? []
const outputIds = golden?.output_ids.slice(0, golden.first_close ?? 48) ?? []

async function load(folder: string): Promise<LoadedModel> {
  const model = await loadModel(folder, LOAD_OPTIONS)
  onTestFinished(() => model.engine.dispose())
  return model
}

async function tinyWith(edit: GraphEdit): Promise<string> {
  const { folder } = await copyOfTiny()
  await editGraph(join(folder, GRAPH), edit)
  return folder
}

const GENAI_NAMES: Record<string, string> = {
  input_ids: 'tokens',
  attention_mask: 'mask',
  logits: 'scores',
}
for (const layer of [0, 1]) {
  for (const part of ['key', 'value']) {
    GENAI_NAMES[`past_key_values.${layer}.${part}`] = `past.${layer}.${part}`
    GENAI_NAMES[`present.${layer}.${part}`] = `now_${part}_${layer}`
  }
}
const GENAI = {
  model: {
    type: 'llama',
    context_length: 1024,
    eos_token_id: [2, 7],
    decoder: {
      filename: 'decoder.onnx',
      inputs: {
        input_ids: 'tokens',
        attention_mask: 'mask',
        past_key_names: 'past.%d.key',
        past_value_names: 'past.%d.value',
      },
      outputs: {
        logits: 'scores',
        present_key_names: 'now_key_%d',
        present_value_names: 'now_value_%d',
      },
    },
  },
  search: { temperature: 0.6, top_p: 0.9, top_k: 40, max_length: 1024 },
}

/** The tiny model as onnxruntime-genai's exporter writes it: flat, with names and all in one file. */
async function genaiFolder(config: object = GENAI): Promise<string> {
  const folder = await tinyWith({ rename: GENAI_NAMES, narrow: ['input_ids'] })
  await rename(join(folder, GRAPH), join(folder, 'decoder.onnx'))
  for (const name of ['model_q4.onnx_data', 'model_q4.onnx_data_1']) {
    await rename(join(folder, 'onnx', name), join(folder, name))
  }
  for (const name of ['onnx', 'config.json', 'generation_config.json']) {
    await rm(join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'genai_config.json'), JSON.stringify(config))
  return folder
}

describe('a folder of onnxruntime-genai', () => {
  it('answers as the same weights in the other layout', async () => {
    const model = await load(await genaiFolder())
    expect(model).toMatchObject({ engineKind: 'shared-cache', contextLength: 1024 })
    expect(model.generation).toMatchObject({ temperature: 0.6, top_p: 0.9, top_k: 40 })
    expect(model.endIds).toEqual(new Set([2, 7]))
    expect(outputIds.length).toBeGreaterThan(10)
    expect(await greedy(model.engine, promptIds, outputIds.length)).toEqual(outputIds)
  })

  it.each<[string, object, RegExp]>([
    [
      'in several graphs',
      { model: { decoder: { filename: 'decoder.onnx', pipeline: [{}] } } },
      /genai_config\.json: model\.decoder\.pipeline/u,
    ],
    [
      'with an encoder',
      { model: { decoder: { filename: 'decoder.onnx' }, encoder: {} } },
      /genai_config\.json: model\.encoder/u,
    ],
    [
      'with keys and values in one tensor',
      { model: { decoder: { filename: 'decoder.onnx', inputs: { past_names: 'past_%d' } } } },
      /genai_config\.json: past_names/u,
    ],
    [
      'with names that are no pattern',
      { model: { decoder: { filename: 'decoder.onnx', inputs: { past_key_names: 'past' } } } },
      /genai_config\.json: "past" must hold one %d/u,
    ],
    [
      'with a graph outside of it',
      { model: { decoder: { filename: '../../../../../../../etc/passwd' } } },
      /lies outside of the folder/u,
    ],
    [
      'with a broken file',
      { model: { context_length: 'long' } },
      /genai_config\.json: model\.context_length/u,
    ],
  ])('%s is refused', async (_, config, reason) => {
    await expect(load(await genaiFolder(config))).rejects.toThrow(reason)
  })
})

const BFLOAT16 = Object.fromEntries(
  Object.keys(GENAI_NAMES)
    .filter((name) => /past|present/u.test(name))
    .map((name) => [name, 'bfloat16'] as const),
)

describe('a graph', () => {
  const narrow: GraphEdit = { narrow: ['input_ids', 'attention_mask', 'num_logits_to_keep'] }

  it('may take integers of 32 bits', async () => {
    const { engine, engineKind } = await load(await tinyWith(narrow))
    expect(engineKind).toBe('shared-cache')
    expect(await greedy(engine, promptIds, outputIds.length)).toEqual(outputIds)
  })

  it('may take them in the engine whose cache grows, too', async () => {
    const engine = await loadGrowingCacheEngine(join(await tinyWith(narrow), GRAPH), { threads: 1 })
    onTestFinished(() => engine.dispose())
    expect(await greedy(engine, promptIds, outputIds.length)).toEqual(outputIds)
  })

  it('may be a merged decoder that asks for positions and for its branch', async () => {
    const folder = await tinyWith({
      add: [
        { name: 'use_cache_branch', type: 'bool', shape: [1] },
        { name: 'position_ids', type: 'int64', shape: ['batch', 'length'] },
      ],
    })
    await rename(join(folder, GRAPH), join(folder, 'onnx/decoder_model_merged_q4.onnx'))
    const { engine, precision } = await load(folder)
    expect(precision).toBe('q4')
    expect(await greedy(engine, promptIds, outputIds.length)).toEqual(outputIds)
  })

  it('may have a name of its own, where there is no other', async () => {
    const { folder } = await copyOfTiny()
    await rename(join(folder, GRAPH), join(folder, 'onnx/my-tiny_exact.onnx'))
    await expect(load(folder)).resolves.toMatchObject({ graph: 'onnx/model_q4f16.onnx' })
    await rename(join(folder, 'onnx/model_q4f16.onnx'), join(folder, 'other.onnx'))
    await expect(load(folder)).rejects.toThrow(
      'none of the graphs other.onnx, onnx/my-tiny_exact.onnx has a name that says which to take',
    )
    await rm(join(folder, 'other.onnx'))
    const { engine, graph, precision } = await load(folder)
    expect([graph, precision]).toEqual(['onnx/my-tiny_exact.onnx', 'exact'])
    expect(await greedy(engine, promptIds, outputIds.length)).toEqual(outputIds)
  })

  it.each<[string, GraphEdit, RegExp]>([
    [
      'of a hybrid model',
      { add: [{ name: 'past_conv.0', type: 'float32', shape: [1] }] },
      /onnx\/model_q4\.onnx: the graph asks for past_conv\.0, the state of a hybrid/u,
    ],
    [
      'with an encoder',
      { add: [{ name: 'encoder_hidden_states', type: 'float32', shape: [1] }] },
      /onnx\/model_q4\.onnx: the graph asks for encoder_hidden_states, which comes from an encoder/u,
    ],
    [
      'in a precision that the CPU cannot compute',
      { retype: BFLOAT16 },
      /onnx\/model_q4\.onnx: the CPU .*take a graph in fp32/u,
    ],
  ])('%s is refused', async (_, edit, reason) => {
    await expect(load(await tinyWith(edit))).rejects.toThrow(reason)
  })
})

describe('a folder with only a pointer of Git LFS', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345678\n'
  it.each(['tokenizer.json', GRAPH, `${GRAPH}_data_1`])('as %s is refused', async (name) => {
    const { folder } = await copyOfTiny()
    expect((await readFile(join(folder, name))).length).toBeGreaterThan(pointer.length)
    await writeFile(join(folder, name), pointer)
    const file = name.split('/').at(-1)
    await expect(load(folder)).rejects.toThrow(`${file} is only Git's pointer to the file`)
  })
})

describe('a folder without what it needs says what it has instead', () => {
  it.each<[string, string, string, RegExp]>([
    ['another tokenizer', 'tokenizer.json', 'tokenizer.model', /tokenizer\.model alone cannot/u],
    ['other weights', 'onnx', 'model.safetensors', /model\.safetensors holds weights in another/u],
    ['a GGUF file', 'onnx', 'tiny.gguf', /turn tiny\.gguf into one with npm run models/u],
  ])('%s', async (_, missing, present, reason) => {
    const { folder } = await copyOfTiny()
    await rm(join(folder, missing), { recursive: true })
    await writeFile(join(folder, present), 'x')
    await expect(load(folder)).rejects.toThrow(reason)
  })
})
