import { describe, expect, it } from 'vitest'
import { type GraphWishes, chooseGraph } from '../../../../inference/loading/choose-graph.ts'

const choose = (files: string[], wishes: GraphWishes = {}) =>
  chooseGraph(wishes, async (file) => files.includes(file))

describe('chooseGraph', () => {
  it.each<[string[], string, string]>([
    [['onnx/model.onnx', 'onnx/model_q4.onnx', 'onnx/model_int8.onnx'], 'onnx/model_q4.onnx', 'q4'],
    [['onnx/model.onnx', 'onnx/model_quantized.onnx'], 'onnx/model_quantized.onnx', 'q8'],
    [['onnx/model_quantized.onnx', 'onnx/model_int8.onnx'], 'onnx/model_int8.onnx', 'int8'],
    [['onnx/model_fp16.onnx', 'onnx/model.onnx'], 'onnx/model.onnx', 'fp32'],
    [['model_q4f16.onnx'], 'model_q4f16.onnx', 'q4f16'],
    [['onnx/decoder_model_merged_q4.onnx'], 'onnx/decoder_model_merged_q4.onnx', 'q4'],
    [['model.onnx', 'onnx/model.onnx'], 'onnx/model.onnx', 'fp32'],
  ])('of %j takes %s', async (files, file, precision) => {
    expect(await choose(files)).toEqual({ file, precision })
  })

  const files = [
    'onnx/model.onnx',
    'onnx/model_q4.onnx',
    'onnx/model_int8.onnx',
    'onnx/model_q4_exact.onnx',
  ]

  it.each<[string, GraphWishes, string]>([
    ['the dtype of config.json', { dtype: 'int8' }, 'onnx/model_int8.onnx'],
    ['a dtype for each file', { dtype: { model: 'fp32' } }, 'onnx/model.onnx'],
    ['its own order when no such file exists', { dtype: 'fp16' }, 'onnx/model_q4.onnx'],
    ["genai's file", { genaiFile: 'onnx/model_int8.onnx', dtype: 'fp32' }, 'onnx/model_int8.onnx'],
    [
      'a graph asked for by name',
      { graph: 'model_q4_exact', dtype: 'int8' },
      'onnx/model_q4_exact.onnx',
    ],
  ])('follows %s', async (_, wishes, file) => {
    expect((await choose(files, wishes))?.file).toBe(file)
  })

  it("names the precision of a maker's own graph", async () => {
    expect((await choose(files, { graph: 'model_q4_exact' }))?.precision).toBe('q4_exact')
  })

  it.each<[string[], string | null]>([
    [
      ['onnx/model_q4.onnx', 'onnx/model_fp16.onnx', 'onnx/model_q4f16.onnx'],
      'onnx/model_q4f16.onnx',
    ],
    [['onnx/model.onnx', 'model_fp16.onnx'], 'model_fp16.onnx'],
    [['onnx/model.onnx', 'onnx/model_q4.onnx'], null],
  ])('takes for CUDA a graph in halves: of %j %s', async (present, file) => {
    expect((await choose(present, { device: 'cuda', dtype: 'q4' }))?.file ?? null).toBe(file)
  })

  it("takes the maker's and the asked for graph for CUDA as well", async () => {
    const genai = { device: 'cuda', genaiFile: 'model.onnx' } as const
    expect((await choose(['model.onnx'], genai))?.file).toBe('model.onnx')
    expect((await choose(files, { device: 'cuda', graph: 'model_int8' }))?.precision).toBe('int8')
  })

  it('finds nothing in a folder without graphs, or without the one asked for', async () => {
    expect(await choose(['onnx/vision_encoder.onnx'])).toBeNull()
    expect(await choose(files, { graph: 'model_q2' })).toBeNull()
  })
})
