import { useRef, useState, type SubmitEvent } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Dialog } from '../dialog.tsx'
import { DialogActions } from '../dialog-actions.tsx'

type Props = {
  model: Pick<AdminModel, 'slug' | 'name'>
  /** Answers with why it could not be done; null if it was. */
  onPause: (reason: string) => Promise<string | null>
  onClose: () => void
}

/** Asks why a model is paused, for whoever sees it paused. */
export function PauseDialog({ model, onPause, onClose }: Props) {
  const { pause } = adminTexts
  const reason = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const failed = await onPause(reason.current?.value.trim() ?? '')
    setBusy(false)
    if (failed === null) onClose()
    else setFault(failed)
  }
  return (
    <Dialog title={pause.title(model.name)} onClose={onClose}>
      <p>{pause.lead}</p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {pause.reason}
          <input ref={reason} maxLength={500} autoComplete="off" />
        </label>
        <DialogActions
          fault={fault}
          submit={pause.submit}
          kind="primary"
          busy={busy}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
