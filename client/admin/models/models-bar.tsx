import type { AdminModel } from '../../../shared/schemas/model.ts'
import { nextOrder, type Order } from '../../leaderboard/view.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Icon } from '../../ui/icon.tsx'
import { MODEL_COLUMNS } from './columns.ts'
import type { ListFilter } from './list-address.ts'
import { StatusMark } from './status-mark.tsx'
import type { Summary } from './summary.ts'

type Props = {
  models: readonly AdminModel[]
  summary: Summary
  filter: ListFilter
  onFilter: (change: Partial<ListFilter>) => void
  order: Order
  onOrder: (order: Order) => void
}

/** What narrows the list down: how many have which status, words, makers. */
export function ModelsBar({ models, summary, filter, onFilter, order, onOrder }: Props) {
  const { models: texts } = adminTexts
  const organizations = [...new Set(models.map(({ organization }) => organization))].toSorted()
  const hasRetired = models.some(({ retired }) => retired !== null)
  const chosen = MODEL_COLUMNS.find(({ by }) => by === order.by)
  return (
    <div className="models-bar" role="search" aria-label={texts.filters}>
      <div className="models-statuses" role="group" aria-label={texts.columns.status}>
        {summary.statuses.map(({ status, models: many }) => (
          <button
            key={status}
            type="button"
            className="status-chip"
            aria-pressed={filter.status === status}
            onClick={() => onFilter({ status: filter.status === status ? null : status })}
          >
            <strong className="figures">{many}</strong> <StatusMark status={status} />
          </button>
        ))}
      </div>
      <label className="models-search">
        <span className="visually-hidden">{texts.search}</span>
        <input
          type="search"
          placeholder={texts.search}
          value={filter.text}
          onChange={({ target }) => onFilter({ text: target.value })}
        />
      </label>
      {hasRetired && (
        <label className="models-check">
          <input
            type="checkbox"
            checked={filter.retired}
            onChange={({ target }) =>
              onFilter({
                retired: target.checked,
                ...(filter.status === 'retired' ? { status: null } : {}),
              })
            }
          />
          {texts.showRetired}
        </label>
      )}
      <label className="models-organization">
        <span className="visually-hidden">{texts.columns.organization}</span>
        <select
          value={filter.organization ?? ''}
          onChange={({ target }) =>
            onFilter({ organization: target.value === '' ? null : target.value })
          }
        >
          <option value="">{texts.allOrganizations}</option>
          {organizations.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <div className="models-sort">
        <label>
          <span className="visually-hidden">{texts.sortBy}</span>
          <select
            value={order.by}
            onChange={({ target }) => {
              const next = MODEL_COLUMNS.find(({ by }) => by === target.value)
              if (next !== undefined) onOrder({ by: next.by, direction: next.best })
            }}
          >
            {MODEL_COLUMNS.map(({ by }) => (
              <option key={by} value={by}>
                {texts.sortedBy(texts.labels[by])}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button"
          data-kind="icon"
          aria-label={texts.turnOrder}
          onClick={() => chosen !== undefined && onOrder(nextOrder(order, chosen.by, chosen.best))}
        >
          <Icon name={order.direction === 'descending' ? 'down' : 'up'} />
        </button>
      </div>
    </div>
  )
}
