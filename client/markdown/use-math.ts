import { useEffect, useSyncExternalStore } from 'react'
import type { Options } from 'react-markdown'

type Pluggable = NonNullable<Options['rehypePlugins']>[number]

let plugin: Pluggable | null = null
let loading = false
const listeners = new Set<() => void>()

/** The renderer of mathematics, loaded when the first answer needs it; null until then. */
export function useMath(needed: boolean): Pluggable | null {
  useEffect(() => {
    if (needed) void load()
  }, [needed])
  return useSyncExternalStore(subscribe, () => plugin)
}

async function load(): Promise<void> {
  if (loading) return
  loading = true
  const [{ default: rehypeKatex }] = await Promise.all([
    import('rehype-katex'),
    import('katex/dist/katex.min.css'),
  ])
  // Not strict and not trusted: half a formula is shown as it is, and no macro makes a link.
  plugin = [rehypeKatex, { strict: false, trust: false, maxExpand: 200, errorColor: 'inherit' }]
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
