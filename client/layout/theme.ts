import { useSyncExternalStore } from 'react'
import { readLocal, writeLocal } from '../ui/storage.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

// The same name as in public/theme.js, which applies it before the first paint.
const STORED = 'trivium-theme'
const listeners = new Set<() => void>()

function currentTheme(): Theme {
  const stored = readLocal(STORED)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
let theme = currentTheme()

/** Chooses a theme for this browser. */
export function setTheme(next: Theme): void {
  theme = next
  writeLocal(STORED, next === 'system' ? null : next)
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => theme,
  )
}
