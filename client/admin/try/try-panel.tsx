import { useId, useState } from 'react'
import { formTexts } from '../../texts/en-admin-form.ts'
import { formatSeconds, formatSpeed } from '../models/figures.ts'
import type { TryState } from './try-state.ts'
import './try.css'

const { tries } = formTexts

type Props = {
  state: TryState
  /** The settings are others than those that were tried. */
  outdated: boolean
  onRun: (prompt: string) => void
  onStop: () => void
}

/** Has a model answer before anything is saved, and shows how it does. */
export function TryPanel({ state, outdated, onRun, onStop }: Props) {
  const [prompt, setPrompt] = useState('')
  const id = useId()
  const running = state.phase === 'running'
  return (
    <div className="try" data-testid="try" data-phase={state.phase}>
      <label htmlFor={id}>{tries.prompt}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={4000}
        dir="auto"
        value={prompt}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => setPrompt(target.value)}
      />
      <p id={`${id}-hint`} className="admin-hint">
        {tries.promptHint}
      </p>
      <button type="button" className="button" onClick={() => (running ? onStop() : onRun(prompt))}>
        {running ? tries.stop : state.phase === 'idle' ? tries.run : tries.again}
      </button>
      {state.phase !== 'idle' && <TryResult state={state} outdated={outdated} />}
    </div>
  )
}

function TryResult({ state, outdated }: { state: TryState; outdated: boolean }) {
  const { phase, reasoning, text, end, error } = state
  return (
    <div className="try-result">
      {outdated && <p className="admin-hint">{tries.outdated}</p>}
      <TryFigures state={state} />
      {error !== null && (
        <div className="try-error">
          <p className="try-error-message">{error.message}</p>
          {error.hint !== null && <p>{error.hint}</p>}
        </div>
      )}
      {reasoning !== '' && (
        <details className="try-reasoning">
          <summary>{tries.reasoning}</summary>
          <p dir="auto">{reasoning}</p>
        </details>
      )}
      {text !== '' && (
        <div className="try-answer" role="group" aria-label={tries.answer} tabIndex={0}>
          <p dir="auto">{text}</p>
        </div>
      )}
      {end?.reason === 'length' && <p className="admin-hint">{tries.cut}</p>}
      {phase === 'stopped' && <p className="admin-hint">{tries.stopped}</p>}
    </div>
  )
}

function TryFigures({ state: { phase, connectedMs, firstSeenMs, end } }: { state: TryState }) {
  const inSeconds = (ms: number | null | undefined) =>
    ms === null || ms === undefined ? '…' : tries.seconds(formatSeconds(ms))
  if (connectedMs === null && firstSeenMs === null) {
    return phase === 'running' ? <p className="try-wait">{tries.connecting}</p> : null
  }
  return (
    <dl className="try-figures figures">
      <div>
        <dt>{tries.connected}</dt>
        <dd>{inSeconds(connectedMs)}</dd>
      </div>
      <div>
        <dt>{tries.firstToken}</dt>
        <dd>{inSeconds(end?.firstTokenMs ?? firstSeenMs)}</dd>
      </div>
      {end !== null && (
        <>
          <div>
            <dt>{tries.speed}</dt>
            <dd>
              {end.tokensPerSecond === null
                ? '–'
                : tries.tokensPerSecond(formatSpeed(end.tokensPerSecond))}
            </dd>
          </div>
          <div>
            <dt>{tries.total}</dt>
            <dd>{inSeconds(end.totalMs)}</dd>
          </div>
          <div>
            <dt>{tries.usage}</dt>
            <dd>
              {end.usage === null
                ? tries.noUsage
                : tries.usageOf(end.usage.promptTokens, end.usage.completionTokens)}
            </dd>
          </div>
        </>
      )}
    </dl>
  )
}
