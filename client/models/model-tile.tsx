import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { formatOrdinal, formatWhole } from '../texts/format.ts'
import { modelTexts } from '../texts/en-models.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'

/** One model in the list: who made it, and its places. */
export function ModelTile({ model }: { model: ModelCard }) {
  return (
    <li className="model-tile" data-retired={model.retired !== null || undefined}>
      <h3>
        <Link to={`/models/${model.slug}`}>{model.name}</Link>
      </h3>
      <p>
        {model.organization} · {model.license}
      </p>
      {model.tags.length > 0 && (
        <ul className="tags" aria-label={modelTexts.tags}>
          {model.tags.map((tag) => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
      {model.retired !== null && (
        <p className="model-tile-gone">
          {modelTexts.retired(model.retired.at, model.retired.reason)}
        </p>
      )}
      <dl className="figures">
        {DIMENSIONS.map((dimension) => (
          <div key={dimension} data-dimension={dimension}>
            <dt>
              <Icon name={dimension} />
              <span className="visually-hidden">{texts.dimensions[dimension]}</span>
            </dt>
            <dd>
              <Place rating={model.ratings[dimension]} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

function Place({ rating }: { rating: ModelCard['ratings']['accuracy'] }) {
  if (rating === null || rating.votes === 0) return '–'
  return (
    <>
      {rating.rank !== null && <strong>{formatOrdinal(rating.rank)}</strong>}{' '}
      {rating.rating === null ? '–' : formatWhole(rating.rating)}
    </>
  )
}
