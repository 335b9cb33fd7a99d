import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import type { Order } from './view.ts'

type Props = {
  order: Order
  by: string
  /** The direction that shows the best first: what a first press sorts by. */
  best: Order['direction']
  onSort: (by: string, best: Order['direction']) => void
  title?: string
  numeric?: boolean
  children: ReactNode
}

/** The head of a column, which sorts by it. */
export function ColumnHead({ order, by, best, onSort, title, numeric, children }: Props) {
  const active = order.by === by
  return (
    <th
      scope="col"
      data-numeric={numeric || undefined}
      aria-sort={active ? order.direction : undefined}
    >
      <button type="button" title={title} onClick={() => onSort(by, best)}>
        {children}
        <span className="column-arrow" data-active={active || undefined}>
          <Icon name={active && order.direction === 'descending' ? 'down' : 'up'} />
        </span>
      </button>
    </th>
  )
}
