import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { BattleSummary } from '../../shared/schemas/battle.ts'
import type { RequestError } from '../arena/connection.ts'
import { getMyBattles } from '../arena/http.ts'
import { formatDateTime } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import './pages.css'

/** What this visitor asked and decided, newest first. */
export function BattlesPage() {
  usePageTitle(texts.battles.title)
  const { items, cursor, error, more } = useMyBattles()
  return (
    <div className="page">
      <h1 className="page-title">{texts.battles.title}</h1>
      <p className="page-lead">{texts.battles.lead}</p>
      {error !== null && <Notice title={error.message} />}
      {items?.length === 0 && (
        <p className="page-empty">
          {texts.battles.empty}{' '}
          <Link className="button" data-kind="primary" to="/">
            {texts.battles.start}
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

function useMyBattles(): {
  items: readonly BattleSummary[] | null
  cursor: string | null
  error: RequestError | null
  more: () => void
} {
  const [items, setItems] = useState<readonly BattleSummary[] | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [error, setError] = useState<RequestError | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => {
    let left = false
    const load = async () => {
      const fetched = await getMyBattles(wanted)
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
  }, [wanted])
  return { items, cursor, error, more: () => setWanted(cursor) }
}
