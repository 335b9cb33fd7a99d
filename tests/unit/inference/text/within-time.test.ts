import { expect, it } from 'vitest'
import { TooLongError, withinTime } from '../../../../inference/text/within-time.ts'

it('gives what was returned, and throws what was thrown', () => {
  expect(withinTime('it', 1000, () => [1, 2])).toEqual([1, 2])
  const error = new Error('own')
  const thrown = () =>
    withinTime('it', 1000, () => {
      throw error
    })
  expect(thrown).toThrow(error)
  expect(withinTime('outer', 1000, () => withinTime('inner', 500, () => 'both'))).toBe('both')
})

it('gives up what does not come to an end, again and again', () => {
  const endless = () => {
    for (;;);
  }
  const backtracking = () => /^(?:a+)+$/u.test(`${'a'.repeat(60)}b`)
  for (const act of [endless, backtracking, endless]) {
    expect(() => withinTime('it', 50, act)).toThrow(new TooLongError('it takes longer than 0.05 s'))
  }
  expect(withinTime('it', 1000, () => 'fine')).toBe('fine')
})
