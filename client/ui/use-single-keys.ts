import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { readLocal, writeLocal } from './storage.ts'

const STORED = 'trivium-single-keys'
let enabled = readLocal(STORED) !== 'off'
const listeners = new Set<() => void>()

/** Switches single-key shortcuts on or off for this browser (WCAG 2.1.4). */
export function setSingleKeys(on: boolean): void {
  enabled = on
  writeLocal(STORED, on ? null : 'off')
  for (const listener of listeners) listener()
}

/** Whether single keys work anywhere on the page. */
export function useSingleKeysEnabled(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => enabled,
  )
}

/**
 * Reacts to a key pressed anywhere but where text is typed. Modified keys belong to the browser.
 *
 * @param handle gets the key; true when it was used
 */
export function usePageKeys(handle: (key: string) => boolean): void {
  const onPageKey = useEffectEvent(handle)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      // In an open dialog Escape closes it, and other keys are about it.
      if (event.key !== '?' && document.querySelector('dialog[open]') !== null) return
      if (event.isComposing || (event.key !== 'Escape' && (!enabled || isTyping(event.target)))) {
        return
      }
      if (onPageKey(event.key)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'radio'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
