import { describe, expect, it } from 'vitest'
import { placeOn, ratingScale } from '../../../../client/reveal/scale.ts'
import type { ReceiptRatings } from '../../../../shared/schemas/battle.ts'

const change = (before: number, after: number) => ({
  before,
  after,
  rankBefore: 1,
  rankAfter: 1,
  expected: 0.5,
})
const ratings = (low: number, high: number): ReceiptRatings => {
  const side = {
    accuracy: change(low, high),
    helpfulness: change(low, low),
    language: change(high, high),
  }
  return { a: side, b: side }
}

describe('the axis of a receipt', () => {
  it('holds every rating with room at both ends', () => {
    const scale = ratingScale(ratings(900, 1100))
    for (const rating of [900, 1100]) {
      expect(placeOn(scale, rating)).toBeGreaterThan(5)
      expect(placeOn(scale, rating)).toBeLessThan(95)
    }
  })

  it('is never so narrow that one vote looks like a landslide', () => {
    const scale = ratingScale(ratings(1000, 1002))
    expect(placeOn(scale, 1002) - placeOn(scale, 1000)).toBeLessThan(5)
    const flat = ratingScale(ratings(1000, 1000))
    expect(placeOn(flat, 1000)).toBe(50)
  })
})
