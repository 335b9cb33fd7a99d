import type { CSSProperties } from 'react'
import { Link } from 'react-router'
import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { makeScale, placeOn, type Scale } from '../leaderboard/scale.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatOrdinal, formatWhole } from '../texts/format.ts'
import { modelTexts } from '../texts/en-models.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import '../leaderboard/parts.css'

/** A model's places and ratings, with their intervals on one axis. */
export function ModelRatings({ model }: { model: ModelCard }) {
  const values = BOARD_DIMENSIONS.flatMap((name) => {
    const { rating, ciLow, ciHigh } = model.ratings[name] ?? EMPTY
    return [rating, ciLow, ciHigh].filter((value) => value !== null)
  })
  const scale = values.length === 0 ? null : makeScale(values, 40)
  return (
    <section aria-labelledby="ratings-title">
      <h2 id="ratings-title">{modelTexts.ratings}</h2>
      <ul className="model-ratings figures">
        {BOARD_DIMENSIONS.map((dimension) => (
          <li key={dimension} data-dimension={dimension}>
            <Link to={`/leaderboard?board=${dimension}`}>
              <DimensionName dimension={dimension} />
            </Link>
            <RatingTile rating={model.ratings[dimension]} scale={scale} />
          </li>
        ))}
      </ul>
      <p className="model-note">{boardTexts.model.intervals}</p>
    </section>
  )
}

type Rating = NonNullable<ModelCard['ratings'][BoardDimension]>
const EMPTY = { rating: null, ciLow: null, ciHigh: null }

type TileProps = { rating: Rating | null; scale: Scale | null }

function RatingTile({ rating, scale }: TileProps) {
  if (rating === null || rating.votes === 0) {
    return (
      <>
        <p className="model-elo">–</p>
        <p>{modelTexts.noVotes}</p>
      </>
    )
  }
  const { rating: points, ciLow, ciHigh, rank, votes } = rating
  return (
    <>
      <p className="model-elo">{points === null ? '–' : formatWhole(points)}</p>
      {points !== null && ciLow !== null && ciHigh !== null && scale !== null && (
        <>
          <span
            className="interval"
            data-plain
            aria-hidden="true"
            style={
              {
                '--low': `${placeOn(scale, ciLow) * 100}%`,
                '--high': `${placeOn(scale, ciHigh) * 100}%`,
                '--at': `${placeOn(scale, points) * 100}%`,
              } as CSSProperties
            }
          >
            <span />
          </span>
          <p>{boardTexts.interval(ciLow, ciHigh)}</p>
        </>
      )}
      <p>
        {rank === null ? boardTexts.unranked : formatOrdinal(rank)} · {boardTexts.votes(votes)}
      </p>
    </>
  )
}
