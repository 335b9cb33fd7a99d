import { createMessage } from './protobuf.ts'

/** Element types by ONNX's numbers. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  float16: 10,
  float64: 11,
} as const
export type ElementType = keyof typeof ELEMENT_TYPES

/** An input or output; a dimension that a run decides has a name. */
export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  readonly dims: readonly (number | string)[]
}

/** A constant tensor: its bytes here, or where they lie in a file beside the model. */
export interface OnnxTensor {
  readonly name: string
  readonly type: ElementType
  readonly dims: readonly number[]
  readonly data:
    | Uint8Array
    | { readonly file: string; readonly offset: number; readonly bytes: number }
}

/** What an operator is told besides its inputs; which kind a number is, the operator defines. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }

export interface OnnxNode {
  readonly name: string
  readonly operator: string
  /** '' for those of ONNX itself. */
  readonly domain: string
  /** '' for an input that is left out, and likewise for outputs. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxModel {
  readonly irVersion: number
  readonly producer: string
  readonly description: string
  /** Version of each domain's operators. */
  readonly operatorSets: Readonly<Record<string, number>>
  /** Free texts about where the model comes from. */
  readonly properties: Readonly<Record<string, string>>
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly tensors: readonly OnnxTensor[]
  readonly nodes: readonly OnnxNode[]
}

const EXTERNAL = 1
const ATTRIBUTE_KINDS = { float: 1, int: 2, ints: 7 } as const

/** The bytes of a .onnx file. Throws nothing: whether the graph makes sense, the runtime says. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const message = createMessage()
  message.integer(1, model.irVersion)
  message.text(2, model.producer)
  message.text(6, model.description)
  message.bytes(7, encodeGraph(model))
  for (const [domain, version] of Object.entries(model.operatorSets)) {
    const set = createMessage()
    set.text(1, domain)
    set.integer(2, version)
    message.bytes(8, set.finish())
  }
  for (const [key, value] of Object.entries(model.properties)) {
    message.bytes(14, encodePair(key, value))
  }
  return message.finish()
}

function encodeGraph({ nodes, tensors, inputs, outputs }: OnnxModel): Uint8Array {
  const graph = createMessage()
  for (const node of nodes) graph.bytes(1, encodeNode(node))
  graph.text(2, 'main_graph')
  for (const tensor of tensors) graph.bytes(5, encodeTensor(tensor))
  for (const value of inputs) graph.bytes(11, encodeValue(value))
  for (const value of outputs) graph.bytes(12, encodeValue(value))
  return graph.finish()
}

function encodeNode({ name, operator, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  const node = createMessage()
  for (const input of inputs) node.text(1, input)
  for (const output of outputs) node.text(2, output)
  node.text(3, name)
  node.text(4, operator)
  for (const [key, value] of Object.entries(attributes)) node.bytes(5, encodeAttribute(key, value))
  if (domain !== '') node.text(7, domain)
  return node.finish()
}

function encodeAttribute(name: string, value: OnnxAttribute): Uint8Array {
  const attribute = createMessage()
  attribute.text(1, name)
  if ('float' in value) attribute.float(2, value.float)
  else if ('int' in value) attribute.integer(3, value.int)
  else for (const each of value.ints) attribute.integer(8, each)
  const kind = 'float' in value ? 'float' : 'int' in value ? 'int' : 'ints'
  attribute.integer(20, ATTRIBUTE_KINDS[kind])
  return attribute.finish()
}

function encodeTensor({ name, type, dims, data }: OnnxTensor): Uint8Array {
  const tensor = createMessage()
  for (const dim of dims) tensor.integer(1, dim)
  tensor.integer(2, ELEMENT_TYPES[type])
  tensor.text(8, name)
  if (data instanceof Uint8Array) {
    tensor.bytes(9, data)
  } else {
    tensor.bytes(13, encodePair('location', data.file))
    tensor.bytes(13, encodePair('offset', String(data.offset)))
    tensor.bytes(13, encodePair('length', String(data.bytes)))
    tensor.integer(14, EXTERNAL)
  }
  return tensor.finish()
}

function encodeValue({ name, type, dims }: OnnxValue): Uint8Array {
  const shape = createMessage()
  for (const dim of dims) {
    const dimension = createMessage()
    if (typeof dim === 'number') dimension.integer(1, dim)
    else dimension.text(2, dim)
    shape.bytes(1, dimension.finish())
  }
  const tensorType = createMessage()
  tensorType.integer(1, ELEMENT_TYPES[type])
  tensorType.bytes(2, shape.finish())
  const valueType = createMessage()
  valueType.bytes(1, tensorType.finish())
  const value = createMessage()
  value.text(1, name)
  value.bytes(2, valueType.finish())
  return value.finish()
}

function encodePair(key: string, value: string): Uint8Array {
  const pair = createMessage()
  pair.text(1, key)
  pair.text(2, value)
  return pair.finish()
}
