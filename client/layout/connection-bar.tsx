import { useEffect, useRef } from 'react'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { texts } from '../texts/en.ts'
import { announce } from '../ui/announcer.tsx'
import './connection-bar.css'

/** Says that the connection is gone, and announces its loss and return once each. */
export function ConnectionBar() {
  const status = useConnectionStatus()
  const wasLost = useRef(false)
  useEffect(() => {
    if (status === 'lost') announce(texts.trouble.lost)
    if (status === 'online' && wasLost.current) announce(texts.trouble.back)
    wasLost.current = status === 'lost'
  }, [status])
  // Over the page and not in it, so that nothing jumps when it comes and goes.
  return status === 'lost' ? <p className="connection-bar">{texts.trouble.lost}</p> : null
}
