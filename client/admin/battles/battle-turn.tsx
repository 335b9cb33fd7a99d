import type { AdminBattleView } from '../../../shared/schemas/admin.ts'
import type { Side } from '../../../shared/verdicts.ts'
import { Reasoning } from '../../battle/reasoning.tsx'
import { Answer } from '../../markdown/answer.tsx'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

const { battles } = moreTexts
const SIDES = ['a', 'b'] as const

type Turn = AdminBattleView['turns'][number]
type Props = { turn: Turn; models: AdminBattleView['models'] }

/** One question and both answers, as the visitor saw them, and what was thought before. */
export function BattleTurn({ turn, models }: Props) {
  return (
    <section className="battle-section" aria-labelledby={`turn-${turn.turn}`}>
      <h2 id={`turn-${turn.turn}`}>{battles.question(turn.turn)}</h2>
      <p className="battle-prompt" dir="auto">
        {turn.prompt}
      </p>
      <div className="battle-answers">
        {SIDES.map((side) => (
          <SideAnswer key={side} side={side} name={models[side].name} answer={turn[side]} />
        ))}
      </div>
    </section>
  )
}

function SideAnswer({ side, name, answer }: { side: Side; name: string; answer: Turn[Side] }) {
  const { text, end, reasoning } = answer
  const reason = end?.reason
  return (
    <article className="battle-answer" data-side={side}>
      <header>
        <h3>{battles.answer(side, name)}</h3>
        <span className="list-tag" data-tone={reason === 'error' ? 'bad' : 'quiet'}>
          {reason === undefined ? battles.writing : (battles.endNames[reason] ?? reason)}
        </span>
        <span className="battle-words figures">{battles.words(wordsOf(text))}</span>
        {text !== '' && <CopyButton label={battles.copyAnswer(side)} text={text} />}
      </header>
      {reasoning !== undefined && reasoning !== '' && (
        <div className="battle-reasoning">
          <Reasoning side={side} text={reasoning} />
        </div>
      )}
      <div className="battle-answer-text" dir="auto">
        {text === '' ? (
          <p className="admin-hint">{battles.noText}</p>
        ) : (
          <Answer text={text} live={false} />
        )}
      </div>
    </article>
  )
}

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length
}
