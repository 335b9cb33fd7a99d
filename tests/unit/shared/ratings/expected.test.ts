import fc from 'fast-check'
import { expect, test } from 'vitest'
import { davidsonOdds, davidsonShare, expectedShare } from '../../../../shared/ratings/expected.ts'

const strength = fc.double({ min: -30, max: 30, noNaN: true })
const nu = fc.double({ min: 0, max: 20, noNaN: true })

test('400 Elo points are ten to one', () => {
  expect(expectedShare(Math.LN10, 0)).toBeCloseTo(10 / 11, 12)
})

test('Davidson’s odds sum to 1, mirror, and are those that the model names', () => {
  fc.assert(
    fc.property(strength, strength, nu, (a, b, ties) => {
      const odds = davidsonOdds(a, b, ties)
      const mirrored = davidsonOdds(b, a, ties)
      expect(odds.win + odds.tie + odds.loss).toBeCloseTo(1, 12)
      expect(mirrored.win).toBeCloseTo(odds.loss, 12)
      const half = Math.exp((a - b) / 2)
      const all = half + 1 / half + ties
      expect(odds.win).toBeCloseTo(half / all, 12)
      expect(odds.tie).toBeCloseTo(ties / all, 12)
      expect(davidsonShare(a, b, ties)).toBeCloseTo((half + ties / 2) / all, 12)
    }),
  )
})

test('without ties Davidson predicts what Bradley and Terry do', () => {
  fc.assert(
    fc.property(strength, strength, (a, b) => {
      expect(davidsonOdds(a, b, 0).win).toBeCloseTo(expectedShare(a, b), 12)
    }),
  )
})

test('no distance is too far', () => {
  expect(davidsonOdds(5000, -5000, 1)).toEqual({ win: 1, tie: 0, loss: 0 })
})
