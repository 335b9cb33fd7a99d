import { useEffect, useState } from 'react'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { texts } from '../texts/en.ts'
import { announce } from '../ui/announcer.tsx'
import './connection-bar.css'

/** How long the return of the connection is worth a word. */
const BACK_SHOWN_MS = 2500

/** Says that the connection is gone, and that it is back, to the eye and to a screen reader. */
export function ConnectionBar() {
  const status = useConnectionStatus()
  const [said, setSaid] = useState<'lost' | 'back' | null>(null)
  if (status === 'lost' && said !== 'lost') setSaid('lost')
  if (status === 'online' && said === 'lost') setSaid('back')
  useEffect(() => {
    if (said === null) return undefined
    announce(texts.trouble[said])
    if (said === 'lost') return undefined
    const timer = setTimeout(() => setSaid(null), BACK_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [said])
  // Over the page and not in it, so that nothing jumps when it comes and goes.
  return said === null ? null : <p className="connection-bar">{texts.trouble[said]}</p>
}
