import type { CSSProperties } from 'react'
import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelVersionView } from '../../shared/schemas/model.ts'
import { makeScale, placeOn, type Scale } from '../leaderboard/scale.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatWhole } from '../texts/format.ts'
import { modelTexts } from '../texts/en-models.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { samplingOf } from './sampling.ts'

const { versions: words } = modelTexts

type Props = {
  version: ModelVersionView
  /** All of them: their bars lie on one axis. */
  among: readonly ModelVersionView[]
}

/** One version: when it answered, how it was sampled, and where it stands. */
export function VersionRow({ version, among }: Props) {
  return (
    <li className="version" data-now={version.until === null || undefined}>
      <div className="version-name">
        <h3>{words.name(version.version)}</h3>
        <p>{words.period(version.from, version.until)}</p>
        <p>{samplingOf(version)}</p>
      </div>
      <dl>
        {BOARD_DIMENSIONS.map((dimension) => (
          <div key={dimension} data-dimension={dimension}>
            <dt>
              <DimensionName dimension={dimension} />
            </dt>
            <Standing rating={version.ratings[dimension]} scale={scaleOf(among, dimension)} />
          </div>
        ))}
      </dl>
    </li>
  )
}

type Rating = ModelVersionView['ratings'][BoardDimension]

/** One axis for all versions of a dimension. */
function scaleOf(versions: readonly ModelVersionView[], dimension: BoardDimension): Scale {
  const values = versions.flatMap(({ ratings }) => {
    const { rating, ciLow, ciHigh } = ratings[dimension] ?? NOTHING
    return [rating, ciLow, ciHigh].filter((value) => value !== null)
  })
  return values.length === 0 ? { min: 980, max: 1020, ticks: [] } : makeScale(values, 40)
}

const NOTHING = { rating: null, ciLow: null, ciHigh: null }
const percent = (share: number) => `${(share * 100).toFixed(2)}%`

function Standing({ rating, scale }: { rating: Rating; scale: Scale }) {
  if (rating === null || rating.votes === 0) return <dd>{modelTexts.noVotes}</dd>
  const { rating: points, ciLow, ciHigh, votes } = rating
  if (points === null || ciLow === null || ciHigh === null) {
    return (
      <dd>
        {words.unrated} · {boardTexts.votes(votes)}
      </dd>
    )
  }
  const style = {
    '--low': percent(placeOn(scale, ciLow)),
    '--high': percent(placeOn(scale, ciHigh)),
    '--at': percent(placeOn(scale, points)),
  } as CSSProperties
  return (
    <dd>
      <strong>{formatWhole(points)}</strong>
      <span className="interval" data-plain aria-hidden="true" style={style}>
        <span />
      </span>
      {boardTexts.interval(ciLow, ciHigh)} · {boardTexts.votes(votes)}
    </dd>
  )
}
