import { boardTexts } from '../texts/en-board.ts'
import { Icon } from '../ui/icon.tsx'
import type { Sorting } from './column-head.tsx'
import type { SortColumn } from './view.ts'

type Props<T> = Sorting & { columns: readonly SortColumn<T>[] }

/** Sorting where a table is too narrow to show the heads of its columns. */
export function SortSelect<T>({ columns, order, onSort }: Props<T>) {
  const chosen = columns.find(({ by }) => by === order.by)
  return (
    <div className="sort-select">
      <label className="field">
        <span>{boardTexts.sortBy}</span>
        <select
          value={order.by}
          onChange={({ target }) => {
            const next = columns.find(({ by }) => by === target.value)
            if (next !== undefined) onSort(next.by, next.best)
          }}
        >
          {columns.map(({ by, name }) => (
            <option key={by} value={by}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button"
        data-kind="icon"
        aria-label={boardTexts.turnOrder}
        title={boardTexts.turnOrder}
        onClick={() => chosen !== undefined && onSort(chosen.by, chosen.best)}
      >
        <Icon name={order.direction === 'descending' ? 'down' : 'up'} />
      </button>
    </div>
  )
}
