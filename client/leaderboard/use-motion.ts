import { useLayoutEffect, useRef, type RefObject } from 'react'

const MOVE_MS = 320
const MARK_MS = 1600

type Place = { top: number; stamp: string }

/**
 * Lets the rows of a table move to their new places and marks those that changed, for a moment.
 * Whoever prefers reduced motion sees the new state at once.
 *
 * Rows carry `data-slug` and `data-stamp`: a new stamp is a change.
 */
export function useMotion(): RefObject<HTMLTableSectionElement | null> {
  const body = useRef<HTMLTableSectionElement>(null)
  const places = useRef(new Map<string, Place>())
  useLayoutEffect(() => {
    const before = places.current
    const after = new Map<string, Place>()
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    for (const row of body.current?.rows ?? []) {
      const slug = row.dataset['slug'] ?? ''
      const place = { top: row.offsetTop, stamp: row.dataset['stamp'] ?? '' }
      after.set(slug, place)
      const was = before.get(slug)
      if (was === undefined || still) continue
      if (was.top !== place.top) {
        const from = `translateY(${was.top - place.top}px)`
        row.animate([{ transform: from }, { transform: 'none' }], {
          duration: MOVE_MS,
          easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)',
        })
      }
      // Without a stamp a row was not complete yet: arriving is no change.
      if (was.stamp !== '' && was.stamp !== place.stamp) {
        row.animate([{ backgroundColor: 'var(--mark)' }, { backgroundColor: 'transparent' }], {
          duration: MARK_MS,
          easing: 'ease-out',
        })
      }
    }
    places.current = after
  })
  return body
}
