import { useState } from 'react'

/**
 * Keeps rows where they are while somebody points at them or works in them: a row that moves away
 * under the pointer takes the press that was meant for it.
 *
 * @param slugs the rows as they should be ordered now
 * @param key what was chosen: another order or filter takes effect at once
 * @param held whether they have to stay
 */
export function useSteadyOrder(
  slugs: readonly string[],
  key: string,
  held: boolean,
): readonly string[] {
  const [shown, setShown] = useState({ key, slugs })
  const next = held && shown.key === key ? steady(shown.slugs, slugs) : slugs
  if (shown.key !== key || !isEqual(shown.slugs, next)) setShown({ key, slugs: next })
  return next
}

/** The old order without what is gone, and with what is new at its end. */
export function steady(before: readonly string[], now: readonly string[]): readonly string[] {
  const present = new Set(now)
  const known = new Set(before)
  return [...before.filter((slug) => present.has(slug)), ...now.filter((slug) => !known.has(slug))]
}

const isEqual = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((slug, i) => slug === right[i])
