import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'

type Props = {
  /** What it is, beside the way to copy it. */
  head: ReactNode
  /** The same in plain words, for whoever scrolls it by keyboard. */
  label: string
  copy: string
  text: string
}

/** Text exactly as it was sent or said: monospaced, scrollable, copied with one press. */
export function CodeText({ head, label, copy, text }: Props) {
  return (
    <div className="code-block">
      <div className="code-head">
        {head}
        <CopyButton label={copy} text={text} />
      </div>
      <pre className="code-text" dir="auto" tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </div>
  )
}
