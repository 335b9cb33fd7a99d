import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forOperators } from '../../../../server/providers/operator-words.ts'
import { ProviderError } from '../../../../server/providers/provider.ts'

const KEY = 'sk-CANARY-0123456789-abcdefghij-KEY'

const said = (message: string, key = KEY) =>
  (forOperators(new ProviderError('http-status', message), key) as ProviderError).message

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

test('no piece of a key stays that is long enough to be told from a word', () => {
  fc.assert(
    fc.property(fc.nat(KEY.length - 8), fc.integer({ min: 8, max: KEY.length }), (from, length) => {
      const piece = KEY.slice(from, from + length)
      expect(said(`refused: ${piece}, sorry`)).toBe('refused: [key], sorry')
    }),
  )
})

test.each([
  ['percent-encoded', encodeURIComponent('k/y+CANARY/0123456789==')],
  ['twice percent-encoded', encodeURIComponent(encodeURIComponent('k/y+CANARY/0123456789=='))],
  ['JSON escapes', 'k\\/y+CANARY\\/0123456789=='],
  [
    'JSON code points',
    Array.from('k/y+CANARY/0123456789==', (c) => `\\u00${c.codePointAt(0)?.toString(16)}`).join(''),
  ],
  ['quotes', JSON.stringify('k/y+CANARY/0123456789==')],
])('a key in %s is found', (_, written) => {
  const message = said(`bad key ${written} in the request`, 'k/y+CANARY/0123456789==')
  expect(message).toMatch(/^bad key "?\[key\]"? in the request$/)
})

test('a key that is masked but for its ends is taken out as a whole', () => {
  expect(said('Incorrect API key provided: sk-CANA*********-KEY. You can find')).toBe(
    'Incorrect API key provided: [key] You can find',
  )
  expect(said('key sk-CAN...KEY is wrong')).toBe('key [key] is wrong')
  expect(said('wait... what *** is this…')).toBe('wait... what *** is this…')
})

test('a key inside something in base64 is taken out, wherever it stands there', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 9 }),
      fc.string({ maxLength: 9 }),
      fc.constantFrom('base64' as const, 'base64url' as const),
      (before, after, alphabet) => {
        const encoded = Buffer.from(`${before}${KEY}${after}`).toString(alphabet)
        const message = said(`Authorization: ${encoded} is refused`)
        // What is left is what stood beside it.
        expect(message).toMatch(/^Authorization: \S{0,15}\[key\]\S{0,15} is refused$/)
      },
    ),
  )
  expect(said('Basic dXNlcjp3b3Jk is refused')).toBe('Basic dXNlcjp3b3Jk is refused')
})

test('short keys are taken out as they are', () => {
  expect(said('no such key: abc', 'abc')).toBe('no such key: [key]')
})

test('what a hostile provider says is cleaned in no time to speak of', () => {
  const key = 'k'.repeat(2000)
  for (const text of ['x*'.repeat(500_000), '*** '.repeat(250_000), 'k'.repeat(1_000_000)]) {
    expect(said(text, key).length).toBeLessThanOrEqual(400)
  }
}, 5000)

test('status, time to wait and our own cause outlive the cleaning, other causes do not', () => {
  const options = { retryAfterMs: 7, status: 429, cause: 'length' }
  const cleaned = forOperators(new ProviderError('overloaded', `${KEY}!`, options), KEY)
  expect(cleaned).toMatchObject(options)
  const foreign = new ProviderError('connect', `${KEY}!`, { cause: new Error(KEY) })
  expect((forOperators(foreign, KEY) as ProviderError).cause).toBeUndefined()
})
