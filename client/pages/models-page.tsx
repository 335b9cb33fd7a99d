import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { getModels } from '../arena/http.ts'
import { formatOrdinal, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import './pages.css'

/** Everybody who competes here, by name. */
export function ModelsPage() {
  usePageTitle(texts.models.title)
  const fetched = useFetched(getModels)
  return (
    <div className="page">
      <h1 className="page-title">{texts.models.title}</h1>
      <p className="page-lead">{texts.models.lead}</p>
      {fetched?.ok === false && <Notice title={fetched.error.message} />}
      {fetched?.ok === true && fetched.value.items.length === 0 && (
        <p className="page-empty">{texts.models.empty}</p>
      )}
      <ul className="model-list">
        {fetched?.ok === true &&
          fetched.value.items.map((model) => <ModelTile key={model.slug} model={model} />)}
      </ul>
    </div>
  )
}

function ModelTile({ model }: { model: ModelCard }) {
  return (
    <li className="model-tile" data-retired={model.retired !== null || undefined}>
      <h2>
        <Link to={`/models/${model.slug}`}>{model.name}</Link>
      </h2>
      <p>
        {model.organization} · {model.license}
      </p>
      <dl className="figures">
        {DIMENSIONS.map((dimension) => {
          const rating = model.ratings[dimension]
          return (
            <div key={dimension} data-dimension={dimension}>
              <dt>
                <Icon name={dimension} />
                <span className="visually-hidden">{texts.dimensions[dimension]}</span>
              </dt>
              <dd>
                {rating === null || rating.votes === 0 ? (
                  '–'
                ) : (
                  <>
                    {rating.rank !== null && <strong>{formatOrdinal(rating.rank)}</strong>}{' '}
                    {rating.rating === null ? '–' : formatWhole(rating.rating)}
                  </>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      {model.retired !== null && (
        <p>{texts.models.retired(model.retired.at, model.retired.reason)}</p>
      )}
      {model.retired === null && !model.enabled && <p>{texts.models.paused}</p>}
    </li>
  )
}
