import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ReceiptRatings } from '../../shared/schemas/battle.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Side } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { RatingBar } from './rating-bar.tsx'
import type { Scale } from './scale.ts'

type Props = {
  side: Side
  model: ModelRef
  ratings: ReceiptRatings[Side] | null
  scale: Scale | null
}

/** One side's name, and its three ratings before and after. */
export function RevealSide({ side, model, ratings, scale }: Props) {
  return (
    <section className="reveal-side" data-side={side}>
      <h3>
        <span className="side-letter">{side.toUpperCase()}</span>
        <Link to={`/models/${model.slug}`} data-testid={`reveal-name-${side}`}>
          {model.name}
        </Link>
      </h3>
      <p className="reveal-maker">
        {texts.reveal.by(model.organization)} · {model.license}
      </p>
      <div className="reveal-bars" role="group" aria-label={texts.reveal.ratings(side)}>
        {DIMENSIONS.map((dimension) => (
          <RatingBar
            key={dimension}
            dimension={dimension}
            change={ratings?.[dimension] ?? null}
            scale={scale}
          />
        ))}
      </div>
    </section>
  )
}
