import { useState, type FormEvent } from 'react'
import { MAX_COMMENT_CHARACTERS } from '../../shared/protocol.ts'
import { useDraft } from '../battle/draft.ts'
import type { ActResult } from '../battle/session.ts'
import { texts } from '../texts/en.ts'

type Props = { battleId: string; onComment: (comment: string) => Promise<ActResult> }

/** A remark after the vote; never before, so that it cannot stand between a visitor and the vote. */
export function Remark({ battleId, onComment }: Props) {
  const [comment, setComment] = useDraft(`remark:${battleId}`)
  const [outcome, setOutcome] = useState<string | null>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (comment.trim() === '') return
    const result = await onComment(comment)
    setOutcome(result.ok ? texts.reveal.commentSaved : result.error.message)
  }
  return (
    <form className="remark" onSubmit={(event) => void send(event)}>
      <label htmlFor="remark">{texts.reveal.commentLabel}</label>
      <div>
        <textarea
          id="remark"
          dir="auto"
          rows={2}
          maxLength={MAX_COMMENT_CHARACTERS}
          value={comment}
          onChange={(event) => {
            setComment(event.target.value)
            setOutcome(null)
          }}
        />
        <button type="submit" className="button" aria-disabled={comment.trim() === ''}>
          {texts.reveal.commentSend}
        </button>
      </div>
      <p role="status">{outcome}</p>
    </form>
  )
}
