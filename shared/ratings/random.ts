/**
 * The seeded generator mulberry32 (Tommy Ettinger, public domain): one 32-bit state, the same
 * sequence in every JavaScript engine. For simulations and shuffles, not for secrets.
 *
 * @param seed its lowest 32 bits are used
 * @returns a function whose every call gives the next number in [0, 1)
 */
export function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
