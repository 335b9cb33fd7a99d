import { createContext, use, useCallback, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { adminTexts } from '../texts/en-admin.ts'
import { announce } from '../ui/announcer.tsx'
import { Icon } from '../ui/icon.tsx'

type Toast = { readonly id: number; readonly text: string; readonly undo?: () => void }

/** Says in passing that something was done; `undo` takes it back. */
export type ShowToast = (text: string, undo?: () => void) => void

const ToastContext = createContext<ShowToast>(() => undefined)

/** Says what was done, below the page, for a while. */
export const useToast = (): ShowToast => use(ToastContext)

/** Long enough to read the sentence, reach its button and decide. */
const SHOWN_MS = 12_000

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const next = useRef(0)
  const show = useCallback<ShowToast>((text, undo) => {
    next.current += 1
    const toast = { id: next.current, text, ...(undo === undefined ? {} : { undo }) }
    setToasts((shown) => [...shown.slice(-2), toast])
    announce(undo === undefined ? text : `${text} ${adminTexts.toast.canUndo}`)
  }, [])
  const drop = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  )
  return (
    <ToastContext value={show}>
      {children}
      <div className="admin-toasts" role="group" aria-label={adminTexts.toast.label}>
        {toasts.map((toast) => (
          <ToastView key={toast.id} toast={toast} onDone={drop} />
        ))}
      </div>
    </ToastContext>
  )
}

function ToastView({ toast, onDone }: { toast: Toast; onDone: (id: number) => void }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => onDone(toast.id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, toast.id, onDone])
  const hold = () => setHeld(true)
  const release = () => setHeld(false)
  return (
    <div
      className="admin-toast"
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <p>{toast.text}</p>
      {toast.undo !== undefined && (
        <button
          type="button"
          className="button"
          onClick={() => {
            toast.undo?.()
            onDone(toast.id)
          }}
        >
          {adminTexts.toast.undo}
        </button>
      )}
      <button
        type="button"
        className="button"
        data-kind="icon"
        aria-label={adminTexts.toast.close}
        onClick={() => onDone(toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
