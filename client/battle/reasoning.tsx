import { useState } from 'react'
import type { Side } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import './reasoning.css'

type Props = { side: Side; text: string }

/**
 * What a model thought before it answered, folded away: as the text that it is, with no markup of its
 * own. It may be very long, so that it is drawn when somebody asks for it.
 */
export function Reasoning({ side, text }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <details
      className="reasoning"
      data-testid={`reasoning-${side}`}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{texts.battle.reasoning}</summary>
      {open && (
        <div className="reasoning-text" dir="auto">
          {text}
        </div>
      )}
    </details>
  )
}
