import type { CacheSlot } from '../graph-plan.ts'
import { releasePages } from './pages.ts'
import { type Pointer, koffiLibrary } from './ort-library.ts'

/** One cache tensor of the graph, as memory for every slot: [slots, heads, maxLength, width]. */
export type CacheMemory = {
  readonly plan: CacheSlot
  /** Where a slot begins. */
  readonly addressOf: (slot: number) => Pointer
}

/** A slot before the first, for rows that nobody reads. */
export const COMPANION = -1

/**
 * Keys and values of several sequences side by side: slot after slot, so that any run of slots is
 * one tensor whose rows are those sequences.
 */
export class SlotCache {
  readonly memories: readonly CacheMemory[]
  readonly #bytes: readonly Uint8Array[]
  readonly #maxLength: number

  constructor(plans: readonly CacheSlot[], slots: number, maxLength: number) {
    this.#maxLength = maxLength
    // Pages of a large buffer become resident only when they are first written.
    this.#bytes = plans.map(
      (plan) => new Uint8Array(new ArrayBuffer((slots + 1) * slotBytes(plan, maxLength))),
    )
    this.memories = plans.map((plan, index) => {
      const start = koffiLibrary().address(this.#bytes[index])
      const size = slotBytes(plan, maxLength)
      return { plan, addressOf: (slot) => start + BigInt((slot - COMPANION) * size) }
    })
  }

  /** Copies the first `length` tokens of one slot to another. */
  copy(from: number, to: number, length: number): void {
    this.#eachRun(from, to, length, (bytes, source, target, size) => {
      bytes.copyWithin(target, source, source + size)
    })
  }

  /** Exchanges the first `length` tokens of two slots. */
  swap(one: number, other: number, length: number): void {
    this.#eachRun(one, other, length, (bytes, source, target, size) => {
      const kept = bytes.slice(target, target + size)
      bytes.copyWithin(target, source, source + size)
      bytes.set(kept, source)
    })
  }

  /** Gives the memory of a slot back to the system; what was in it is lost. */
  forget(slot: number): void {
    for (const { plan, addressOf } of this.memories) {
      releasePages(addressOf(slot), slotBytes(plan, this.#maxLength))
    }
  }

  /** The tokens of one head lie together; heads are `maxLength` tokens apart. */
  #eachRun(
    from: number,
    to: number,
    length: number,
    act: (bytes: Uint8Array, source: number, target: number, size: number) => void,
  ): void {
    for (const [index, { plan }] of this.memories.entries()) {
      const bytes = this.#bytes[index]
      if (bytes === undefined) continue
      const size = slotBytes(plan, this.#maxLength)
      const row = rowBytes(plan)
      for (let head = 0; head < plan.heads; head += 1) {
        const start = head * this.#maxLength * row
        act(bytes, (from - COMPANION) * size + start, (to - COMPANION) * size + start, length * row)
      }
    }
  }
}

function rowBytes({ type, width }: CacheSlot): number {
  return width * (type === 'float32' ? 4 : 2)
}

function slotBytes(plan: CacheSlot, maxLength: number): number {
  return plan.heads * maxLength * rowBytes(plan)
}
