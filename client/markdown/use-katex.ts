import { useEffect, useSyncExternalStore } from 'react'
import type katex from 'katex'

export type Katex = typeof katex

let loaded: Katex | null = null
let loading = false
const listeners = new Set<() => void>()

/** The renderer of mathematics, loaded when the first formula needs it; null until then. */
export function useKatex(): Katex | null {
  useEffect(() => void load(), [])
  return useSyncExternalStore(subscribe, () => loaded)
}

async function load(): Promise<void> {
  if (loading) return
  loading = true
  const [module] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')])
  loaded = module.default
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
