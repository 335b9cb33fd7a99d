import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { Side } from '../../shared/verdicts.ts'
import type { RequestError } from '../arena/connection.ts'
import { RevealPanel } from '../reveal/reveal-panel.tsx'
import { texts } from '../texts/en.ts'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import { usePageKeys } from '../ui/use-single-keys.ts'
import { AnswerPane } from './answer-pane.tsx'
import { BattleDock } from './battle-dock.tsx'
import { SideSwitch } from './side-switch.tsx'
import { stageOf } from './state.ts'
import { useActs } from './use-acts.ts'
import { useBattle } from './use-battle.ts'
import { useBattleAnnouncements } from './use-battle-announcements.ts'
import './battle-page.css'

/** One battle, from the first word to the names. */
export function BattlePage() {
  const { battleId = '' } = useParams()
  // A battle's page state belongs to it alone.
  return <Battle key={battleId} battleId={battleId} />
}

function Battle({ battleId }: { battleId: string }) {
  const { session, battle, loadError } = useBattle(battleId)
  const stage = stageOf(battle)
  const navigate = useNavigate()
  const [shown, setShown] = useState<Side>('a')
  const { acts, error } = useActs(session)
  const first = battle.turns[0]
  const revealedHere = useRevealedHere(stage.name === 'revealed', battle.turns.length > 0)
  usePageTitle(first?.prompt.slice(0, 60) ?? texts.battle.title)
  useBattleAnnouncements(battle)
  usePageKeys((key) => {
    if (key === 'Escape' && stage.name === 'streaming') acts.stop()
    else if (key.toLowerCase() === 'n' && stage.name === 'revealed') void navigate('/')
    else return false
    return true
  })
  if (first === undefined) return <Unavailable error={loadError} onRetry={session.load} />
  return (
    <div className="battle" data-stage={stage.name}>
      <header className="battle-question">
        <p className="eyebrow">{texts.battle.asked}</p>
        <h1 dir="auto" tabIndex={first.prompt.length > 400 ? 0 : undefined}>
          {first.prompt}
        </h1>
      </header>
      <div className="battle-answers">
        <SideSwitch battle={battle} shown={shown} onShow={setShown} />
        <div className="battle-panes" data-shown={shown}>
          {(['a', 'b'] as const).map((side) => (
            <AnswerPane key={side} side={side} battle={battle} acts={acts} />
          ))}
        </div>
      </div>
      <div className="battle-error" role="alert">
        {error !== null && <Notice title={error.message} />}
      </div>
      {(stage.name === 'streaming' || stage.name === 'failed' || stage.name === 'judging') && (
        <BattleDock battleId={battleId} stage={stage.name} acts={acts} />
      )}
      {stage.name === 'expired' && (
        <Notice title={texts.battle.expired}>
          <Link className="button" to="/">
            {texts.battle.again}
          </Link>
        </Notice>
      )}
      {stage.name === 'revealed' && (
        <RevealPanel
          battleId={battleId}
          prompt={first.prompt}
          outcome={stage.outcome}
          fresh={revealedHere}
          onComment={session.comment}
        />
      )}
    </div>
  )
}

/** Whether the names were revealed on this page, rather than found revealed by a reload. */
function useRevealedHere(revealed: boolean, known: boolean): boolean {
  const [wasOpen, setWasOpen] = useState(false)
  if (known && !revealed && !wasOpen) setWasOpen(true)
  return revealed && wasOpen
}

type UnavailableProps = { error: RequestError | null; onRetry: () => Promise<void> }

function Unavailable({ error, onRetry }: UnavailableProps) {
  usePageTitle(texts.battle.title)
  return (
    <div className="page">
      {error === null ? (
        <p className="page-lead">{texts.battle.loading}</p>
      ) : (
        <>
          <h1 className="page-title">{texts.battle.notFound}</h1>
          <p className="page-lead">{error.retryable ? error.message : texts.battle.notFoundHint}</p>
          <p className="battle-unavailable">
            {error.retryable && (
              <button type="button" className="button" onClick={() => void onRetry()}>
                {texts.trouble.retry}
              </button>
            )}
            <Link className="button" data-kind="primary" to="/">
              {texts.battle.again}
            </Link>
          </p>
        </>
      )}
    </div>
  )
}
