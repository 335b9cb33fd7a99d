import { useCallback, useState } from 'react'
import { Link } from 'react-router'
import type { Alert } from '../../../shared/schemas/admin.ts'
import type { Page } from '../../../shared/schemas/common.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { announce } from '../../ui/announcer.tsx'
import { AdminPage } from '../admin-page.tsx'
import { ListFrame } from '../lists/list-frame.tsx'
import { useModels } from '../lists/use-models.ts'
import { usePages } from '../lists/use-pages.ts'
import { WatchSwitch } from '../lists/watch-switch.tsx'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { splitAlerts } from './split.ts'
import './alerts.css'

const { alerts, list } = moreTexts
const WATCH_MS = 10_000
const keyOf = ({ id }: Alert) => id

/** What needs somebody: what holds now first, then what is past. */
export function AlertsPage() {
  const { api } = useAdmin()
  const { nameOf } = useModels()
  const [watching, setWatching] = useState(true)
  const watchMs = watching ? WATCH_MS : undefined
  const active = usePages({
    read: useCallback((cursor: string | null) => api.get<Page<Alert>>(pathOf(cursor, '1')), [api]),
    keyOf,
    watchMs,
    whole: true,
  })
  const all = usePages({
    read: useCallback((cursor: string | null) => api.get<Page<Alert>>(pathOf(cursor, '0')), [api]),
    keyOf,
    watchMs,
  })
  const { holding, past } = splitAlerts(active.items, all.items)
  // What keeps both from being read is said once.
  const retry = () => {
    active.retry()
    if (all.error !== null) all.retry()
  }
  const replace = (alert: Alert) => {
    active.replace(alert)
    all.replace(alert)
  }
  return (
    <AdminPage
      title={alerts.title}
      lead={alerts.lead}
      actions={<WatchSwitch on={watching} onChange={setWatching} />}
    >
      <section className="alert-section" aria-labelledby="alerts-active">
        <h2 id="alerts-active">{alerts.active}</h2>
        <ListFrame
          pages={{ ...active, items: holding, retry }}
          arrived={alerts.arrived}
          empty={alerts.noneActive}
        >
          {(items) => (
            <AlertList items={items} fresh={active.fresh} nameOf={nameOf} onChanged={replace} />
          )}
        </ListFrame>
      </section>
      <section className="alert-section" aria-labelledby="alerts-past">
        <h2 id="alerts-past">{alerts.past}</h2>
        <ListFrame
          pages={{ ...all, items: past, error: active.error === null ? all.error : null }}
          empty={alerts.nonePast}
        >
          {(items) => (
            <AlertList items={items} fresh={all.fresh} nameOf={nameOf} onChanged={replace} />
          )}
        </ListFrame>
      </section>
      <section className="alert-section" aria-labelledby="alerts-webhook">
        <h2 id="alerts-webhook">{alerts.webhook}</h2>
        <p className="admin-hint">
          {alerts.webhookLead[0]} <code>{alerts.webhookLead[1]}</code>
          {alerts.webhookLead[2]}
        </p>
      </section>
    </AdminPage>
  )
}

function pathOf(cursor: string | null, active: '0' | '1'): string {
  const search = new URLSearchParams({
    active,
    ...(active === '1' && { limit: '200' }),
    ...(cursor === null ? {} : { cursor }),
  })
  return `/alerts?${search.toString()}`
}

type ListProps = {
  items: readonly Alert[]
  fresh: ReadonlySet<string | number>
  nameOf: (slug: string) => string
  onChanged: (alert: Alert) => void
}

function AlertList({ items, fresh, nameOf, onChanged }: ListProps) {
  return (
    <ul className="list-rows" data-testid="alert-list">
      {items.map((alert) => (
        <li key={alert.id} data-fresh={fresh.has(alert.id) || undefined}>
          <AlertRow
            alert={alert}
            isNew={fresh.has(alert.id)}
            name={alert.model === null ? null : nameOf(alert.model)}
            onChanged={onChanged}
          />
        </li>
      ))}
    </ul>
  )
}

type RowProps = {
  alert: Alert
  name: string | null
  isNew: boolean
  onChanged: (alert: Alert) => void
}

function AlertRow({ alert, name, isNew, onChanged }: RowProps) {
  const { api, whyNot } = useAdmin()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const { model, kind } = alert
  const holds = alert.resolvedAt === null
  const acknowledge = async () => {
    setBusy(true)
    const answer = await api.post<Alert>(`/alerts/${alert.id}/acknowledge`)
    setBusy(false)
    setFault(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    onChanged(answer.value)
    announce(alerts.acknowledged)
  }
  return (
    <div className="list-row alert-row">
      <p className="list-title">
        <span className="list-tag" data-tone={holds ? 'bad' : 'quiet'}>
          {alerts.kindName(kind)}
        </span>{' '}
        {model !== null && <Link to={`/admin/models/${model}`}>{name}</Link>}{' '}
        {isNew && <span className="list-tag">{list.fresh}</span>}
      </p>
      <p className="list-beside figures">
        <When at={alert.at} exact />
        {alert.resolvedAt !== null && (
          <>
            , {alerts.resolved} <When at={alert.resolvedAt} />
          </>
        )}
      </p>
      <p className="list-about alert-message" dir="auto">
        {alert.message}
      </p>
      {holds && <p className="list-about">{alerts.hint(kind)}</p>}
      <div className="list-about alert-acts">
        {alert.acknowledgedAt !== null && (
          <span>
            {alerts.acknowledgedBy(alert.acknowledgedBy ?? '–')} <When at={alert.acknowledgedAt} />
          </span>
        )}
        {holds && alert.acknowledgedAt === null && (
          <button
            type="button"
            className="button"
            aria-label={alerts.acknowledgeOf(kind, name)}
            aria-disabled={busy || whyNot('operator') !== undefined}
            title={whyNot('operator')}
            onClick={() => {
              if (!busy && whyNot('operator') === undefined) void acknowledge()
            }}
          >
            {busy ? alerts.acknowledging : alerts.acknowledge}
          </button>
        )}
        {model !== null && (
          <Link to={`/admin/failures?${new URLSearchParams({ model }).toString()}`}>
            {alerts.failures}
          </Link>
        )}
        <span className="admin-fault" role="alert">
          {fault}
        </span>
      </div>
    </div>
  )
}
