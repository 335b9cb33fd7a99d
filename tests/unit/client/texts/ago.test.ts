import { expect, it } from 'vitest'
import { formatAgo } from '../../../../client/texts/ago.ts'

const NOW = Date.UTC(2026, 0, 10, 12)

it.each([
  [0, 'now'],
  [-5000, 'now'],
  [1000, '1 second ago'],
  [59_999, '59 seconds ago'],
  [60_000, '1 minute ago'],
  [3_600_000 * 5, '5 hours ago'],
  [86_400_000, 'yesterday'],
  [86_400_000 * 40, '40 days ago'],
])('%d milliseconds are %j', (ms, words) => {
  expect(formatAgo(new Date(NOW - ms).toISOString(), NOW)).toBe(words)
})
