import type { ByteReader } from './byte-reader.ts'
import { ConversionError } from './conversion-error.ts'

/** What stands under one key. Integers too large for a number come as the nearest one. */
export type MetadataValue = string | number | boolean | readonly (string | number | boolean)[]

/** Everything that a file says about itself, by key, with readers that check kinds and ranges. */
export interface Metadata {
  has(key: string): boolean
  text(key: string): string | undefined
  boolean(key: string): boolean | undefined
  /** A whole number in a range. */
  integer(key: string, min: number, max: number): number | undefined
  /** A finite number above zero. */
  positive(key: string): number | undefined
  texts(key: string): readonly string[] | undefined
  numbers(key: string): readonly number[] | undefined
}

const MAX_KEY_BYTES = 65_535
/** Items of all lists together; the largest vocabularies known need a quarter of it. */
const MAX_ITEMS = 4 * 1024 * 1024
const STRING = 8
const ARRAY = 9

/** Bytes and reading of the plain types, by their number. */
const SCALARS: Readonly<Record<number, readonly [number, (view: DataView) => number | boolean]>> = {
  0: [1, (view) => view.getUint8(0)],
  1: [1, (view) => view.getInt8(0)],
  2: [2, (view) => view.getUint16(0, true)],
  3: [2, (view) => view.getInt16(0, true)],
  4: [4, (view) => view.getUint32(0, true)],
  5: [4, (view) => view.getInt32(0, true)],
  6: [4, (view) => view.getFloat32(0, true)],
  7: [1, (view) => view.getUint8(0) !== 0],
  10: [8, (view) => Number(view.getBigUint64(0, true))],
  11: [8, (view) => Number(view.getBigInt64(0, true))],
  12: [8, (view) => view.getFloat64(0, true)],
}

/** Reads `count` keys and their values. Throws a ConversionError where they are broken. */
export async function readMetadata(reader: ByteReader, count: number): Promise<Metadata> {
  const values = new Map<string, MetadataValue>()
  let items = 0
  for (let index = 0; index < count; index++) {
    const key = await reader.text('a metadata key')
    if (key === '' || key.length > MAX_KEY_BYTES) {
      throw new ConversionError(`metadata key ${index + 1} is empty or too long`)
    }
    if (values.has(key)) throw new ConversionError(`the metadata key ${shown(key)} is there twice`)
    const type = await reader.u32()
    if (type !== ARRAY) {
      values.set(key, await readScalar(reader, type, key))
      continue
    }
    const itemType = await reader.u32()
    const smallest = itemType === STRING ? 8 : SCALARS[itemType]?.[0]
    if (smallest === undefined) throw unknownType(key, itemType)
    const length = reader.expect(await reader.u64(), smallest, `the list ${shown(key)}`)
    items += length
    if (items > MAX_ITEMS) {
      throw new ConversionError(`the metadata lists have more than ${MAX_ITEMS} items`)
    }
    const list: (string | number | boolean)[] = []
    for (let at = 0; at < length; at++) list.push(await readScalar(reader, itemType, key))
    values.set(key, list)
  }
  return metadataOf(values)
}

async function readScalar(
  reader: ByteReader,
  type: number,
  key: string,
): Promise<string | number | boolean> {
  if (type === STRING) return reader.text(`the value of ${shown(key)}`)
  const scalar = SCALARS[type]
  if (!scalar) throw unknownType(key, type)
  return reader.scalar(...scalar)
}

function metadataOf(values: ReadonlyMap<string, MetadataValue>): Metadata {
  function get<Value extends MetadataValue>(
    key: string,
    kind: string,
    is: (value: MetadataValue) => value is Value,
  ): Value | undefined {
    const value = values.get(key)
    if (value === undefined) return undefined
    if (is(value)) return value
    throw new ConversionError(`the metadata key ${shown(key)} is not ${kind}`)
  }
  const isNumber = (value: MetadataValue) => typeof value === 'number'
  return {
    has: (key) => values.has(key),
    text: (key) => get(key, 'a text', (value) => typeof value === 'string'),
    boolean: (key) => get(key, 'true or false', (value) => typeof value === 'boolean'),
    integer(key, min, max) {
      const value = get(key, 'a number', isNumber)
      if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) {
        return value
      }
      throw new ConversionError(
        `${shown(key)} is ${value}, not a whole number from ${min} to ${max}`,
      )
    },
    positive(key) {
      const value = get(key, 'a number', isNumber)
      if (value === undefined || (Number.isFinite(value) && value > 0)) return value
      throw new ConversionError(`${shown(key)} is ${value}, not a number above 0`)
    },
    texts: (key) =>
      get(
        key,
        'a list of texts',
        (value): value is readonly string[] =>
          Array.isArray(value) && value.every((item) => typeof item === 'string'),
      ),
    numbers: (key) =>
      get(
        key,
        'a list of numbers',
        (value): value is readonly number[] =>
          Array.isArray(value) && value.every((item) => typeof item === 'number'),
      ),
  }
}

function unknownType(key: string, type: number): ConversionError {
  return new ConversionError(`the metadata key ${shown(key)} has a value of unknown type ${type}`)
}

/** A name out of a file, fit for a message. */
export function shown(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 80)}…` : name
  return JSON.stringify(short)
}
