import { useRef, useState, type FormEvent } from 'react'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { Verdicts } from '../../shared/verdicts.ts'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { texts } from '../texts/en.ts'
import { announce } from '../ui/announcer.tsx'
import { nextOpenRow, readiness } from './choices.ts'
import { KeysHelp } from './keys-help.tsx'
import { useVerdictKeys } from './use-verdict-keys.ts'
import { VerdictRow } from './verdict-row.tsx'
import './verdict-form.css'

type Props = {
  battleId: string
  open: boolean
  failed: boolean
  onSend: (verdicts: Verdicts) => Promise<boolean>
}

/**
 * The judgement: three rows that are read while the answers are written and open when both have
 * ended. It keeps its place from the start, so that nothing moves when it opens.
 */
export function VerdictForm({ battleId, open, failed, onSend }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const [sending, setSending] = useState(false)
  const [asked, setAsked] = useState(false)
  const lost = useConnectionStatus() === 'lost'
  const { choices, choose, onRowKey, focusRow } = useVerdictKeys(form, battleId, open && !sending)
  const ready = readiness(choices)
  const problem =
    ready.kind === 'incomplete'
      ? texts.verdict.incomplete(ready.left)
      : ready.kind === 'nothing'
        ? texts.verdict.nothing
        : null

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!open || sending) return
    if (ready.kind !== 'ready') {
      setAsked(true)
      if (problem !== null) announce(problem)
      focusRow(nextOpenRow(choices) ?? DIMENSIONS[0])
      return
    }
    setSending(true)
    await onSend(ready.verdicts)
    setSending(false)
  }
  const { verdict } = texts
  const hint = failed ? texts.battle.failedJudging : open ? verdict.ready : verdict.wait
  return (
    <form className="verdict" ref={form} data-open={open || undefined} onSubmit={submitter(submit)}>
      <header className="verdict-head">
        <h2>{verdict.title}</h2>
        <p>{hint}</p>
        <KeysHelp />
      </header>
      {DIMENSIONS.map((dimension) => (
        <VerdictRow
          key={dimension}
          dimension={dimension}
          choice={choices[dimension]}
          disabled={!open || sending}
          missing={asked && choices[dimension] === undefined}
          onChoose={(choice) => choose(dimension, choice)}
          onKey={(event) => onRowKey(dimension, event)}
        />
      ))}
      <footer className="verdict-send">
        <p>
          {sending && lost
            ? verdict.waiting
            : open && (asked || ready.kind === 'nothing')
              ? problem
              : null}
        </p>
        <button
          type="submit"
          className="button"
          data-kind="primary"
          data-testid="send-vote"
          aria-disabled={!open || sending || ready.kind !== 'ready'}
        >
          {sending ? verdict.sending : verdict.send}
        </button>
      </footer>
    </form>
  )
}

/** React takes a handler that returns nothing. */
function submitter(submit: (event: FormEvent) => Promise<void>): (event: FormEvent) => void {
  return (event) => void submit(event)
}
