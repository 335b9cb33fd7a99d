import { expect, test } from 'vitest'
import { createPairInformation } from '../../../../server/ratings/pair-information.ts'

test('gains are handed out for the models asked for, in their order, unknown ones as NaN', () => {
  const information = createPairInformation()
  expect(information.gains(['a', 'b'])).toBeUndefined()
  const before = information.revision
  information.update(['a', 'b', 'c'], Float64Array.of(0, 1, 2, 1, 0, 3, 2, 3, 0))
  expect(information.revision).toBeGreaterThan(before)
  expect([...(information.gains(['c', 'a']) ?? [])]).toEqual([0, 2, 2, 0])
  const { NaN: unknown } = Number
  expect([...(information.gains(['b', 'x']) ?? [])]).toEqual([0, unknown, unknown, unknown])
})
