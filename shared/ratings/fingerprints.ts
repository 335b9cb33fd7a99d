const FIRST_CAPACITY = 64
/** Slots per name at least: with more, probing gets shorter and memory larger. */
const SPARE = 1.5
const EMPTY = -1

/**
 * Numbers strings from 0 in the order in which they first appear, as `Names` does, but forgets the
 * strings: only 64 bits of each are kept, in typed arrays. A vote log has about as many battles as
 * votes, and nobody asks for their names.
 *
 * Two strings of equal fingerprints get one number. Among n strings that happens with a probability
 * of about n²/2⁶⁵: once in 370,000 logs of ten million. Two battles (or voters) then count as one
 * where intervals are clustered: one more pair of votes is taken for dependent, and no rating moves.
 * Whoever chooses strings can make them collide, so these numbers are no identities.
 */
export class Fingerprints {
  #size = 0
  #capacity = FIRST_CAPACITY
  /** The two halves of each fingerprint, by id. */
  #high = new Int32Array(FIRST_CAPACITY)
  #low = new Int32Array(FIRST_CAPACITY)
  /** Ids by fingerprint, with open addressing: as many slots as a power of two. */
  #slots = emptySlots(FIRST_CAPACITY)

  /** How many different strings there were; ids run from 0 to `size − 1`. */
  get size(): number {
    return this.#size
  }

  /** The id of a string, a new one if it is new. */
  idOf(text: string): number {
    // Two lanes over UTF-16 units with the multipliers of xxHash32. Every step, and the mixing of
    // both at the end, is a bijection of their 64 bits: nothing is lost but where units meet.
    let a = 0x9e3779b1 ^ text.length
    let b = 0x85ebca77
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at)
      a = Math.imul(((a << 13) | (a >>> 19)) ^ unit, 0x9e3779b1)
      b = Math.imul(((b << 7) | (b >>> 25)) + unit, 0xc2b2ae3d)
    }
    const high = mixed(a ^ Math.imul(b, 0x27d4eb2f))
    const low = mixed(b ^ Math.imul(high, 0x165667b1))

    const mask = this.#slots.length - 1
    let slot = low & mask
    for (let id = this.#slots[slot]!; id !== EMPTY; id = this.#slots[slot]!) {
      if (this.#low[id] === low && this.#high[id] === high) return id
      slot = (slot + 1) & mask
    }
    const id = this.#size
    this.#slots[slot] = id
    if (id === this.#capacity) this.#growIds()
    this.#high[id] = high
    this.#low[id] = low
    this.#size += 1
    if (this.#size * SPARE > this.#slots.length) this.#growSlots()
    return id
  }

  #growIds(): void {
    this.#capacity *= 2
    this.#high = grown(this.#high, this.#capacity)
    this.#low = grown(this.#low, this.#capacity)
  }

  #growSlots(): void {
    const slots = emptySlots(this.#slots.length)
    const mask = slots.length - 1
    for (let id = 0; id < this.#size; id += 1) {
      let slot = this.#low[id]! & mask
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask
      slots[slot] = id
    }
    this.#slots = slots
  }
}

function emptySlots(half: number): Int32Array<ArrayBuffer> {
  return new Int32Array(2 * half).fill(EMPTY)
}

function grown(column: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity)
  larger.set(column)
  return larger
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function mixed(state: number): number {
  let bits = state
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
