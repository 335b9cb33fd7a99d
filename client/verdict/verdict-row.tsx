import type { KeyboardEvent } from 'react'
import { DIMENSION_QUESTIONS, type Dimension } from '../../shared/dimensions.ts'
import type { Verdict } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { CHOICES } from './choices.ts'

type Props = {
  dimension: Dimension
  choice: Verdict | undefined
  disabled: boolean
  missing: boolean
  onChoose: (choice: Verdict) => void
  onKey: (event: KeyboardEvent) => void
}

/** One question of the judgement: a radio group named after its dimension, described by its question. */
export function VerdictRow({ dimension, choice, disabled, missing, onChoose, onKey }: Props) {
  const id = `verdict-${dimension}`
  return (
    <div
      className="verdict-row"
      role="radiogroup"
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-question`}
      aria-required="true"
      aria-disabled={disabled || undefined}
      data-testid={id}
      data-dimension={dimension}
      data-answered={choice !== undefined || undefined}
      data-missing={missing || undefined}
      onKeyDown={onKey}
    >
      <p className="verdict-ask">
        <span id={`${id}-name`}>
          <DimensionName dimension={dimension} />
        </span>
        <span id={`${id}-question`} className="verdict-question">
          {DIMENSION_QUESTIONS[dimension]}
        </span>
      </p>
      <div className="verdict-choices">
        {CHOICES.map((value, index) => (
          <label key={value} className="verdict-choice" title={`${index + 1}`}>
            <input
              type="radio"
              name={id}
              value={value}
              checked={choice === value}
              disabled={disabled}
              aria-label={texts.verdictPhrases[value]}
              onChange={() => onChoose(value)}
            />
            <span aria-hidden="true">
              {texts.verdicts[value]}
              <kbd>{index + 1}</kbd>
            </span>
          </label>
        ))}
      </div>
    </div>
  )
}
