import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { QuestionBox } from '../ask/question-box.tsx'
import { useDraft } from './draft.ts'

type Props = {
  battleId: string
  stage: 'streaming' | 'failed' | 'judging'
  onAsk: (prompt: string) => Promise<boolean>
  onStop: () => void
}

/** Under the answers: stop while they are written, ask on until the vote. */
export function FollowUp({ battleId, stage, onAsk, onStop }: Props) {
  const [prompt, setPrompt] = useDraft(`follow-up:${battleId}`)
  const ask = async () => {
    setPrompt('')
    if (await onAsk(prompt)) {
      // Out of the box: the next keys judge or stop, and must not become another question.
      document.getElementById('main')?.focus({ preventScroll: true })
      return
    }
    // What could not be asked comes back, unless something new was typed meanwhile.
    setPrompt(prompt)
  }
  return (
    <div className="follow-up">
      <QuestionBox
        value={prompt}
        onChange={setPrompt}
        onSubmit={() => void ask()}
        busy={false}
        blocked={stage !== 'judging'}
        label={texts.battle.followLabel}
        placeholder={texts.battle.followPlaceholder}
        action={texts.battle.follow}
        testId="follow-up"
        actionTestId="ask-follow-up"
      />
      <button
        type="button"
        className="button"
        data-testid="stop"
        aria-keyshortcuts="Escape"
        disabled={stage !== 'streaming'}
        onClick={onStop}
      >
        <Icon name="stop" />
        <span className="stop-name">{texts.battle.stop}</span> <kbd>Esc</kbd>
      </button>
    </div>
  )
}
