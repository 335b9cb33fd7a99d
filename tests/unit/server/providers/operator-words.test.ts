import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forOperators } from '../../../../server/providers/operator-words.ts'
import { ProviderError } from '../../../../server/providers/provider.ts'

const KEY = 'sk-CANARY-0123456789-abcdefghij-KEY'

const said = (message: string) =>
  (forOperators(new ProviderError('http-status', message), KEY) as ProviderError).message

test('no part of a key stays, wherever in a long message it stands', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 5000 }), (before, after) => {
      const message = said(`${'x'.repeat(before)} ${KEY} ${'y'.repeat(after)}`)
      expect(message).not.toContain('CANARY')
      expect(message.length).toBeLessThanOrEqual(400)
    }),
  )
})

test('what an operator reads is one line, of the same kind, and no longer than that', () => {
  const cause = new ProviderError('overloaded', `a\n\u0007b\t${'c'.repeat(900_000)}`, {
    retryAfterMs: 7,
  })
  const clean = forOperators(cause, undefined) as ProviderError
  expect(clean).toMatchObject({ kind: 'overloaded', retryAfterMs: 7 })
  expect(clean.message).toMatch(/^a b c{396}$/)
})

test('what is no provider’s error passes as it is', () => {
  const cause = new TypeError('a bug')
  expect(forOperators(cause, KEY)).toBe(cause)
})
