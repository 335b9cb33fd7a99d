import type { Board } from '../../shared/schemas/leaderboard.ts'
import { madeTexts } from '../texts/en-made.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { isThin } from './made.ts'

/** What speaks for and against the numbers of one board: its lead, the sides, the style. */
export function MadeEvidence({ board, heading }: { board: Board; heading: boolean }) {
  const { leader, position, styleEffects } = board
  if (leader === null && position === null && styleEffects === null) return null
  const nameOf = (slug: string) =>
    board.rows.find((row) => row.model.slug === slug)?.model.name ?? slug
  return (
    <section data-dimension={board.slice.dimension} className="made-evidence">
      {heading && (
        <h3>
          <DimensionName dimension={board.slice.dimension} />
        </h3>
      )}
      {leader !== null && (
        <>
          <h4>{madeTexts.leader}</h4>
          <p data-testid="leader-words">
            {madeTexts.leaderWords(
              nameOf(leader.model),
              nameOf(leader.runnerUp),
              leader.gap,
              leader.votesToFlip,
              leader.share,
            )}{' '}
            {isThin(leader) ? madeTexts.leaderThin : madeTexts.leaderFirm}
          </p>
        </>
      )}
      {position !== null && (
        <>
          <h4>{madeTexts.position}</h4>
          <p>{madeTexts.positionWords(position)}</p>
        </>
      )}
      {styleEffects !== null && (
        <>
          <h4>{madeTexts.style}</h4>
          <p>{madeTexts.styleLead}</p>
          <table className="plain-table figures">
            <thead>
              <tr>
                <th scope="col">{madeTexts.styleFeature}</th>
                <th scope="col" data-numeric>
                  {madeTexts.styleEffect}
                </th>
              </tr>
            </thead>
            <tbody>
              {styleEffects.map((effect) => (
                <tr key={effect.feature}>
                  <th scope="row">{madeTexts.styleFeatures[effect.feature] ?? effect.feature}</th>
                  <td data-numeric>{madeTexts.coefficient(effect)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}
