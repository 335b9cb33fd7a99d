import { useCallback, useState } from 'react'
import { Link, useParams } from 'react-router'
import type { ModelFailure } from '../../../shared/schemas/admin.ts'
import type { Page } from '../../../shared/schemas/common.ts'
import { Select } from '../../leaderboard/select.tsx'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { AdminPage } from '../admin-page.tsx'
import { ListFrame } from '../lists/list-frame.tsx'
import { ModelSelect } from '../lists/model-select.tsx'
import { useFilters } from '../lists/use-filters.ts'
import { useModels } from '../lists/use-models.ts'
import { usePages } from '../lists/use-pages.ts'
import { WatchSwitch } from '../lists/watch-switch.tsx'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { FailureView } from './failure-view.tsx'

const { failures, list } = moreTexts
const FILTERS = ['model', 'kind'] as const
const WATCH_MS = 5000
const keyOf = ({ id }: ModelFailure) => id

/** Answers that could not be had; one of them opened where the address names it. */
export function FailuresPage() {
  const { id } = useParams()
  const { api, may } = useAdmin()
  const { filters, query, set } = useFilters(FILTERS)
  const { models, nameOf } = useModels()
  const [watching, setWatching] = useState(true)
  const read = useCallback(
    (cursor: string | null) => {
      const search = new URLSearchParams(query)
      if (cursor !== null) search.set('cursor', cursor)
      return api.get<Page<ModelFailure>>(`/failures?${search.toString()}`)
    },
    [api, query],
  )
  const pages = usePages({ read, keyOf, watchMs: watching ? WATCH_MS : undefined })
  const search = query === '' ? '' : `?${query}`

  if (id !== undefined) {
    const items = pages.items ?? []
    const at = items.findIndex((failure) => String(failure.id) === id)
    return (
      <FailureView
        key={id}
        id={id}
        search={search}
        newer={items[at - 1]?.id ?? null}
        older={at < 0 ? null : (items[at + 1]?.id ?? null)}
        nameOf={nameOf}
      />
    )
  }
  return (
    <AdminPage title={failures.title} lead={failures.lead}>
      <div className="list-filters" role="group" aria-label={list.filters}>
        <ModelSelect
          name={list.model}
          value={filters.model}
          models={models}
          onChange={(model) => set({ model })}
        />
        <Select name={failures.kind} value={filters.kind} onChange={(kind) => set({ kind })}>
          <option value="">{list.any}</option>
          {failures.kinds.map((kind) => (
            <option key={kind} value={kind}>
              {failures.kindName(kind)}
            </option>
          ))}
        </Select>
        {query !== '' && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => set({ model: '', kind: '' })}
          >
            {list.clear}
          </button>
        )}
        <WatchSwitch on={watching} onChange={setWatching} />
      </div>
      <ListFrame
        pages={pages}
        arrived={failures.arrived}
        empty={query === '' ? failures.empty : list.noMatch}
      >
        {(items) => (
          <ul className="list-rows" aria-label={failures.list} data-testid="failure-list">
            {items.map((failure) => (
              <li key={failure.id} data-fresh={pages.fresh.has(failure.id) || undefined}>
                {may('admin') ? (
                  <Link to={`/admin/failures/${failure.id}${search}`} className="list-row">
                    <Row
                      failure={failure}
                      name={nameOf(failure.slug)}
                      isNew={pages.fresh.has(failure.id)}
                    />
                  </Link>
                ) : (
                  <div className="list-row">
                    <Row
                      failure={failure}
                      name={nameOf(failure.slug)}
                      isNew={pages.fresh.has(failure.id)}
                    />
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </ListFrame>
    </AdminPage>
  )
}

type RowProps = { failure: ModelFailure; name: string; isNew: boolean }

function Row({ failure, name, isNew }: RowProps) {
  return (
    <>
      <span className="list-title">
        <span className="list-tag" data-tone="bad">
          {failures.kindName(failure.kind)}
        </span>{' '}
        {name} {isNew && <span className="list-tag">{list.fresh}</span>}
      </span>
      <span className="list-beside figures">
        <When at={failure.at} />
      </span>
      <span className="list-about list-message" dir="auto">
        {failure.message}
      </span>
      <span className="list-beside failure-how figures">
        {failure.status !== null && `${failures.status(failure.status)} · `}
        {failures.after(failure.durationMs)} · {failures.version(failure.version)}
      </span>
    </>
  )
}
