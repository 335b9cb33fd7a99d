import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPrompt } from '../../../shared/prompt.ts'

test.each([
  ['', 'invalid_input'],
  [' \n\t ', 'invalid_input'],
  [42, 'invalid_input'],
  [null, 'invalid_input'],
  [['text'], 'invalid_input'],
  ['bell\u0007', 'invalid_input'],
  ['null\0', 'invalid_input'],
  ['next line\u0085', 'invalid_input'],
  ['half a \ud83d face', 'invalid_input'],
  ['x'.repeat(101), 'prompt_too_long'],
])('%j is refused as %s', (prompt, code) => {
  expect(checkPrompt(prompt, 100)).toMatchObject({ ok: false, error: { code } })
})

test.each([
  'a',
  'two\r\n\tlines',
  'שלום עולם',
  'مرحبا',
  '👩‍👩‍👧‍👦 emoji',
  'x'.repeat(100),
  '\u202eabc',
  '\u007f',
])('%j reaches the models unchanged', (prompt) => {
  expect(checkPrompt(prompt, 100)).toEqual({ ok: true, value: prompt })
})

test('every well-formed text without controls is accepted as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (text) => {
      const checked = checkPrompt(text, 1000)
      if (checked.ok) expect(checked.value).toBe(text)
      // oxlint-disable-next-line no-control-regex
      else expect(text.trim() === '' || /[\u0000-\u001f\u0080-\u009f]/u.test(text)).toBe(true)
    }),
  )
})
