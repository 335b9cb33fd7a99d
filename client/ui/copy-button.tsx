import { useEffect, useState } from 'react'
import { texts } from '../texts/en.ts'
import { announce } from './announcer.tsx'
import { copyText } from './clipboard.ts'
import { Icon, type IconName } from './icon.tsx'

const SHOWN_MS = 2000

type Props = {
  /** What it copies, in words; the accessible name. */
  label: string
  text: string | (() => string)
  icon?: IconName
  /** Shows the label beside the icon. */
  wide?: boolean
}

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({ label, text, icon = 'copy', wide = false }: Props) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    const done = await copyText(typeof text === 'string' ? text : text())
    setCopied(done)
    announce(done ? texts.copy.copied : texts.copy.failed)
  }
  return (
    <button
      type="button"
      className="button copy-button"
      data-kind={wide ? 'quiet' : 'icon'}
      aria-label={wide ? undefined : label}
      title={wide ? undefined : label}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'done' : icon} />
      {wide && (copied ? texts.copy.copied : label)}
    </button>
  )
}
