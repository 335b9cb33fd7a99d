import { act } from 'react'
import { createRoot } from 'react-dom/client'
import type { ReactNode } from 'react'

declare global {
  // React's own switch for tests.
  var IS_REACT_ACT_ENVIRONMENT: boolean
}

/** Renders into the page and waits until React has settled. */
export async function render(node: ReactNode): Promise<{
  container: HTMLElement
  rerender: (next: ReactNode) => Promise<void>
  unmount: () => void
}> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true
  const container = document.createElement('div')
  document.body.append(container)
  const root = createRoot(container)
  const rerender = async (next: ReactNode) => {
    await act(async () => root.render(next))
  }
  await rerender(node)
  return {
    container,
    rerender,
    unmount() {
      act(() => root.unmount())
      container.remove()
    },
  }
}

/** Presses a key where the focus is. */
export async function press(key: string): Promise<void> {
  const target = document.activeElement ?? document.body
  await act(async () => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  })
}
