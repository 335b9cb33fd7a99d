/** Decides over a step in the history: an event that it stops is never heard of by the router. */
export type HistoryGuard = (event: PopStateEvent) => void

let guard: HistoryGuard | null = null

// Listeners of a window are called in the order in which they came. To be before the router's, this
// module is imported before anything is rendered.
addEventListener('popstate', (event) => guard?.(event))

/** Has a guard decide from now on. Returns what ends that. */
export function guardHistory(next: HistoryGuard): () => void {
  guard = next
  return () => {
    if (guard === next) guard = null
  }
}
