import type { Page } from '../../../shared/schemas/common.ts'

/** What tells the items of a list apart. */
export type Key = string | number

/** A list as far as it was read, the newest first. */
export type Held<T> = {
  readonly items: readonly T[]
  /** Where the next page begins; null at the end. */
  readonly cursor: string | null
}

/** The list with its next page: what is in both is shown once. */
export function withMore<T>(held: Held<T>, page: Page<T>, keyOf: (item: T) => Key): Held<T> {
  const known = new Set(held.items.map(keyOf))
  return {
    items: [...held.items, ...page.items.filter((item) => !known.has(keyOf(item)))],
    cursor: page.nextCursor,
  }
}

/**
 * The list after its first page was read again: what is new is put in front, what was known is
 * brought up to date. Where so much is new that the two do not touch, the list begins again, so that
 * nothing in between is passed over in silence.
 */
export function withNewest<T>(
  held: Held<T>,
  page: Page<T>,
  keyOf: (item: T) => Key,
): { held: Held<T>; added: readonly Key[] } {
  const known = new Set(held.items.map(keyOf))
  const added = page.items.map(keyOf).filter((key) => !known.has(key))
  if (added.length === page.items.length) {
    return { held: { items: page.items, cursor: page.nextCursor }, added }
  }
  const renewed = new Map(page.items.map((item) => [keyOf(item), item]))
  const isNew = new Set(added)
  return {
    held: {
      items: [
        ...page.items.filter((item) => isNew.has(keyOf(item))),
        ...held.items.map((item) => renewed.get(keyOf(item)) ?? item),
      ],
      cursor: held.cursor,
    },
    added,
  }
}
