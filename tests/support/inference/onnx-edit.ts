import { readFile, writeFile } from 'node:fs/promises'

/** Numbers of element types in ONNX. */
const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9, bfloat16: 16 } as const
type Element = keyof typeof ELEMENT

/** What to change in a graph. */
export interface GraphEdit {
  /** Names of inputs and outputs, old to new. */
  readonly rename?: Readonly<Record<string, string>>
  /** Inputs of int64 that are to take int32 instead, by their old names. */
  readonly narrow?: readonly string[]
  /** Inputs to add, which nothing in the graph reads. */
  readonly add?: readonly { name: string; type: Element; shape: readonly (number | string)[] }[]
  /** Inputs whose element type is said to be another, whatever the graph makes of it. */
  readonly retype?: Readonly<Record<string, Element>>
}

/** Rewrites an ONNX file, whose weights stay where they are. */
export async function editGraph(path: string, edit: GraphEdit): Promise<void> {
  const model = fieldsOf(await readFile(path)).map((field) =>
    field.number === 7 ? message(7, editedGraph(fieldsOf(field.value), edit)) : field,
  )
  await writeFile(path, bytesOf(model))
}

type Field = { number: number; wire: number; value: Buffer }

function editedGraph(graph: Field[], edit: GraphEdit): Field[] {
  const { rename = {}, narrow = [], add = [], retype = {} } = edit
  const wide = (name: string) => `${name}_int64`
  const edited = graph.map((field) => {
    if (field.number === 1) {
      return message(
        1,
        fieldsOf(field.value).map((part) => {
          if (part.number > 2) return part
          const name = part.value.toString()
          return narrow.includes(name)
            ? text(1, wide(name))
            : text(part.number, rename[name] ?? name)
        }),
      )
    }
    if (field.number !== 11 && field.number !== 12) return field
    const parts = fieldsOf(field.value)
    const name = parts.find((part) => part.number === 1)?.value.toString() ?? ''
    const type = narrow.includes(name) ? 'int32' : retype[name]
    return message(
      field.number,
      parts.map((part) => {
        if (part.number === 1) return text(1, rename[name] ?? name)
        return part.number === 2 && type ? message(2, retyped(part.value, type)) : part
      }),
    )
  })
  const casts = narrow.map((name) =>
    message(1, [
      text(1, rename[name] ?? name),
      text(2, wide(name)),
      text(4, 'Cast'),
      message(5, [text(1, 'to'), number(3, ELEMENT.int64), number(20, 2)]),
    ]),
  )
  const added = add.map(({ name, type, shape }) => {
    const dims = shape.map((dim) =>
      message(1, [typeof dim === 'number' ? number(1, dim) : text(2, dim)]),
    )
    const tensor = message(1, [number(1, ELEMENT[type]), message(2, dims)])
    return message(11, [text(1, name), message(2, [tensor])])
  })
  return [...casts, ...edited, ...added]
}

function retyped(type: Buffer, element: Element): Field[] {
  return fieldsOf(type).map((field) =>
    field.number === 1
      ? message(
          1,
          fieldsOf(field.value).map((part) =>
            part.number === 1 ? number(1, ELEMENT[element]) : part,
          ),
        )
      : field,
  )
}

const message = (id: number, fields: readonly Field[]): Field => ({
  number: id,
  wire: 2,
  value: bytesOf(fields),
})
const text = (id: number, value: string): Field => ({
  number: id,
  wire: 2,
  value: Buffer.from(value),
})
const number = (id: number, value: number): Field => ({
  number: id,
  wire: 0,
  value: varint(value),
})

function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const read = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at)
      at += 1
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const key = read()
    const wire = key & 7
    let start = at
    if (wire === 0) read()
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else {
      const length = read()
      start = at
      at += length
    }
    fields.push({ number: key >> 3, wire, value: bytes.subarray(start, at) })
  }
  return fields
}

function bytesOf(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ number: id, wire, value }) => [
      varint(id * 8 + wire),
      ...(wire === 2 ? [varint(value.length)] : []),
      value,
    ]),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
