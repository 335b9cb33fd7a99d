import { useCallback, useState, type FormEvent } from 'react'
import { Link } from 'react-router'
import type { Page } from '../../../shared/schemas/common.ts'
import type { AuditEntry } from '../../../shared/schemas/system.ts'
import { Select } from '../../leaderboard/select.tsx'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { AdminPage } from '../admin-page.tsx'
import { ListFrame } from '../lists/list-frame.tsx'
import { useFilters } from '../lists/use-filters.ts'
import { usePages } from '../lists/use-pages.ts'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { AuditDetails } from './audit-details.tsx'
import './audit.css'

const { audit, list } = moreTexts
const FILTERS = ['action', 'subject', 'tries'] as const
const keyOf = ({ id }: AuditEntry) => id

/** Every act of administration, the newest first. */
export function AuditPage() {
  const { api } = useAdmin()
  const { filters, query, set } = useFilters(FILTERS)
  const read = useCallback(
    (cursor: string | null) => {
      const search = new URLSearchParams(query)
      if (cursor !== null) search.set('cursor', cursor)
      return api.get<Page<AuditEntry>>(`/audit?${search.toString()}`)
    },
    [api, query],
  )
  const pages = usePages({ read, keyOf })
  const known = filters.action === '' || audit.actions.includes(filters.action)
  return (
    <AdminPage title={audit.title} lead={audit.lead}>
      <div className="list-filters" role="group" aria-label={list.filters}>
        <Select name={audit.action} value={filters.action} onChange={(action) => set({ action })}>
          <option value="">{list.any}</option>
          {!known && <option value={filters.action}>{filters.action}</option>}
          {audit.actions.map((action) => (
            <option key={action} value={action}>
              {audit.actionName(action)}
            </option>
          ))}
        </Select>
        <SubjectFilter
          key={filters.subject}
          value={filters.subject}
          onChange={(subject) => set({ subject })}
        />
        <label className="audit-tries">
          <input
            type="checkbox"
            checked={filters.tries === '0'}
            onChange={({ target }) => set({ tries: target.checked ? '0' : '' })}
          />
          {audit.withoutTries}
        </label>
        {query !== '' && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => set({ action: '', subject: '', tries: '' })}
          >
            {list.clear}
          </button>
        )}
      </div>
      <ListFrame pages={pages} empty={query === '' ? audit.empty : list.noMatch}>
        {(items) => (
          <ul className="list-rows" aria-label={audit.list} data-testid="audit-list">
            {items.map((entry) => (
              <li key={entry.id}>
                <Row entry={entry} />
              </li>
            ))}
          </ul>
        )}
      </ListFrame>
    </AdminPage>
  )
}

/** What was done to whom is typed, and asked for when it is complete. */
function SubjectFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    onChange(text.trim())
  }
  return (
    <form className="audit-subject" onSubmit={apply}>
      <label className="field">
        <span>{audit.subject}</span>
        <input
          type="search"
          value={text}
          placeholder={audit.subjectHint}
          onChange={({ target }) => setText(target.value)}
          onBlur={() => {
            if (text.trim() !== value) onChange(text.trim())
          }}
        />
      </label>
      <button type="submit" className="button">
        {audit.apply}
      </button>
    </form>
  )
}

function Row({ entry }: { entry: AuditEntry }) {
  const slug = /^model (\S+)$/.exec(entry.subject)?.[1]
  return (
    <div className="list-row audit-row">
      <p className="list-title">
        <span className="list-tag">{audit.actionName(entry.action)}</span>{' '}
        {slug === undefined ? (
          entry.subject
        ) : (
          <>
            <Link to={`/admin/models/${slug}`}>{slug}</Link>
          </>
        )}
      </p>
      <p className="list-beside figures">
        <When at={entry.at} exact />
      </p>
      <p className="list-about">
        {audit.by(entry.actor)} <code className="audit-action">{entry.action}</code>
      </p>
      <AuditDetails details={entry.details} />
    </div>
  )
}
