import type { OnnxAttribute, OnnxNode, OnnxTensor } from './onnx-model.ts'

/** Collects the nodes and constants of a graph; every call returns the name of what it made. */
export interface GraphBuilder {
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly OnnxTensor[]
  /** A node of ONNX's own operators with one output, which is named `output`. */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string
  /** A node with any outputs and of any domain. */
  add(node: Omit<OnnxNode, 'name'>): void
  /** A constant, made when it is first asked for. */
  tensor(tensor: OnnxTensor): string
  int64(values: readonly number[] | bigint): string
  /** A single number in float32 or float64. */
  scalar(type: 'float32' | 'float64', value: number, name: string): string
}

/** An empty graph. */
export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = []
  const tensors = new Map<string, OnnxTensor>()
  const builder: GraphBuilder = {
    nodes,
    get tensors() {
      return [...tensors.values()]
    },
    node(operator, inputs, output, attributes = {}) {
      builder.add({ operator, domain: '', inputs, outputs: [output], attributes })
      return output
    },
    add(node) {
      nodes.push({ ...node, name: `${node.outputs[0] ?? ''}/${node.operator}` })
    },
    tensor(tensor) {
      if (!tensors.has(tensor.name)) tensors.set(tensor.name, tensor)
      return tensor.name
    },
    int64(values) {
      const list = typeof values === 'bigint' ? [values] : values
      const data = bytesOf(BigInt64Array.from(list, BigInt))
      const name = `i64_${list.join('_')}`
      return builder.tensor({ name, type: 'int64', dims: [list.length], data })
    },
    scalar(type, value, name) {
      const array = type === 'float32' ? Float32Array.of(value) : Float64Array.of(value)
      return builder.tensor({ name, type, dims: [], data: bytesOf(array) })
    },
  }
  return builder
}

/** The bytes of numbers as they lie in memory: little-endian, as ONNX wants them, where Node runs. */
export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
