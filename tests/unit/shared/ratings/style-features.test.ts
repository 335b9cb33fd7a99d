import fc from 'fast-check'
import { expect, test } from 'vitest'
import { relativeDifference, styleOf } from '../../../../shared/ratings/style-features.ts'

test('markdown is counted as in LMArena’s published battles', () => {
  const text = [
    '# One',
    '###### Six',
    '####### seven is none',
    '#none',
    '1. first',
    '  2. second',
    '- dash',
    '* star',
    '+ plus',
    '-none',
    '**bold** and __bold too__, but not ** over',
    'a line** end',
  ].join('\n')
  expect(styleOf(text)).toMatchObject({ headers: 2, lists: 5, bold: 2 })
})

test('blocks of code hold no markdown, unless a back-tick is in them', () => {
  expect(styleOf('```\n# no\n- no\n**no**\n```')).toMatchObject({ headers: 0, lists: 0, bold: 0 })
  expect(styleOf('```\n# yes `x`\n```')).toMatchObject({ headers: 1 })
})

test('tokens are words, marks and short runs of digits, in every script', () => {
  const tokens = (text: string) => styleOf(text).tokens
  expect(tokens('')).toBe(0)
  expect(tokens('Hello, world!')).toBe(4)
  expect(tokens("don't stop")).toBe(2)
  expect(tokens('1234567')).toBe(3)
  expect(tokens('naïve café')).toBe(2)
  expect(tokens('数学です')).toBe(4)
  expect(tokens('GPU加速')).toBe(3)
  expect(tokens('नमस्ते दुनिया')).toBe(2)
  expect(tokens('x = y + 1;')).toBe(6)
})

test('plain English is counted in one pass as the expression for every script would count it', () => {
  const ascii = fc.array(fc.constantFrom(..."ab'12_-*# .,\n\t\u0000\u007f".split('')), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(ascii, (characters) => {
      const text = characters.join('')
      // A blank that is not ASCII is no token, and sends the text the other way.
      expect(styleOf(text).tokens).toBe(styleOf(`${text}\u00a0`).tokens)
    }),
    { numRuns: 500 },
  )
})

test('list items are counted as by FastChat’s expressions, which reach over empty lines', () => {
  const theirs = (text: string) =>
    [/^\s*\d+\.\s/gm, /^\s*[-*+]\s/gm].reduce(
      (sum, each) => sum + [...text.matchAll(each)].length,
      0,
    )
  const pieces = fc.constantFrom(
    '\n',
    '\r',
    '\u2028',
    ' ',
    '\t',
    '-',
    '* ',
    '1.',
    '12. ',
    'a',
    '**',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      expect(styleOf(parts.join('')).lists).toBe(theirs(parts.join('')))
    }),
    { numRuns: 1000 },
  )
})

test('an answer of nothing but line feeds is counted at once', () => {
  expect(styleOf('\n'.repeat(200_000))).toEqual({ tokens: 0, headers: 0, lists: 0, bold: 0 })
})

test('counts of two texts on lines of their own add up', () => {
  const piece = fc.stringMatching(/^[a-z0-9 #*.-]{0,30}$/)
  fc.assert(
    fc.property(piece, piece, (a, b) => {
      expect(styleOf(`${a}\n${b}`).tokens).toBe(styleOf(a).tokens + styleOf(b).tokens)
    }),
  )
})

test('differences lie in [−1, 1], mirror, and are 0 where nothing is known', () => {
  const count = fc.oneof(fc.nat({ max: 100_000 }), fc.constant(Number.NaN))
  fc.assert(
    fc.property(count, count, (a, b) => {
      const difference = relativeDifference(a, b)
      expect(Math.abs(difference)).toBeLessThanOrEqual(1)
      expect(relativeDifference(b, a) + difference).toBe(0)
    }),
  )
  expect(relativeDifference(30, 10)).toBe(0.5)
  expect(relativeDifference(0, 0)).toBe(0)
  expect(relativeDifference(Number.NaN, 3)).toBe(0)
})
