import type { Page, PageQuery } from '../../shared/schemas/common.ts'

/** One page of a list sorted by slug; the cursor is the last slug of the page before. */
export function pageOf<T extends { readonly slug: string }, V>(
  sorted: readonly T[],
  { limit, cursor }: PageQuery,
  view: (item: T) => V,
): Page<V> {
  const rest = cursor === undefined ? sorted : sorted.filter(({ slug }) => slug > cursor)
  const items = rest.slice(0, limit)
  const nextCursor = rest.length > limit ? (items.at(-1)?.slug ?? null) : null
  return { items: items.map(view), nextCursor }
}
