import { useCallback, useEffect, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { BattleSummary } from '../../shared/schemas/battle.ts'
import type { RequestError } from '../arena/connection.ts'
import { getModels, getMyBattles } from '../arena/http.ts'
import { formatDateTime } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
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

function BattleLine({ battle }: { battle: BattleSummary }) {
  const { battles } = texts
  const { models, verdicts } = battle
  const state = {
    streaming: battles.streaming,
    answered: battles.open,
    voted: battles.judged,
    expired: battles.expired,
  }[battle.phase]
  return (
    <li>
      <Link to={`/battles/${battle.battleId}`} className="battle-line">
        <span className="battle-line-prompt" dir="auto">
          {battle.prompt}
        </span>
        <span className="battle-line-models">
          {models === undefined ? battles.unnamed : battles.versus(models.a.name, models.b.name)}
        </span>
        <span className="battle-line-about figures">
          {state} · {formatDateTime(battle.createdAt)}
          {battle.turns > 1 && ` · ${battles.turns(battle.turns)}`}
        </span>
        {verdicts !== undefined && (
          <span className="battle-line-verdicts">
            {DIMENSIONS.map((dimension) => (
              <span key={dimension} data-dimension={dimension}>
                <Icon name={dimension} />
                <span className="visually-hidden">{texts.dimensions[dimension]}: </span>
                {texts.verdicts[verdicts[dimension]]}
              </span>
            ))}
          </span>
        )}
      </Link>
    </li>
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
