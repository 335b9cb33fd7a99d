import { useEffect } from 'react'
import { guardHistory } from '../ui/history-guard.ts'

/**
 * Asks before a page with unsaved input is left: by closing the tab, by a link, by going back.
 *
 * @param dirty whether there is something to lose
 */
export function useLeaveGuard(dirty: boolean, question: string): void {
  useEffect(() => {
    if (!dirty) return undefined
    const here = history.state as { idx?: number } | null
    const position = here?.idx ?? 0
    const path = location.pathname
    let passing = false
    let returning = false

    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      if (
        !(link instanceof HTMLAnchorElement) ||
        link.target === '_blank' ||
        link.download !== ''
      ) {
        return
      }
      const stays = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0
      const elsewhere = new URL(link.href).pathname !== location.pathname
      if (!stays && elsewhere && !confirm(question)) {
        event.preventDefault()
        event.stopPropagation()
      }
    }
    // The router hears of going back after it has happened: whoever stays is taken forward again
    // before it does.
    const onPop = (event: PopStateEvent) => {
      if (passing) {
        passing = false
        return
      }
      // Nobody has to hear of the way back forward.
      if (returning) {
        returning = false
        event.stopImmediatePropagation()
        return
      }
      // A step within the page, such as to one of its headings, leaves nothing.
      if (location.pathname === path) return
      const { idx } = (event.state ?? {}) as { idx?: number }
      event.stopImmediatePropagation()
      if (confirm(question)) {
        passing = true
        dispatchEvent(new PopStateEvent('popstate', { state: event.state as unknown }))
        return
      }
      returning = true
      history.go(position - (idx ?? position - 1))
    }
    addEventListener('beforeunload', onUnload)
    document.addEventListener('click', onClick, { capture: true })
    const release = guardHistory(onPop)
    return () => {
      removeEventListener('beforeunload', onUnload)
      document.removeEventListener('click', onClick, { capture: true })
      release()
    }
  }, [dirty, question])
}
