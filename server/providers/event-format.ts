import type { ProviderError, Usage } from './provider.ts'

/** What one event of a stream says, as far as an answer needs it. */
export type Chunk = {
  text: string
  reasoning?: string | undefined
  /** Why the answer is over, as the API names it. */
  finish?: string | undefined
  usage?: Partial<Usage> | undefined
  error?: ProviderError | undefined
  /** The stream says of itself that nothing more comes. */
  done?: boolean | undefined
}

/**
 * What a reason to end means: a full stop, the cap of tokens, words that were held back (an
 * answer all the same if there are some), or a failure of the provider.
 */
export type Ending = 'stop' | 'length' | 'withheld' | 'failed'

/** How the events of one API are read: all that sets its stream apart from another's. */
export type EventFormat = {
  /** Names of the members that can hold text or reasoning: the fast path looks for them. */
  readonly textFields: readonly string[]
  /** Reads one event by its meaning, from its JSON. */
  parse(event: unknown): Chunk
  /** What one of the API's reasons to end means. */
  ending(reason: string): Ending
}

// Providers add, leave out and null what they like: whatever is not where it should be counts as
// absent.

/** The members of an object; none of anything else. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Of several answers the first, whether or not it is numbered: more than one is never asked for. */
export function firstAnswer(list: unknown): Readonly<Record<string, unknown>> {
  for (const item of items(list)) {
    const answer = fields(item)
    if (typeof answer['index'] !== 'number' || answer['index'] === 0) return answer
  }
  return {}
}

/** The entries of a list; none of anything else. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text as it can be stored: PostgreSQL cannot keep NUL, and nobody can read it. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') return ''
  return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}

/** A word that says something, or nothing. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A count of tokens, or nothing. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

/** A sum of counts of which some may be missing, or nothing if all are. */
export function sumOf(...values: readonly unknown[]): number | undefined {
  const counts = values.map(countOf).filter((count) => count !== undefined)
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}

/** Usage of which at least one side is known. */
export function usageOf(
  promptTokens: number | undefined,
  completionTokens: number | undefined,
): Partial<Usage> | undefined {
  if (promptTokens === undefined && completionTokens === undefined) return undefined
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
  }
}
