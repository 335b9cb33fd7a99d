import { DIMENSIONS } from '../../../shared/dimensions.ts'
import type { AdminBattleView } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { texts } from '../../texts/en.ts'
import { formatWhole } from '../../texts/format.ts'
import { DimensionName } from '../../ui/dimension-name.tsx'

const { battles } = moreTexts
const SIDES = ['a', 'b'] as const

/** How a battle was judged, dimension by dimension, and what that did to the ratings. */
export function BattleVerdicts({ battle }: { battle: AdminBattleView }) {
  const { verdicts, ratings, models } = battle
  return (
    <section className="battle-section">
      <h2>{battles.verdicts}</h2>
      {verdicts === undefined ? (
        <p className="admin-hint">{battles.noVerdicts}</p>
      ) : (
        <ul className="battle-judged">
          {DIMENSIONS.map((dimension) => {
            const verdict = verdicts[dimension]
            const winner = verdict === 'a' || verdict === 'b' ? models[verdict].name : null
            return (
              <li key={dimension} data-dimension={dimension}>
                <DimensionName dimension={dimension} />
                <span>
                  {texts.verdictPhrases[verdict]}
                  {winner !== null && ` (${winner})`}
                </span>
                {ratings !== undefined && ratings !== null && (
                  <span className="battle-moved figures">
                    {SIDES.map((side) => {
                      const { before, after } = ratings[side][dimension]
                      return `${side.toUpperCase()} ${formatWhole(before)} → ${formatWhole(after)}`
                    }).join(' · ')}
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
