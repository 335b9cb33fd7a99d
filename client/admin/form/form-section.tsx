import type { ReactNode } from 'react'
import './form.css'

type Props = { id: string; number?: number; title: string; children: ReactNode }

/** A part of a form under a heading. */
export function FormSection({ id, number, title, children }: Props) {
  return (
    <section id={id} className="form-section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {number !== undefined && <span className="form-number">{number}. </span>}
        {title}
      </h2>
      {children}
    </section>
  )
}
