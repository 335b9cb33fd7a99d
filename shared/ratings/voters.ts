import { OUTCOME_SKIP } from './outcomes.ts'
import { selectRows, type VoteFilter } from './slice-counts.ts'
import type { VoteTable } from './vote-table.ts'

/**
 * How many voters have given a verdict in one of these dimensions. Whoever has no name is one of
 * their own.
 */
export function countVoters(
  table: VoteTable,
  filter: VoteFilter,
  dimensions: readonly number[],
): number {
  const chosen = selectRows(table, filter, 0, table.length)
  const counted = new Uint8Array(table.length)
  for (const dimension of dimensions) {
    const outcomes = table.outcomes[dimension]!
    for (let row = 0; row < counted.length; row += 1) {
      if (outcomes[row]! < OUTCOME_SKIP) counted[row] = 1
    }
  }
  const seen = new Uint8Array(table.voters.size)
  let voters = 0
  for (let row = 0; row < counted.length; row += 1) {
    if (counted[row] === 0 || (chosen !== null && chosen[row] === 0)) continue
    const voter = table.voter === null ? -1 : table.voter[row]!
    if (voter < 0) voters += 1
    else if (seen[voter] === 0) {
      seen[voter] = 1
      voters += 1
    }
  }
  return voters
}
