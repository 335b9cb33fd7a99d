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
  const seen = new Uint8Array(table.voters.size)
  let voters = 0
  for (let row = 0; row < table.length; row += 1) {
    if (chosen !== null && chosen[row] === 0) continue
    if (!dimensions.some((dimension) => table.outcomes[dimension]![row]! < OUTCOME_SKIP)) continue
    const voter = table.voter?.[row] ?? -1
    if (voter >= 0) {
      if (seen[voter] === 1) continue
      seen[voter] = 1
    }
    voters += 1
  }
  return voters
}
