import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ReceiptRatings } from '../../shared/schemas/battle.ts'
import { SIDES } from '../../shared/verdicts.ts'

/** An axis for ratings: from here to there. */
export type Scale = { readonly min: number; readonly max: number }

/** A narrower axis would make one vote look like a landslide. */
const NARROWEST = 60

/** One axis for all six ratings of a receipt, so that bars can be compared. */
export function ratingScale(ratings: ReceiptRatings): Scale {
  const values = SIDES.flatMap((side) =>
    DIMENSIONS.flatMap((name) => [ratings[side][name].before, ratings[side][name].after]),
  )
  const low = Math.min(...values)
  const high = Math.max(...values)
  const pad = Math.max((high - low) * 0.15, (NARROWEST - (high - low)) / 2)
  return { min: low - pad, max: high + pad }
}

/** Where a rating lies on an axis, in percent. */
export function placeOn(scale: Scale, rating: number): number {
  return ((rating - scale.min) / (scale.max - scale.min)) * 100
}
