import { useState } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { nextOrder, sortRows, type Order } from '../../leaderboard/view.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Icon } from '../../ui/icon.tsx'
import { MODEL_COLUMNS, type ModelColumn } from './columns.ts'
import { ModelRow } from './model-row.tsx'
import { useSteadyOrder } from './use-steady-order.ts'
import type { Tests } from './use-tests.ts'

type Props = {
  models: readonly AdminModel[]
  order: Order
  onOrder: (order: Order) => void
  /** What the rows were chosen by, beside the order. */
  chosen: string
  tests: Tests
  onPause: (model: AdminModel) => void
  onResume: (model: AdminModel) => void
}

/** The models, a line each. Lines stay where they are while somebody is at them. */
export function ModelsTable(props: Props) {
  const { models, order, onOrder, chosen, tests, onPause, onResume } = props
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  const column: ModelColumn | undefined = MODEL_COLUMNS.find(({ by }) => by === order.by)
  const sorted = sortRows(models, column?.value ?? (({ name }) => name), order.direction)
  const bySlug = new Map(models.map((model) => [model.slug, model]))
  const slugs = useSteadyOrder(
    sorted.map(({ slug }) => slug),
    `${order.by} ${order.direction} ${chosen}`,
    pointed || focused,
  )
  return (
    <div
      className="models-scroll"
      role="region"
      aria-label={adminTexts.models.title}
      tabIndex={0}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={({ target, currentTarget }) => setFocused(target !== currentTarget)}
      onBlur={() => setFocused(false)}
    >
      <table role="table" className="models-table">
        <thead role="rowgroup">
          <tr role="row">
            {MODEL_COLUMNS.map((each) => (
              <Head key={each.by} column={each} order={order} onOrder={onOrder} />
            ))}
            <th role="columnheader" scope="col" className="model-acts">
              {adminTexts.models.columns.acts}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {slugs.flatMap((slug) => {
            const model = bySlug.get(slug)
            return model === undefined ? (
              []
            ) : (
              <ModelRow
                key={slug}
                model={model}
                test={tests.states.get(slug)}
                onTest={tests.testOne}
                onPause={onPause}
                onResume={onResume}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

type HeadProps = Pick<Props, 'order' | 'onOrder'> & { column: ModelColumn }

function Head({ column, order, onOrder }: HeadProps) {
  const { by, name, best, title, numeric } = column
  const active = order.by === by
  return (
    <th
      role="columnheader"
      scope="col"
      className={`model-${by}`}
      data-numeric={numeric}
      aria-sort={active ? order.direction : undefined}
    >
      <button type="button" title={title} onClick={() => onOrder(nextOrder(order, by, best))}>
        {name}
        {active && <Icon name={order.direction === 'descending' ? 'down' : 'up'} />}
      </button>
    </th>
  )
}
