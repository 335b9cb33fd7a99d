import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineOfDoubledField } from '../../../../../server/models/exchange/doubled-field.ts'

test.each([
  ['{"a":1,"a":2}', 1],
  ['{\n"a":1,\n"b":[{"c":1},\n{"c":1,"\\u0063":2}]}', 4],
  ['[{"a":{"a":1}},{"a":1,\n"b":"}","a":2}]', 2],
  ['{"a":[],"b":{},\n"":1,"a":null}', 2],
])('%j names a field twice in line %i', (text, line) => {
  expect(lineOfDoubledField(text)).toBe(line)
})

test.each([
  '"a"',
  '[]',
  '["a","a"]',
  '{"a":"a","b":"a"}',
  '{"a":"\\"a\\\\","b":["a","b"]}',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":{"a":"{\\"a\\":1,\\"a\\":1}"}},"constructor":1,"__proto__":2}',
])('%s names none twice', (text) => {
  expect(lineOfDoubledField(text)).toBeUndefined()
})

test('whatever JSON holds, it is found when an object names a field once more', () => {
  const entry = fc.tuple(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(entry), fc.string(), fc.jsonValue(), (entries, name, value) => {
      const others = entries.filter(([other]) => other !== name)
      const fields = Object.entries(Object.fromEntries(others)).map(
        ([other, one]) => `${JSON.stringify(other)}: ${JSON.stringify(one)}`,
      )
      const one = `${JSON.stringify(name)}: ${JSON.stringify(value)}`
      expect(lineOfDoubledField(`[{${[one, ...fields].join(', ')}}]`)).toBeUndefined()
      expect(lineOfDoubledField(`[{${[one, ...fields, one].join(', ')}}]`)).toBe(1)
    }),
  )
})
