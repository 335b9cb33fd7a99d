import { useEffect, useRef } from 'react'
import type { CreatedToken } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'

const { tokens } = moreTexts

/** A new token, this once; the focus goes to it. */
export function ShownToken({ token, onDone }: { token: CreatedToken; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section className="shown-token" aria-labelledby="shown-token" data-testid="shown-token">
      <Icon name="warning" />
      <div>
        <h2 id="shown-token" ref={heading} tabIndex={-1}>
          {tokens.shownOnce}
        </h2>
        <p dir="auto">{tokens.shownOnceLead(token.name)}</p>
        <pre className="code-text" tabIndex={0} role="region" aria-label={tokens.theToken}>
          {token.token}
        </pre>
        <p className="shown-token-acts">
          <CopyButton wide label={tokens.copy} text={token.token} />
          <button type="button" className="button" onClick={onDone}>
            {tokens.done}
          </button>
        </p>
      </div>
    </section>
  )
}
