import { Link } from 'react-router'
import type { BattleSummary } from '../../shared/schemas/battle.ts'
import { formatDateTime } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { VerdictMarks } from '../ui/verdict-marks.tsx'
import './pages.css'

/** One battle in a list: what was asked, who answered once that is known, and what was decided. */
export function BattleLine({ battle }: { battle: BattleSummary }) {
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
            <VerdictMarks verdicts={verdicts} />
          </span>
        )}
      </Link>
    </li>
  )
}
