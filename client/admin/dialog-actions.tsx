import { adminTexts } from '../texts/en-admin.ts'

type Props = {
  /** Why it could not be done; null as long as nothing failed. */
  fault: string | null
  submit: string
  kind: 'primary' | 'danger'
  busy: boolean
  onCancel: () => void
}

/** The end of a dialog's form: what went wrong, and the way back and on. */
export function DialogActions({ fault, submit, kind, busy, onCancel }: Props) {
  return (
    <>
      <p className="admin-fault" role="alert">
        {fault}
      </p>
      <div className="admin-dialog-buttons">
        <button type="button" className="button" onClick={onCancel}>
          {adminTexts.cancel}
        </button>
        <button type="submit" className="button" data-kind={kind} aria-disabled={busy}>
          {submit}
        </button>
      </div>
    </>
  )
}
