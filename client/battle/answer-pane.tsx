import { memo } from 'react'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Side } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { FailedSide } from './failed-side.tsx'
import { PaneTurn } from './pane-turn.tsx'
import { sideLabel } from './side-label.ts'
import { currentTurn, shownText, type BattleState, type SideState } from './state.ts'
import type { Acts } from './use-acts.ts'
import { useFollow } from './use-follow.ts'
import './answer-pane.css'

type Props = {
  side: Side
  battle: BattleState
  acts: Acts
}

/** One side of a battle: its state in words, and its answers in a region that scrolls by itself. */
export function AnswerPane({ side, battle, acts }: Props) {
  const turn = currentTurn(battle)
  const now = turn?.sides[side]
  const live = now?.end === null
  const { attach, toEnd, following } = useFollow(live)
  const model = battle.outcome?.reveal[side]
  return (
    <section className="pane" data-side={side} aria-label={texts.battle.answer(side)}>
      <header className="pane-head">
        <h2 className="visually-hidden">{texts.battle.answer(side)}</h2>
        <span className="side-letter" aria-hidden="true">
          {side.toUpperCase()}
        </span>
        {model === undefined ? <PaneState side={side} now={now} /> : <PaneName model={model} />}
        <span className="pane-tools">
          {live && (
            <button
              type="button"
              className="button"
              data-kind="icon"
              aria-label={texts.battle.stopOne(side)}
              title={texts.battle.stopOne(side)}
              onClick={() => acts.stop(side)}
            >
              <Icon name="stop" />
            </button>
          )}
          {now?.end?.reason === 'stopped' && battle.outcome === null && (
            <button
              type="button"
              className="button"
              data-kind="icon"
              aria-label={texts.battle.retryOf(side)}
              title={texts.battle.retryOf(side)}
              onClick={() => acts.retry(side, false)}
            >
              <Icon name="retry" />
            </button>
          )}
          <CopyButton
            label={texts.battle.copyAnswer(side)}
            text={() => (now === undefined ? '' : shownText(now))}
          />
        </span>
      </header>
      <div
        className="pane-scroll"
        ref={attach}
        role="region"
        aria-label={texts.battle.answerRegion(side)}
        tabIndex={0}
      >
        <div>
          {battle.turns.map((each) => (
            <PaneTurn
              key={each.turn}
              side={side}
              turn={each.turn}
              prompt={each.prompt}
              state={each.sides[side]}
              current={each === turn}
            />
          ))}
        </div>
      </div>
      {now?.end?.reason === 'error' && battle.outcome === null && (
        <FailedSide
          side={side}
          replaceable={turn?.turn === 1}
          onRetry={(replace) => acts.retry(side, replace)}
        />
      )}
      {live && !following && (
        <button
          type="button"
          className="button pane-latest"
          aria-label={texts.battle.latestOf(side)}
          onClick={toEnd}
        >
          <Icon name="down" />
          {texts.battle.latest}
        </button>
      )}
    </section>
  )
}

const PaneState = memo(({ side, now }: { side: Side; now: SideState | undefined }) => (
  <span className="pane-state">
    <span
      data-testid={`state-${side}`}
      className="pane-state-words"
      data-state={now?.end?.reason ?? (now?.text === '' ? 'thinking' : 'writing')}
    >
      {now === undefined ? '' : sideLabel(now)}
    </span>
    {now !== undefined && now.end !== null && (
      <span className="pane-state-count figures">
        {texts.battle.words(wordsIn(shownText(now)))}
      </span>
    )}
  </span>
))
PaneState.displayName = 'PaneState'

function PaneName({ model }: { model: ModelRef }) {
  return (
    <span className="pane-state">
      <span className="pane-state-words">{model.name}</span>
      <span className="pane-state-count">{model.organization}</span>
    </span>
  )
}

function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}
