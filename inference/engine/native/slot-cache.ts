import type { CacheSlot } from '../graph-plan.ts'
import type { CacheBlock, DeviceMemory, Runs } from './device.ts'
import type { Pointer } from './ort-library.ts'

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
  readonly #device: DeviceMemory
  readonly #blocks: readonly { readonly plan: CacheSlot; readonly block: CacheBlock }[]
  readonly #maxLength: number

  constructor(plans: readonly CacheSlot[], slots: number, maxLength: number, device: DeviceMemory) {
    this.#maxLength = maxLength
    this.#device = device
    this.#blocks = plans.map((plan) => ({
      plan,
      block: device.allocate((slots + 1) * slotBytes(plan, maxLength)),
    }))
    this.memories = this.#blocks.map(({ plan, block }) => ({
      plan,
      addressOf: (slot) => block.address + BigInt(this.#offset(plan, slot)),
    }))
  }

  /** Copies the first `length` tokens of one slot to another. */
  copy(from: number, to: number, length: number): void {
    for (const { plan, block } of this.#blocks) {
      block.copy(this.#offset(plan, from), this.#offset(plan, to), this.#runs(plan, length))
    }
    this.#device.settle()
  }

  /** Exchanges the first `length` tokens of two slots. */
  swap(one: number, other: number, length: number): void {
    for (const { plan, block } of this.#blocks) {
      block.swap(this.#offset(plan, one), this.#offset(plan, other), this.#runs(plan, length))
    }
    this.#device.settle()
  }

  /** Gives the memory of a slot back to the system; what was in it is lost. */
  forget(slot: number): void {
    for (const { plan, block } of this.#blocks) {
      block.forget(this.#offset(plan, slot), slotBytes(plan, this.#maxLength))
    }
  }

  #offset(plan: CacheSlot, slot: number): number {
    return (slot - COMPANION) * slotBytes(plan, this.#maxLength)
  }

  /** The tokens of one head lie together; heads are `maxLength` tokens apart. */
  #runs(plan: CacheSlot, length: number): Runs {
    const row = rowBytes(plan)
    return { bytes: length * row, count: plan.heads, pitch: this.#maxLength * row }
  }
}

function rowBytes({ type, width }: CacheSlot): number {
  return width * (type === 'float32' ? 4 : 2)
}

function slotBytes(plan: CacheSlot, maxLength: number): number {
  return plan.heads * maxLength * rowBytes(plan)
}
