import { useState, type SubmitEvent } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Dialog } from '../dialog.tsx'
import { DialogActions } from '../dialog-actions.tsx'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'

type Props = {
  model: Pick<AdminModel, 'slug' | 'name'>
  onRetired: () => void
  onClose: () => void
}

/** The one act that cannot be taken back: confirmed by typing the slug. */
export function RetireDialog({ model: { slug, name }, onRetired, onClose }: Props) {
  const { api } = useAdmin()
  const toast = useToast()
  const { retiring } = adminTexts.model
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    if (typed.trim() !== slug) {
      setFault(retiring.mismatch(slug))
      return
    }
    setBusy(true)
    const body = reason.trim() === '' ? {} : { reason: reason.trim() }
    const answer = await api.remove(`/models/${encodeURIComponent(slug)}`, body)
    setBusy(false)
    if (!answer.ok) {
      setFault(answer.error.message)
      return
    }
    toast(retiring.done(name))
    onRetired()
    onClose()
  }
  return (
    <Dialog title={retiring.title(name)} onClose={onClose}>
      <p>{retiring.lead}</p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {retiring.reason}
          <input
            value={reason}
            maxLength={500}
            autoComplete="off"
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <label>
          {retiring.confirm(slug)}
          <input
            value={typed}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            aria-invalid={fault !== null || undefined}
            data-testid="confirm-slug"
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <DialogActions
          fault={fault}
          submit={retiring.submit}
          kind="danger"
          busy={busy}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
