import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { bytesOf, createGraphBuilder } from '../../../../inference/onnx-writer/graph-builder.ts'
import { type OnnxModel, encodeModel } from '../../../../inference/onnx-writer/onnx-model.ts'
import { createMessage } from '../../../../inference/onnx-writer/protobuf.ts'
import { temporaryDirectory } from '../../../support/inference/models.ts'

describe('a protobuf message', () => {
  it('is written as the encoding describes', () => {
    const inner = createMessage()
    inner.integer(1, 150)
    const message = createMessage()
    message.text(2, 'testing')
    message.bytes(3, inner.finish())
    message.float(4, 1)
    expect(Buffer.from(message.finish()).toString('hex')).toBe(
      '120774657374696e671a03089601250000803f',
    )
  })

  it('writes small, large and negative numbers', () => {
    const hex = (value: number | bigint) => {
      const message = createMessage()
      message.integer(1, value)
      return Buffer.from(message.finish()).toString('hex').slice(2)
    }
    expect(hex(0)).toBe('00')
    expect(hex(127)).toBe('7f')
    expect(hex(300)).toBe('ac02')
    expect(hex(-1)).toBe('ffffffffffffffffff01')
    expect(hex(2n ** 63n - 1n)).toBe('ffffffffffffffff7f')
  })
})

/** y = (x + 1 as constant in the model) * a row of a file beside it. */
function smallModel(): OnnxModel {
  const graph = createGraphBuilder()
  const one = graph.scalar('float32', 1, 'one')
  const row = graph.tensor({
    name: 'row',
    type: 'float32',
    dims: [2],
    data: { file: 'weights', offset: 4096, bytes: 8 },
  })
  graph.node('Mul', [graph.node('Add', ['x', one], 'sum'), row], 'y')
  return {
    irVersion: 9,
    producer: 'test',
    description: '',
    operatorSets: { '': 18 },
    properties: { source: 'a test' },
    inputs: [{ name: 'x', type: 'float32', dims: ['rows', 2] }],
    outputs: [{ name: 'y', type: 'float32', dims: ['rows', 2] }],
    tensors: graph.tensors,
    nodes: graph.nodes,
  }
}

describe('a written model', () => {
  it('computes with constants of its own and of a file beside it', async () => {
    const directory = await temporaryDirectory()
    const weights = Buffer.alloc(4104)
    weights.set(bytesOf(Float32Array.of(10, 100)), 4096)
    await writeFile(join(directory, 'weights'), weights)
    const path = join(directory, 'small.onnx')
    await writeFile(path, encodeModel(smallModel()))
    const session = await InferenceSession.create(path)
    const x = new Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2])
    const { y } = await session.run({ x })
    expect(y?.dims).toEqual([2, 2])
    expect(y?.data).toEqual(Float32Array.of(20, 300, 40, 500))
    await session.release()
  })

  it('names every constant once', () => {
    const graph = createGraphBuilder()
    expect(graph.int64([1, 2])).toBe(graph.int64([1, 2]))
    expect(graph.tensors).toHaveLength(1)
  })
})
