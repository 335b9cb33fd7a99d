import type { IntegerType } from '../graph-plan.ts'
import { koffiLibrary } from './ort-library.ts'

/** Integers in memory that the runtime reads too, of the type that an input takes. */
export type IntegerMemory = {
  readonly address: bigint
  set(index: number, value: number): void
  /** Sets all from `from` up to `to`. */
  fill(value: number, from: number, to: number): void
}

/** Makes room for `length` integers. */
export function integerMemory(type: IntegerType, length: number): IntegerMemory {
  // Through a buffer of its own: a small typed array may lie where the collector moves things.
  if (type === 'int32') {
    const items = new Int32Array(new ArrayBuffer(length * 4))
    return {
      address: koffiLibrary().address(items),
      set: (index, value) => void (items[index] = value),
      fill: (value, from, to) => void items.fill(value, from, to),
    }
  }
  const items = new BigInt64Array(new ArrayBuffer(length * 8))
  return {
    address: koffiLibrary().address(items),
    set: (index, value) => void (items[index] = BigInt(value)),
    fill: (value, from, to) => void items.fill(BigInt(value), from, to),
  }
}
