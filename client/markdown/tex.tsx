import { useLayoutEffect, useRef } from 'react'
import { texts } from '../texts/en.ts'
import { useKatex, type Katex } from './use-katex.ts'

// Nothing that a formula says is trusted: no macro makes a link, and none expands without end.
const OPTIONS = { throwOnError: true, strict: false, trust: false, maxExpand: 200 } as const

/** A formula that is being written is often broken: for so long its last whole form stays. */
const PATIENCE_MS = 700

/**
 * A formula. KaTeX builds its elements itself: through HTML its styles would be inline ones, which
 * the page's policy forbids. What KaTeX cannot draw is shown as it was written.
 */
export function Tex({ tex, display }: { tex: string; display: boolean }) {
  const katex = useKatex()
  const place = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null || (katex !== null && draw(katex, tex, element, display))) return undefined
    const show = () => {
      element.textContent = tex
    }
    if (element.querySelector('.katex') === null) show()
    const timer = setTimeout(show, PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [katex, tex, display])
  if (!display) return <span ref={place} className="answer-tex" dir="ltr" />
  return (
    // A long formula scrolls by itself, so the keyboard has to reach it.
    <span
      ref={place}
      className="answer-tex"
      data-display
      dir="ltr"
      role="group"
      aria-label={texts.markdown.formula}
      tabIndex={0}
    />
  )
}

function draw(katex: Katex, tex: string, element: HTMLElement, displayMode: boolean): boolean {
  try {
    // Drawn aside first: a formula that fails would leave the element empty.
    const drawn = document.createElement('span')
    katex.render(tex, drawn, { ...OPTIONS, displayMode })
    element.replaceChildren(...drawn.childNodes)
    return true
  } catch {
    return false
  }
}
