import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import './notice.css'

/** Something that went wrong or has to be waited for, in words, where it happened. */
export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <Icon name="warning" />
      <div className="notice-body">
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  )
}
