import { memo } from 'react'
import type { Side } from '../../shared/verdicts.ts'
import { Answer } from '../markdown/answer.tsx'
import { texts } from '../texts/en.ts'
import { Reasoning } from './reasoning.tsx'
import { shownText, type SideState } from './state.ts'

type Props = { side: Side; turn: number; prompt: string; state: SideState; current: boolean }

/** One turn as one side saw it. Finished turns are not drawn again while a later one is written. */
export const PaneTurn = memo(({ side, turn, prompt, state, current }: Props) => {
  const text = shownText(state)
  return (
    <article className="pane-turn" data-current={current || undefined}>
      {turn > 1 && (
        <p className="pane-prompt" dir="auto">
          <span className="visually-hidden">{texts.battle.question(turn)}: </span>
          {prompt}
        </p>
      )}
      {text === '' && state.end === null && <ThinkingLines />}
      {text === '' && state.end?.reason === 'stopped' && (
        <p className="pane-nothing">{texts.battle.stoppedAtOnce}</p>
      )}
      <Answer
        text={text}
        live={state.end === null}
        testId={current ? `answer-${side}` : undefined}
      />
      {state.reasoning !== null && <Reasoning side={side} text={state.reasoning} />}
    </article>
  )
})
PaneTurn.displayName = 'PaneTurn'

/** Stands where the first lines will be, so that waiting has a place. */
function ThinkingLines() {
  return (
    <div className="thinking" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  )
}
