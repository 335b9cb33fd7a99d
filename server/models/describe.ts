import { ProviderError } from '../providers/provider.ts'

/** An error in an operator's words: one line, no stack. */
export function describe(cause: unknown): string {
  if (cause instanceof ProviderError) return `${cause.kind}: ${cause.message}`
  return cause instanceof Error ? cause.message : String(cause)
}

/** Whether a provider said that it is asked too much. */
export function isBusy(cause: unknown): cause is ProviderError {
  if (!(cause instanceof ProviderError)) return false
  const { kind, status } = cause
  return kind === 'overloaded' || status === 429 || status === 503 || status === 529
}
