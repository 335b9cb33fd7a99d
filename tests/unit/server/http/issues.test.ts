import { expect, test } from 'vitest'
import type * as z from 'zod'
import { toInvalidInput } from '../../../../server/http/issues.ts'
import { changeSchema, registrationSchema } from '../../../../shared/schemas/model.ts'

const detailsOf = (schema: z.ZodType, input: unknown) => {
  const { error } = schema.safeParse(input)
  if (error === undefined) throw new Error('it is accepted')
  return toInvalidInput(error).details
}

test.each([
  [{ sampling: { temperature: 3 } }, 'sampling.temperature', 'must be at most 2'],
  [{ sampling: { temperature: -1 } }, 'sampling.temperature', 'must be at least 0'],
  [{ sampling: { topP: 0 } }, 'sampling.topP', 'must be more than 0'],
  [{ sampling: { topK: 1.5 } }, 'sampling.topK', 'must be a whole number'],
  [{ weight: null }, 'weight', 'must be a number'],
  [{ weight: '2' }, 'weight', 'must be a number'],
  [{ enabled: 1 }, 'enabled', 'must be true or false'],
  [{ name: 7 }, 'name', 'must be text'],
  [{ tags: 'one' }, 'tags', 'must be a list'],
  [{ limits: 5 }, 'limits', 'must be an object'],
  [{ links: [{ url: 'https://example.org' }] }, 'links.0.label', 'is missing'],
  [
    { tags: Array.from({ length: 13 }, (_, at) => `t${at}`) },
    'tags',
    'must have at most 12 entries',
  ],
  [{ nmae: 'x' }, 'nmae', 'there is no such field'],
  [{ provider: { extra: { 'a b': 1 } } }, 'provider.extra.a b', 'must be a field name'],
  [{ provider: { kind: 'other' } }, 'provider.kind', /^must be one of onnx, openai-compatible, /],
])('says what is wrong in plain words: %j', (input, field, message) => {
  const said = typeof message === 'string' ? message : (expect.stringMatching(message) as string)
  expect(detailsOf(changeSchema, input)).toEqual({ field, fields: [{ field, message: said }] })
})

test('names everything that is wrong, fields that there are not first', () => {
  const entry = { slug: 'a', name: 'A', license: 'MIT', organisation: 'B', weight: -1 }
  expect(detailsOf(registrationSchema, { ...entry, provider: { kind: 'none' } })).toEqual({
    field: 'organisation',
    fields: [
      { field: 'organisation', message: 'there is no such field' },
      { field: 'organization', message: 'is missing' },
      {
        field: 'provider.kind',
        message: 'must be one of onnx, openai-compatible, anthropic, google',
      },
      { field: 'weight', message: 'must be at least 0' },
    ],
  })
  expect(detailsOf(registrationSchema, { ...entry, provider: {} })?.['fields']).toContainEqual({
    field: 'provider.kind',
    message: 'is missing',
  })
})

test('bounds how much it names, and says what is wrong with an input as a whole', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`x${at}`, at]))
  expect(detailsOf(changeSchema, many)?.['fields']).toHaveLength(20)
  const { error } = changeSchema.safeParse(undefined)
  expect(error && toInvalidInput(error).message).toBe('The input is missing.')
})
