import { useCallback, useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'
import type { Alert } from '../../shared/schemas/admin.ts'
import type { Page } from '../../shared/schemas/common.ts'
import { adminTexts } from '../texts/en-admin.ts'
import { ok } from '../../shared/result.ts'
import type { NeededScope } from './scope.ts'
import { useAdmin } from './session.tsx'
import { usePolled } from './use-polled.ts'

const LINKS: readonly (readonly [string, string, NeededScope])[] = [
  ['/admin', adminTexts.nav.models, 'operator'],
  ['/admin/weights', adminTexts.nav.weights, 'operator'],
  ['/admin/alerts', adminTexts.nav.alerts, 'operator'],
  ['/admin/failures', adminTexts.nav.failures, 'operator'],
  ['/admin/battles', adminTexts.nav.battles, 'admin'],
  ['/admin/exchange', adminTexts.nav.exchange, 'admin'],
  ['/admin/audit', adminTexts.nav.audit, 'admin'],
  ['/admin/tokens', adminTexts.nav.tokens, 'admin'],
]

const ALERTS_EVERY_MS = 15_000

/** The rooms of the console that one may enter, and who one is. */
export function AdminNav() {
  const { session, may, signOut } = useAdmin()
  const links = LINKS.filter(([, , needed]) => may(needed))
  const list = useRef<HTMLUListElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    if (list.current !== null) showRoom(list.current, pathname)
  }, [pathname])
  return (
    <div className="admin-nav">
      <nav aria-label={adminTexts.nav.label} hidden={links.length === 0}>
        <ul ref={list}>
          {links.map(([to, name]) => (
            <li key={to}>
              <NavLink to={to} end={to === '/admin'}>
                {name}
                {to === '/admin/alerts' && <AlertBadge />}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="admin-who">
        <p title={adminTexts.nav.expires(session.expiresAt)}>
          <span className="admin-actor">{session.actor}</span>{' '}
          <span className="admin-scope">{session.scope}</span>
        </p>
        <button type="button" className="button" data-kind="quiet" onClick={() => void signOut()}>
          {adminTexts.nav.signOut}
        </button>
      </div>
    </div>
  )
}

/** Moves the row of rooms sideways until that of this path is in it; never the page. */
function showRoom(list: HTMLElement, path: string): void {
  const rooms = [...list.querySelectorAll('a')]
  const room = rooms.findLast(({ pathname }) => path.startsWith(pathname))?.getBoundingClientRect()
  if (room === undefined) return
  const row = list.getBoundingClientRect()
  list.scrollLeft += room.left - row.left - (row.width - room.width) / 2
}

/** How many alerts hold now and nobody has taken up yet. */
function AlertBadge() {
  const { api, may } = useAdmin()
  const allowed = may('operator')
  const read = useCallback(
    async () =>
      allowed
        ? api.get<Page<Alert>>('/alerts?active=1&limit=200')
        : ok({ items: [], nextCursor: null }),
    [api, allowed],
  )
  const { value } = usePolled(read, ALERTS_EVERY_MS)
  const open = value?.items.filter(({ acknowledgedAt }) => acknowledgedAt === null).length ?? 0
  if (open === 0) return null
  return (
    <span className="admin-badge figures">
      {open}
      <span className="visually-hidden"> {adminTexts.nav.activeAlerts(open)}</span>
    </span>
  )
}
