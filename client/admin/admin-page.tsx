import type { ReactNode } from 'react'
import { usePageTitle } from '../ui/use-page.ts'

type Props = {
  title: string
  /** One line of what it is for. */
  lead?: string | undefined
  /** Buttons beside the title. */
  actions?: ReactNode
  children: ReactNode
}

/** The frame of a page of the console: a title, what it is for, and what can be done. */
export function AdminPage({ title, lead, actions, children }: Props) {
  usePageTitle(title)
  return (
    <div className="page admin-page">
      <header className="admin-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {actions !== undefined && <div className="admin-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
