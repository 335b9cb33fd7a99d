import { useEffect, useRef, type ReactNode } from 'react'
import './dialog.css'

type Props = {
  title: string
  /** Called when it was closed in whatever way. */
  onClose: () => void
  children: ReactNode
}

/** A question that comes before an action. Shown as long as it is rendered. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    shown?.showModal()
    return () => {
      shown?.close()
      // Back to where one was; the browser does so only for a dialog that is still there.
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className="admin-dialog"
      aria-labelledby="admin-dialog-title"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={({ target }) => {
        if (target === dialog.current) onClose()
      }}
    >
      <div className="admin-dialog-sheet">
        <h2 id="admin-dialog-title">{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
