import { useCallback, useEffect, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { BattleSummary } from '../../shared/schemas/battle.ts'
import type { RequestError } from '../arena/connection.ts'
import { getModels, getMyBattles } from '../arena/http.ts'
import { texts } from '../texts/en.ts'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import { BattleLine } from './battle-line.tsx'
import './pages.css'

/** What this visitor asked and decided, newest first. */
export function BattlesPage() {
  const [query] = useSearchParams()
  const [model, opponent] = [query.get('model'), query.get('opponent')]
  const between = model !== null && opponent !== null
  const { battles } = texts
  const nameOf = useModelNames(between)
  const title = between ? battles.between(nameOf(model), nameOf(opponent)) : battles.title
  usePageTitle(title)
  const { items, cursor, error, more } = useMyBattles(between ? { model, opponent } : ALL)
  return (
    <div className="page">
      <h1 className="page-title">{title}</h1>
      <p className="page-lead">
        {between ? battles.betweenLead : battles.lead}{' '}
        {between && <Link to="/battles">{battles.all}</Link>}
      </p>
      {error !== null && <Notice title={error.message} />}
      {items?.length === 0 && (
        <p className="page-empty">
          {between ? battles.betweenEmpty : battles.empty}{' '}
          <Link className="button" data-kind="primary" to="/">
            {between ? battles.startOne : battles.start}
          </Link>
        </p>
      )}
      <ul className="battle-list">
        {items?.map((battle) => (
          <BattleLine key={battle.battleId} battle={battle} />
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" className="button" onClick={more}>
          {texts.battles.more}
        </button>
      )}
    </div>
  )
}

/** No pair of models: everything. */
const ALL: Record<string, string> = {}

/** What slugs are called, where somebody wants to know; until it is known, the slug. */
function useModelNames(wanted: boolean): (slug: string) => string {
  const read = useCallback(
    async () => (wanted ? await getModels() : ({ ok: false, error: NOT_ASKED } as const)),
    [wanted],
  )
  const fetched = useFetched(read)
  const cards = fetched?.ok === true ? fetched.value.items : []
  return (slug) => cards.find((card) => card.slug === slug)?.name ?? slug
}

const NOT_ASKED: RequestError = { code: 'not_found', message: '', retryable: false }

function useMyBattles(about: Record<string, string>): {
  items: readonly BattleSummary[] | null
  cursor: string | null
  error: RequestError | null
  more: () => void
} {
  const [items, setItems] = useState<readonly BattleSummary[] | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [error, setError] = useState<RequestError | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  const key = JSON.stringify(about)
  useEffect(() => {
    let left = false
    const load = async () => {
      const fetched = await getMyBattles(wanted, JSON.parse(key) as Record<string, string>)
      if (left) return
      setError(fetched.ok ? null : fetched.error)
      if (!fetched.ok) return
      setItems((held) => (wanted === null ? [] : (held ?? [])).concat(fetched.value.items))
      setCursor(fetched.value.nextCursor)
    }
    void load()
    return () => {
      left = true
    }
  }, [wanted, key])
  return { items, cursor, error, more: () => setWanted(cursor) }
}
