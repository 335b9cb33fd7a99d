import type { CSSProperties } from 'react'
import type { Dimension } from '../../shared/dimensions.ts'
import type { RatingChange } from '../../shared/schemas/battle.ts'
import { formatChange, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { placeOn, type Scale } from './scale.ts'

type Props = { dimension: Dimension; change: RatingChange | null; scale: Scale | null }

/** What one vote did to one rating: a bar from before to after, and the same in figures. */
export function RatingBar({ dimension, change, scale }: Props) {
  return (
    <div className="rating" data-dimension={dimension}>
      <DimensionName dimension={dimension} />
      {change === null || scale === null ? (
        <span className="rating-waiting" />
      ) : (
        <>
          <span className="rating-track" style={placesOf(change, scale)} aria-hidden="true">
            <span className="rating-before" />
            <span className="rating-move" />
            <span className="rating-after" />
          </span>
          <span className="rating-figures figures">
            <span className="visually-hidden">{texts.reveal.from} </span>
            {formatWhole(change.before)}
            <span aria-hidden="true"> → </span>
            <span className="visually-hidden"> {texts.reveal.to} </span>
            <strong>{formatWhole(change.after)}</strong>{' '}
            <span className="rating-change">{formatChange(change.after - change.before)}</span>
          </span>
          <span className="rating-rank figures">
            {texts.reveal.rank(change.rankBefore, change.rankAfter)}
          </span>
        </>
      )}
    </div>
  )
}

function placesOf(change: RatingChange, scale: Scale): CSSProperties {
  const before = placeOn(scale, change.before)
  const after = placeOn(scale, change.after)
  return {
    '--before': `${before}%`,
    '--after': `${after}%`,
    '--low': `${Math.min(before, after)}%`,
    '--length': `${Math.abs(after - before)}%`,
  } as CSSProperties
}
