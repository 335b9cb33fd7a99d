import { cp, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { graphSize } from '../../../../inference/loading/graph-size.ts'
import { BUNDLED, temporaryDirectory } from '../../../support/inference/models.ts'

const onnx = join(BUNDLED, 'onnx')

describe('graphSize', () => {
  it.each(['model_q4', 'model_q4f16'])('counts the external data that %s names', async (name) => {
    const data = await Promise.all(
      ['model_q4.onnx_data', 'model_q4.onnx_data_1'].map((file) => stat(join(onnx, file))),
    )
    expect(await graphSize(join(onnx, `${name}.onnx`))).toEqual({
      graphBytes: (await stat(join(onnx, `${name}.onnx`))).size,
      externalBytes: data.reduce((sum, { size }) => sum + size, 0),
    })
  })

  it('counts nothing for what is missing, and reads cut off graphs', async () => {
    const folder = await temporaryDirectory()
    const graph = join(folder, 'model_q4.onnx')
    await cp(join(onnx, 'model_q4.onnx'), graph)
    expect(await graphSize(graph)).toMatchObject({ externalBytes: 0 })
    await truncate(graph, 1000)
    expect(await graphSize(graph)).toEqual({ graphBytes: 1000, externalBytes: 0 })
    await rm(graph)
    await expect(graphSize(graph)).rejects.toThrow(/ENOENT/u)
  })
})
