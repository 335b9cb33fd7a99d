import { useCallback, useEffect, useRef } from 'react'
import { Link, useLocation } from 'react-router'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { useDraft } from '../battle/draft.ts'
import { texts } from '../texts/en.ts'
import { usePageTitle } from '../ui/use-page.ts'
import { AskTrouble } from './ask-trouble.tsx'
import { Examples } from './examples.tsx'
import { Facts } from './facts.tsx'
import { QuestionBox } from './question-box.tsx'
import { useAsk } from './use-ask.ts'
import './ask-page.css'

/** The empty arena: one sentence, one box, six ideas, and what moves at this moment. */
export function AskPage() {
  usePageTitle(texts.brand)
  const [prompt, setPrompt] = useDraft('ask')
  const { ask, busy, error } = useAsk(useCallback(() => setPrompt(''), [setPrompt]))
  const box = useRef<HTMLTextAreaElement>(null)
  const status = useConnectionStatus()
  usePassedPrompt(setPrompt)
  useEffect(() => {
    // What a battle needs is fetched while the question is being typed.
    void import('../battle/battle-page.tsx')
    void import('../markdown/answer-blocks.tsx')
  }, [])
  const choose = (example: string) => {
    setPrompt(example)
    box.current?.focus()
  }
  return (
    <div className="ask">
      <h1>
        {texts.ask.title.map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
      </h1>
      <p className="ask-lead">{texts.ask.lead}</p>
      <QuestionBox
        value={prompt}
        onChange={setPrompt}
        onSubmit={() => ask(prompt)}
        busy={busy}
        label={texts.ask.label}
        placeholder={texts.ask.placeholder}
        action={texts.ask.ask}
        testId="prompt"
        actionTestId="ask"
        describedBy="consent"
        ref={box}
        autoFocus
        large
      />
      <p className="ask-consent" id="consent">
        {texts.ask.consent} <Link to="/about#data">{texts.ask.consentLink}</Link>
      </p>
      <div className="ask-trouble" role="alert">
        <AskTrouble error={error} waiting={busy && status === 'lost'} onRetry={() => ask(prompt)} />
      </div>
      <Examples onChoose={choose} />
      <Facts />
    </div>
  )
}

/** A question may come along from elsewhere ("the same question again"). */
function usePassedPrompt(setPrompt: (prompt: string) => void): void {
  const state: unknown = useLocation().state
  useEffect(() => {
    const passed = (state as { prompt?: unknown } | null)?.prompt
    if (typeof passed === 'string') setPrompt(passed)
  }, [state, setPrompt])
}
