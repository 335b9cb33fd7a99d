import { useId, useState, type FormEvent } from 'react'
import type { TokenView } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { useAdmin } from '../session.tsx'

const { tokens } = moreTexts

type Props = { token: TokenView; own: boolean; onRevoked: () => void }

/** The end of a token: a button, and a dialog that asks for its name. */
export function RevokeToken(props: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="button"
        data-kind="danger"
        aria-haspopup="dialog"
        aria-label={tokens.revokeOf(props.token.name)}
        onClick={() => setOpen(true)}
      >
        {tokens.revoke}
      </button>
      {open && <RevokeDialog {...props} onClosed={() => setOpen(false)} />}
    </>
  )
}

/** Opens itself as soon as it is there. */
const show = (dialog: HTMLDialogElement | null) => {
  if (dialog?.open === false) dialog.showModal()
}

function RevokeDialog({ token, own, onRevoked, onClosed }: Props & { onClosed: () => void }) {
  const { api } = useAdmin()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const id = useId()
  const confirmed = typed.trim() === token.name.trim()

  const revoke = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!confirmed || busy) return
    const dialog = event.currentTarget.closest('dialog')
    setBusy(true)
    const answer = await api.remove(`/tokens/${encodeURIComponent(token.id)}`)
    setBusy(false)
    setFault(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    dialog?.close()
    onRevoked()
  }

  return (
    <dialog ref={show} className="revoke-dialog" aria-labelledby={`${id}-title`} onClose={onClosed}>
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
          <button
            type="button"
            className="button"
            onClick={({ currentTarget }) => currentTarget.closest('dialog')?.close()}
          >
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
  )
}
