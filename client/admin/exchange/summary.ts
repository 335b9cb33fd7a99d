import type { ImportResult } from '../../../shared/schemas/admin.ts'

export type Outcome = ImportResult['items'][number]['outcome']

/** What an import would do or did, counted; and whether it may be done. */
export function summaryOf(result: ImportResult): {
  readonly counts: Readonly<Record<Outcome, number>>
  /** How many models registering would add; 0 where an entry has to be put right first. */
  readonly ready: number
} {
  const counts: Record<Outcome, number> = {
    registered: 0,
    'would-register': 0,
    exists: 0,
    invalid: 0,
  }
  for (const { outcome } of result.items) counts[outcome]++
  return { counts, ready: counts.invalid > 0 ? 0 : counts['would-register'] }
}
