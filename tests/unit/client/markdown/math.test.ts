import { describe, expect, it } from 'vitest'
import { closeMath, normalizeMath } from '../../../../client/markdown/math.ts'

describe('normalizeMath', () => {
  it.each([
    ['TeX parentheses', 'so \\(a+b\\) is', 'so $a+b$ is'],
    ['TeX brackets on their own lines', '\\[\na = b\n\\]', '$$\na = b\n$$'],
    ['TeX brackets in a line', 'so \\[a\\] is', 'so $$a$$ is'],
    ['display dollars in one line', '$$a = b$$', '$$\na = b\n$$'],
    ['inline dollars', 'so $a+b$ is', 'so $a+b$ is'],
    ['one price', 'It costs $5.', 'It costs \\$5.'],
    ['two prices', 'from $5 to $10', 'from \\$5 to \\$10'],
    ['a range of prices', '$5-$10', '\\$5-\\$10'],
    ['prices in words', '$5 per month or 10$ here', '\\$5 per month or 10\\$ here'],
    ['escaped dollars', 'a \\$5 note', 'a \\$5 note'],
    ['inline code', 'run `echo $HOME \\(x\\)` and $x$', 'run `echo $HOME \\(x\\)` and $x$'],
    ['code blocks', '```sh\necho $A $B\n```\n$x$', '```sh\necho $A $B\n```\n$x$'],
    ['unfinished code blocks', '```sh\necho $A', '```sh\necho $A'],
    ['text without any', 'plain', 'plain'],
  ])('handles %s', (_name, markdown, expected) => {
    expect(normalizeMath(markdown)).toBe(expected)
  })
})

describe('closeMath', () => {
  it('closes what is open at the end, and only that', () => {
    expect(closeMath('so \\(a + b')).toBe('so \\(a + b\\)')
    expect(closeMath('so \\[a + b\\')).toBe('so \\[a + b\\]')
    expect(closeMath('so \\(a\\) and')).toBe('so \\(a\\) and')
  })
})
