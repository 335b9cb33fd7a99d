import { SliceCounts, type VoteFilter } from '../../shared/ratings/slice-counts.ts'
import type { VoteTable } from '../../shared/ratings/vote-table.ts'

type Counted = { readonly counts: SliceCounts; end: number }

/**
 * The counts of slices that were asked for. Each reads on where it stopped when it is asked for
 * again: a vote costs nothing until somebody looks, and many votes at once cost little each.
 */
export class CountedSlices {
  readonly #table: VoteTable
  readonly #most: number
  readonly #slices = new Map<string, Counted>()

  /** @param most slices remembered; those not used for longest are counted again when asked for */
  constructor(table: VoteTable, most: number) {
    this.#table = table
    this.#most = most
  }

  /** The counts of all votes of the table that match. */
  of(filter: VoteFilter): SliceCounts {
    const key = JSON.stringify(filter)
    const counted = this.#slices.get(key) ?? {
      counts: new SliceCounts(this.#table.dimensions, filter),
      end: 0,
    }
    counted.counts.addRows(this.#table, counted.end, this.#table.length)
    counted.end = this.#table.length
    // The one used last is the last to go.
    this.#slices.delete(key)
    this.#slices.set(key, counted)
    dropOldest(this.#slices, this.#most)
    return counted.counts
  }
}

/** Keeps the entries that were set last. */
export function dropOldest<K, V>(entries: Map<K, V>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return
    entries.delete(oldest)
  }
}
