import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import type { Order } from './view.ts'

/** What sorts a table. */
export type Sorting = {
  order: Order
  onSort: (by: string, best: Order['direction']) => void
}

type Props = Sorting & {
  by: string
  /** The direction that shows the best first: what a first press sorts by. */
  best: Order['direction']
  title?: string | undefined
  numeric?: boolean
  className?: string
  /** What stands under the name, such as an axis. */
  below?: ReactNode
  children: ReactNode
}

/** The head of a column, which sorts by it. */
export function ColumnHead(props: Props) {
  const { order, by, best, onSort, title, numeric, className, below, children } = props
  const active = order.by === by
  return (
    <th
      scope="col"
      role="columnheader"
      className={className}
      data-numeric={numeric || undefined}
      aria-sort={active ? order.direction : undefined}
    >
      <button type="button" title={title} onClick={() => onSort(by, best)}>
        {children}
        <span className="column-arrow" data-active={active || undefined}>
          <Icon name={active && order.direction === 'descending' ? 'down' : 'up'} />
        </span>
      </button>
      <span className="narrow-head">{children}</span>
      {below}
    </th>
  )
}
