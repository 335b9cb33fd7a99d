/** Something that waits, and whose it is. */
export interface Waiting {
  readonly job: { readonly client?: string | undefined }
}

/**
 * Who waits, in order of arrival, with everybody's turn kept fair: the next one is of the client
 * who has the fewest under way, so that a hundred requests of one do not hold up the one of another.
 */
export class WaitingLine<Item extends Waiting> {
  #items: Item[] = []

  get length(): number {
    return this.#items.length
  }

  get items(): readonly Item[] {
    return this.#items
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** @param active what is under way */
  next(active: readonly Waiting[]): Item | undefined {
    if (this.#items.length < 2) return this.#items[0]
    const running = new Map<string, number>()
    for (const { job } of active) {
      running.set(job.client ?? '', (running.get(job.client ?? '') ?? 0) + 1)
    }
    const of = (item: Item) => running.get(item.job.client ?? '') ?? 0
    return this.#items.reduce((first, item) => (of(item) < of(first) ? item : first))
  }

  remove(item: Item): void {
    this.#items = this.#items.filter((each) => each !== item)
  }

  keep(wanted: (item: Item) => boolean): void {
    this.#items = this.#items.filter(wanted)
  }
}
