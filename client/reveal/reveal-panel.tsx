import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { SIDES } from '../../shared/verdicts.ts'
import type { ActResult } from '../battle/session.ts'
import type { Outcome } from '../battle/state.ts'
import { texts } from '../texts/en.ts'
import { announce } from '../ui/announcer.tsx'
import { Icon } from '../ui/icon.tsx'
import { Remark } from './remark.tsx'
import { RevealSide } from './reveal-side.tsx'
import { ratingScale } from './scale.ts'
import { Share } from './share.tsx'
import { VerdictLine } from './verdict-line.tsx'
import './reveal.css'

type Props = {
  battleId: string
  prompt: string
  outcome: Outcome
  /** Whether it happened just now: then the focus comes here and it is announced. */
  fresh: boolean
  onComment: (comment: string) => Promise<ActResult>
}

/** Who answered, what was expected, and what the vote moved. */
export function RevealPanel({ battleId, prompt, outcome, fresh, onComment }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { reveal, ratings, verdicts } = outcome
  useEffect(() => {
    if (!fresh) return
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'nearest' })
    announce(texts.reveal.announced(reveal.a.name, reveal.b.name))
  }, [fresh, reveal])
  return (
    <section className="reveal" data-testid="reveal" data-fresh={fresh || undefined}>
      <h2 ref={heading} tabIndex={-1} className="visually-hidden">
        {texts.reveal.title}
      </h2>
      <div className="reveal-sides">
        {SIDES.map((side) => (
          <RevealSide
            key={side}
            side={side}
            model={reveal[side]}
            ratings={ratings?.[side] ?? null}
            scale={ratings === null ? null : ratingScale(ratings)}
          />
        ))}
      </div>
      {ratings === null && <p className="reveal-pending">{texts.reveal.pending}</p>}
      <div className="reveal-docket" role="group" aria-label={texts.reveal.youSaid}>
        <p className="reveal-docket-head eyebrow">
          <span>{texts.reveal.judgement}</span>
          <span>{texts.reveal.expectation}</span>
        </p>
        {DIMENSIONS.map((dimension) => (
          <VerdictLine
            key={dimension}
            dimension={dimension}
            verdict={verdicts[dimension]}
            names={{ a: reveal.a.name, b: reveal.b.name }}
            expected={ratings?.a[dimension].expected ?? null}
          />
        ))}
      </div>
      <div className="reveal-acts">
        <Link to="/" className="button" data-kind="primary" data-testid="next-battle">
          {texts.reveal.next} <kbd>N</kbd>
        </Link>
        <Link to="/" state={{ prompt }} className="button">
          <Icon name="retry" />
          {texts.reveal.again}
        </Link>
        <Share battleId={battleId} outcome={outcome} />
        <Link to="/battles" className="button" data-kind="quiet">
          {texts.reveal.mine}
        </Link>
      </div>
      <Remark battleId={battleId} onComment={onComment} />
    </section>
  )
}
