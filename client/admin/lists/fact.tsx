import type { ReactNode } from 'react'

/** A name and what stands for it, in a list of facts. */
export function Fact({
  name,
  wide = false,
  children,
}: {
  name: string
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div className={wide ? 'fact-wide' : undefined}>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  )
}
