import type { DrawPreview } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { drawnModels, drawnPairs, heatOf, pairsOf } from './draw.ts'
// The scale's colours are those of the leaderboard's matrix.
import '../../leaderboard/matrix.css'

const { weights } = moreTexts

type Props = { preview: DrawPreview; nameOf: (slug: string) => string }

/** Every pair: battles out of a thousand, coloured by how that stands to an even draw. */
export function PairMatrix({ preview: draw, nameOf }: Props) {
  const probabilityOf = pairsOf(draw)
  const models = drawnModels(draw)
  const pairs = drawnPairs(draw).length
  return (
    <div
      className="pair-scroll"
      role="region"
      aria-label={weights.matrixRegion}
      // A region that scrolls has to be reached by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className="pair-matrix figures" data-testid="pair-matrix">
        <caption>
          {weights.matrix}{' '}
          <span className="pair-legend">
            <span data-heat="-3" aria-hidden="true" /> {weights.seldom}
            <span data-heat="3" aria-hidden="true" /> {weights.often}
          </span>
        </caption>
        <thead>
          <tr>
            <td />
            {models.map(({ slug }) => (
              <th key={slug} scope="col">
                <span>{nameOf(slug)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map(({ slug: row }) => (
            <tr key={row}>
              <th scope="row">
                <span>{nameOf(row)}</span>
              </th>
              {models.map(({ slug: column }) => (
                <Cell
                  key={column}
                  own={row === column}
                  probability={probabilityOf(row, column)}
                  pairs={pairs}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type CellProps = { own: boolean; probability: number | undefined; pairs: number }

function Cell({ own, probability, pairs }: CellProps) {
  if (own) {
    return (
      <td data-own>
        <span className="visually-hidden">{weights.own}</span>
      </td>
    )
  }
  if (probability === undefined || probability === 0) return <td>0</td>
  return <td data-heat={heatOf(probability, pairs)}>{moreTexts.perThousand(probability)}</td>
}
