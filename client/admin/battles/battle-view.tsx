import { useCallback, useEffect } from 'react'
import { Link } from 'react-router'
import type { AdminBattleView, ModelFailure } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { texts } from '../../texts/en.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AdminPage } from '../admin-page.tsx'
import { Fact } from '../lists/fact.tsx'
import { ListLoading, Trouble } from '../lists/list-frame.tsx'
import { useAnswer } from '../lists/use-answer.ts'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { BattleTurn } from './battle-turn.tsx'
import { BattleVerdicts } from './battle-verdicts.tsx'

const { battles, failures } = moreTexts
/** So often a battle is read again while it is being answered. */
const WHILE_WRITTEN_MS = 2000
const SIDES = ['a', 'b'] as const

/** A whole battle: who was asked what, what they said and how it was judged. */
export function BattleView({ id, search }: { id: string; search: string }) {
  const { api } = useAdmin()
  const { value, error, again } = useAnswer(
    useCallback(() => api.get<AdminBattleView>(`/battles/${encodeURIComponent(id)}`), [api, id]),
  )
  const running = value?.phase === 'streaming'
  useEffect(() => {
    if (!running) return undefined
    const timer = setInterval(() => void again(), WHILE_WRITTEN_MS)
    return () => clearInterval(timer)
  }, [running, again])
  const missing = error?.code === 'not_found' || error?.code === 'battle_not_found'
  return (
    <AdminPage
      title={
        value === null
          ? battles.one
          : texts.battles.versus(value.models.a.name, value.models.b.name)
      }
    >
      <nav className="back-line" aria-label={battles.list}>
        <Link to={`/admin/battles${search}`}>{battles.back}</Link>
      </nav>
      {missing && <Notice title={battles.notFound} />}
      {error !== null && !missing && (
        <Trouble message={error.message} onRetry={() => void again()} />
      )}
      {value === null && error === null && <ListLoading />}
      {value !== null && <Battle battle={value} />}
    </AdminPage>
  )
}

function Battle({ battle }: { battle: AdminBattleView }) {
  const { models, versions } = battle
  return (
    <div className="admin-battle" data-testid="admin-battle">
      <dl className="fact-list">
        {SIDES.map((side) => (
          <Fact key={side} name={side.toUpperCase()}>
            <Link to={`/admin/models/${models[side].slug}`}>{models[side].name}</Link>,{' '}
            {failures.version(versions[side])}
          </Fact>
        ))}
        <Fact name={failures.when}>
          {battles.phases[battle.phase] ?? battle.phase}, <When at={battle.createdAt} exact />
        </Fact>
        <Fact name={battles.id}>
          <span className="battle-id">
            <code>{battle.battleId}</code>
            <CopyButton label={battles.copyId} text={battle.battleId} />
          </span>
        </Fact>
      </dl>
      <BattleVerdicts battle={battle} />
      {battle.failures.length > 0 && <BattleFailures items={battle.failures} />}
      {battle.turns.map((turn) => (
        <BattleTurn key={turn.turn} turn={turn} models={models} />
      ))}
    </div>
  )
}

function BattleFailures({ items }: { items: readonly ModelFailure[] }) {
  return (
    <section className="battle-section">
      <h2>{battles.failures}</h2>
      <ul className="list-rows">
        {items.map((failure) => (
          <li key={failure.id}>
            <Link to={`/admin/failures/${failure.id}`} className="list-row">
              <span className="list-title">
                <span className="list-tag" data-tone="bad">
                  {failures.kindName(failure.kind)}
                </span>{' '}
                {failure.turn !== null && failure.side !== null
                  ? failures.turn(failure.turn, failure.side)
                  : failure.slug}
              </span>
              <span className="list-beside figures">
                <When at={failure.at} />
              </span>
              <span className="list-about list-message" dir="auto">
                {failure.message}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
