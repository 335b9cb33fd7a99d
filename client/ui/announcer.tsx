import { useSyncExternalStore } from 'react'

let message = ''
const listeners = new Set<() => void>()

/** Says a sentence to screen readers, politely. For the few moments that matter, not for streams. */
export function announce(text: string): void {
  // The same sentence twice would not be read again; a trailing no-break space makes it another.
  message = text === message ? `${text}\u00a0` : text
  for (const listener of listeners) listener()
}

/** The one live region of the page. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => message)
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
