import type { CacheUse, EngineSequence } from '../engine.ts'
import type { SlotCache } from './slot-cache.ts'

/** A sequence and where its keys and values are. */
export interface SlotSequence extends EngineSequence {
  length: number
  /** -1 once it is freed. */
  slot: number
}

/** One place of the cache: who holds it, and what it remembers, also of who held it before. */
type Slot = {
  holder: SlotSequence | undefined
  /** The tokens whose keys and values it has, from the first on. */
  ids: number[]
  /** So many of them were read in whole chunks from the beginning on. */
  chunked: number
  /** So many tokens of its memory were ever written, whoever held it. */
  touched: number
  usedAt: number
}

/**
 * Who is where in the cache. Sequences of one step are brought together; a slot that was given back
 * keeps what it has, and a later sequence that begins alike takes it over.
 *
 * What is taken over ends at a border of chunks, and was read in such chunks: then every number is
 * the one that reading the prompt anew would have computed, to the bit.
 */
export class Slots {
  readonly #cache: SlotCache
  readonly #slots: Slot[]
  readonly #keptTokens: number
  /** Tokens of a prompt that are read in one go. */
  readonly chunk: number
  #clock = 0

  /** @param keptTokens that all slots together may keep in memory once they are given back */
  constructor(cache: SlotCache, count: number, chunk: number, keptTokens = Infinity) {
    this.#cache = cache
    this.#keptTokens = keptTokens
    this.chunk = chunk
    this.#slots = Array.from({ length: count }, () => ({
      holder: undefined,
      ids: [],
      chunked: 0,
      touched: 0,
      usedAt: 0,
    }))
  }

  /** Finds a place for a sequence that will begin with these tokens; its length is what is there. */
  take(prompt: readonly number[]): SlotSequence {
    const free = this.#slots.filter(({ holder }) => holder === undefined)
    if (free.length === 0) throw new Error('every slot is taken')
    const known = (slot: Slot) => this.#sharedTokens(slot, prompt)
    const source = this.#slots.reduce((best, slot) => (known(slot) > known(best) ? slot : best))
    const length = known(source)
    const target =
      length > 0 && source.holder === undefined
        ? source
        : free.reduce((oldest, slot) => (slot.usedAt < oldest.usedAt ? slot : oldest))
    if (length > 0 && target !== source)
      this.#cache.copy(this.#at(source), this.#at(target), length)
    const sequence: SlotSequence = { length, slot: this.#at(target) }
    target.holder = sequence
    target.ids = source.ids.slice(0, length)
    target.chunked = length
    target.touched = Math.max(target.touched, length)
    this.#touch(target)
    return sequence
  }

  /** Notes what a sequence has read. */
  read(sequence: SlotSequence, ids: readonly number[]): void {
    const slot = this.#of(sequence)
    const whole = ids.length === this.chunk && slot.chunked === sequence.length
    for (const id of ids) slot.ids.push(id)
    sequence.length += ids.length
    slot.touched = Math.max(slot.touched, sequence.length)
    if (whole) slot.chunked = sequence.length
  }

  release(sequence: SlotSequence): void {
    const slot = this.#slots[sequence.slot]
    if (slot?.holder === sequence) {
      slot.holder = undefined
      this.#touch(slot)
      this.forgetDownTo(this.#keptTokens)
    }
    sequence.slot = -1
  }

  /** Forgets what a slot remembers: its holder failed, and nobody knows what was written. */
  spoil(sequence: SlotSequence): void {
    const slot = this.#of(sequence)
    slot.ids = []
    slot.chunked = 0
  }

  isHeld(sequence: SlotSequence): boolean {
    return this.#slots[sequence.slot]?.holder === sequence
  }

  /** Brings sequences into the first slots; while nobody comes or goes they are there. */
  gather(sequences: readonly SlotSequence[]): void {
    const wanted = new Set(sequences)
    for (const sequence of sequences) {
      if (sequence.slot < sequences.length) continue
      const to = this.#slots.findIndex(({ holder }) => holder === undefined || !wanted.has(holder))
      this.#move(sequence, to)
    }
  }

  use(): CacheUse {
    const holders = this.#slots.flatMap(({ holder }) => (holder === undefined ? [] : [holder]))
    const heldTokens = holders.reduce((sum, { length }) => sum + length, 0)
    const touched = this.#slots.reduce((sum, slot) => sum + slot.touched, 0)
    return { sequences: holders.length, heldTokens, keptTokens: touched - heldTokens }
  }

  /**
   * Memory that nobody uses is kept for who comes back, but not without bound: gives up the oldest
   * until all slots together have at most so many tokens in memory, or none is left to give up.
   */
  forgetDownTo(tokens: number): void {
    let kept = this.#slots.reduce((sum, { touched }) => sum + touched, 0)
    const free = this.#slots.filter(({ holder, touched }) => holder === undefined && touched > 0)
    for (const slot of free.toSorted((left, right) => left.usedAt - right.usedAt)) {
      if (kept <= tokens) return
      this.#cache.forget(this.#at(slot))
      kept -= slot.touched
      Object.assign(slot, { ids: [], chunked: 0, touched: 0 })
    }
  }

  #move(sequence: SlotSequence, to: number): void {
    const from = sequence.slot
    const [own, other] = [this.#of(sequence), this.#slots[to]]
    if (other === undefined) throw new Error('no such slot')
    if (other.holder === undefined) {
      this.#cache.copy(from, to, sequence.length)
      const touched = Math.max(other.touched, sequence.length)
      this.#slots[to] = { ...own, ids: own.ids.slice(), touched }
      // What stays behind is a second copy, which the next sequence may use.
      this.#slots[from] = { ...own, holder: undefined }
    } else {
      const length = Math.max(sequence.length, other.holder.length)
      this.#cache.swap(from, to, length)
      other.holder.slot = from
      // Both places were written as far as the longer one goes.
      ;[own.touched, other.touched] = [
        Math.max(other.touched, length),
        Math.max(own.touched, length),
      ]
      this.#slots[from] = other
      this.#slots[to] = own
    }
    sequence.slot = to
  }

  /** How many tokens of a prompt a slot can give: whole chunks, and never the last token of all. */
  #sharedTokens({ ids, chunked }: Slot, prompt: readonly number[]): number {
    const most = Math.min(chunked, prompt.length - 1)
    let same = 0
    while (same < most && ids[same] === prompt[same]) same += 1
    return same - (same % this.chunk)
  }

  #of(sequence: SlotSequence): Slot {
    const slot = this.#slots[sequence.slot]
    if (slot?.holder !== sequence) throw new Error('the sequence is freed')
    return slot
  }

  #at(slot: Slot): number {
    return this.#slots.indexOf(slot)
  }

  #touch(slot: Slot): void {
    this.#clock += 1
    slot.usedAt = this.#clock
  }
}
