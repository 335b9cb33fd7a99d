import { useCallback, useState } from 'react'

/**
 * A text that is being typed, kept for this tab: neither a reload nor an error loses it.
 *
 * @param name where it is kept, e.g. one name per battle
 */
export function useDraft(name: string): [string, (text: string) => void] {
  const key = `trivium-draft:${name}`
  const [text, setText] = useState(() => readSession(key) ?? '')
  const change = useCallback(
    (next: string) => {
      setText(next)
      writeSession(key, next)
    },
    [key],
  )
  return [text, change]
}

function readSession(key: string): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

function writeSession(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, text)
  } catch {
    // Storage can be forbidden or full; the text is still on the page.
  }
}
