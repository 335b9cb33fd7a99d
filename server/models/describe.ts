import { ProviderError } from '../providers/provider.ts'

/** An error in an operator's words: one line, no stack. */
export function describe(cause: unknown): string {
  if (cause instanceof ProviderError) return `${cause.kind}: ${cause.message}`
  return cause instanceof Error ? cause.message : String(cause)
}
