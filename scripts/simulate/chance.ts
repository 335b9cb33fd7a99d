import { mulberry32 } from '../../shared/ratings/random.ts'

/** Seeded draws from the distributions that a simulated arena needs. */
export type Chance = ReturnType<typeof createChance>

export function createChance(seed: number) {
  const uniform = mulberry32(seed)

  /** Box and Muller's transform. */
  function normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * uniform())
  }

  return {
    /** In [0, 1). */
    uniform,
    normal,
    happens: (probability: number) => uniform() < probability,

    /** Knuth's multiplication; for small means. */
    poisson(mean: number): number {
      const limit = Math.exp(-mean)
      let [count, product] = [0, uniform()]
      while (product > limit) {
        count += 1
        product *= uniform()
      }
      return count
    },

    /** An index, in proportion to cumulative weights. */
    index(cumulative: ArrayLike<number>): number {
      const wanted = uniform() * (cumulative[cumulative.length - 1] ?? 0)
      let [low, high] = [0, cumulative.length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((cumulative[middle] ?? 0) > wanted) high = middle
        else low = middle + 1
      }
      return low
    },

    /** Hexadecimal digits. */
    hex(digits: number): string {
      let text = ''
      while (text.length < digits) text += Math.floor(uniform() * 16).toString(16)
      return text
    },
  }
}

/** Running sums, for {@link Chance.index}. */
export function cumulate(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map((weight) => (sum += weight))
}
