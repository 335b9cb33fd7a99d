import { useId, useRef, useState, type FormEvent } from 'react'
import type { TokenView } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { useAdmin } from '../session.tsx'

const { tokens } = moreTexts

type Props = { token: TokenView; own: boolean; onRevoked: () => void }

/** The end of a token, confirmed by typing its name. */
export function RevokeToken({ token, own, onRevoked }: Props) {
  const { api } = useAdmin()
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const id = useId()
  const confirmed = typed.trim() === token.name.trim()

  const revoke = async (event: FormEvent) => {
    event.preventDefault()
    if (!confirmed || busy) return
    setBusy(true)
    const answer = await api.remove(`/tokens/${encodeURIComponent(token.id)}`)
    setBusy(false)
    setFault(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    dialog.current?.close()
    onRevoked()
  }

  return (
    <>
      <button
        type="button"
        className="button"
        data-kind="danger"
        aria-haspopup="dialog"
        aria-label={tokens.revokeOf(token.name)}
        onClick={() => {
          setTyped('')
          setFault(null)
          dialog.current?.showModal()
        }}
      >
        {tokens.revoke}
      </button>
      <dialog ref={dialog} className="revoke-dialog" aria-labelledby={`${id}-title`}>
        <form onSubmit={(event) => void revoke(event)}>
          <h2 id={`${id}-title`} dir="auto">
            {tokens.revokeTitle(token.name)}
          </h2>
          <p>{tokens.revokeLead}</p>
          {own && <p className="admin-fault">{tokens.revokeOwn}</p>}
          <label>
            <span dir="auto">{tokens.revokeType(token.name)}</span>
            <input
              type="text"
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setTyped(target.value)}
            />
          </label>
          <p className="admin-fault" role="alert">
            {fault}
          </p>
          <p className="revoke-acts">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {tokens.cancel}
            </button>
            <button
              type="submit"
              className="button"
              data-kind="danger"
              disabled={!confirmed}
              aria-disabled={busy}
            >
              {busy ? tokens.revoking : tokens.revoke}
            </button>
          </p>
        </form>
      </dialog>
    </>
  )
}
