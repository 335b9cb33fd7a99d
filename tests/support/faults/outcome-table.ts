import type { FaultDialect } from './dialects.ts'
import type { Limit } from './fault.ts'
import type { Outcome } from './play.ts'

/** What the arena's log says of a battle's failure. */
export type LoggedFailure = { readonly kind: string; readonly message: string }

type Row = {
  readonly id: string
  readonly what: string
  readonly outcome: string
  readonly kind: string
  readonly limit: Limit
  readonly dialects: Set<FaultDialect>
  ms: number
  battles: number
}

/** One row for each fault, and for each way in which it ends: as a Markdown table. */
export function outcomeTable(
  outcomes: readonly Outcome[],
  failureOf: (outcome: Outcome) => LoggedFailure | undefined,
  limits: Readonly<Record<Limit, number>>,
): string {
  const rows = new Map<string, Row>()
  for (const outcome of outcomes) {
    const { fault, dialect } = outcome.of
    const told = outcome.reason === 'error' ? 'failed, in neutral words' : 'whole'
    const how = outcome.reason === 'length' ? `${told} (length)` : told
    const kind = failureOf(outcome)?.kind ?? '–'
    const key = [fault.id, how, kind].join('|')
    let row = rows.get(key)
    if (row === undefined) {
      const { id, what, limit } = fault
      row = { id, what, outcome: how, kind, limit, dialects: new Set(), ms: 0, battles: 0 }
      rows.set(key, row)
    }
    row.dialects.add(dialect)
    row.ms = Math.max(row.ms, outcome.ms)
    row.battles += 1
  }
  const lines = [...rows.values()].map((row) => {
    const { id, what, outcome, kind, limit, dialects, battles } = row
    const after = `${(row.ms / 1000).toFixed(2)} s`
    const bound = `${limit} ${(limits[limit] / 1000).toFixed(1)} s`
    const cells = [
      `\`${id}\``,
      what,
      [...dialects].join(', '),
      outcome,
      kind,
      after,
      bound,
      battles,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| fault | a provider that … | dialects | its side is | error kind | slowest | time-out | battles |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}
