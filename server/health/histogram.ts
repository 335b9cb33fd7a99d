/**
 * Counts of positive values in buckets that grow by a constant factor (Masson, Rim & Lee 2019,
 * DDSketch): small, mergeable by adding, and with percentiles that are off by 4 % at most.
 */
export type Histogram = Map<number, number>

/** How far a percentile may be from the value that is there, as a share of it. */
export const RELATIVE_ERROR = 0.04
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GROWTH = Math.log(GROWTH)
/** Values beyond are counted as these: no time and no speed of an answer is. */
export const SMALLEST = 0.01
export const LARGEST = 1e8

/** Counts a value; what is no number counts nothing. */
export function addTo(histogram: Histogram, value: number): void {
  if (Number.isNaN(value)) return
  const bounded = Math.min(LARGEST, Math.max(SMALLEST, value))
  const bucket = Math.ceil(Math.log(bounded) / LOG_GROWTH)
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1)
}

/** All values of several histograms in one. */
export function merge(histograms: Iterable<Histogram>): Histogram {
  const all: Histogram = new Map()
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram) all.set(bucket, (all.get(bucket) ?? 0) + count)
  }
  return all
}

/**
 * The values that these shares of all values are at or below (nearest rank), each within
 * {@link RELATIVE_ERROR}.
 *
 * @param shares from 0 to 1
 * @returns undefined if nothing was counted
 */
export function percentiles<const S extends readonly number[]>(
  histogram: Histogram,
  shares: S,
): { [K in keyof S]: number } | undefined {
  const buckets = [...histogram].sort(([left], [right]) => left - right)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return undefined
  const valueAt = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * total))
    let seen = 0
    for (const [bucket, count] of buckets) {
      seen += count
      if (seen >= rank) return middleOf(bucket)
    }
    return middleOf(buckets.at(-1)?.[0] ?? 0)
  }
  return shares.map(valueAt) as { [K in keyof S]: number }
}

/** The value that is as far from both ends of its bucket, relative to them. */
function middleOf(bucket: number): number {
  return (2 * GROWTH ** bucket) / (GROWTH + 1)
}

/** JSON: pairs of bucket and count. */
export function toStored(histogram: Histogram): string {
  return JSON.stringify([...histogram])
}

export function fromStored(text: string): Histogram {
  return new Map(JSON.parse(text) as [number, number][])
}
