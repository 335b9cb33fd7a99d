import { expect, it } from 'vitest'
import { tokenIdOf } from '../../../../../client/admin/tokens/own.ts'

it.each([
  ['ADMIN_TOKEN (0a1b2c)', '0a1b2c'],
  ['Ann (the first) (ff00)', 'ff00'],
  ['settings', null],
])('finds the token of %j', (actor, id) => {
  expect(tokenIdOf(actor)).toBe(id)
})
