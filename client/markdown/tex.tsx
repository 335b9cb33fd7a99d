import { useLayoutEffect, useRef } from 'react'
import { useKatex } from './use-katex.ts'

// Half a formula is shown as it is; no macro makes a link, and none expands without end.
const OPTIONS = { throwOnError: false, strict: false, trust: false, maxExpand: 200 } as const

/**
 * A formula. KaTeX builds its elements itself: through HTML its styles would be inline ones, which
 * the page's policy forbids.
 */
export function Tex({ tex, display }: { tex: string; display: boolean }) {
  const katex = useKatex()
  const place = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    if (katex === null) element.textContent = tex
    else katex.render(tex, element, { ...OPTIONS, displayMode: display })
  }, [katex, tex, display])
  return <span ref={place} className="answer-tex" data-display={display || undefined} dir="ltr" />
}
