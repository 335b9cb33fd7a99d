import { useCallback } from 'react'
import { Link, useParams } from 'react-router'
import { BOARD_DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { getModel } from '../arena/http.ts'
import { formatDate, formatOrdinal, formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import './pages.css'

/** One model: who made it, what it is, and its places. */
export function ModelPage() {
  const { slug = '' } = useParams()
  const fetched = useFetched(useCallback(() => getModel(slug), [slug]))
  usePageTitle(fetched?.ok === true ? fetched.value.name : texts.models.title)
  if (fetched === null) return <div className="page" />
  if (fetched.ok) return <Card model={fetched.value} />
  const missing = fetched.error.code === 'not_found'
  return (
    <div className="page">
      <h1 className="page-title">{texts.models.title}</h1>
      <Notice title={missing ? texts.models.notFound : fetched.error.message} />
    </div>
  )
}

function Card({ model }: { model: ModelCard }) {
  const { models } = texts
  return (
    <div className="page model-page">
      <h1 className="page-title">{model.name}</h1>
      <p className="page-lead">{texts.reveal.by(model.organization)}</p>
      {model.retired !== null && (
        <Notice title={models.retired(model.retired.at, model.retired.reason)} />
      )}
      {model.retired === null && !model.enabled && <Notice title={models.paused} />}
      <section aria-labelledby="ratings-title">
        <h2 id="ratings-title">{models.ratings}</h2>
        <ul className="model-ratings figures">
          {BOARD_DIMENSIONS.map((dimension) => {
            const rating = model.ratings[dimension]
            const rated = rating !== null && rating.votes > 0
            return (
              <li key={dimension} data-dimension={dimension}>
                <Link to={`/leaderboard?board=${dimension}`}>
                  <DimensionName dimension={dimension} />
                </Link>
                <p className="model-elo">{rated ? formatWhole(rating.elo) : '–'}</p>
                <p>
                  {rated
                    ? `${rating.rank === null ? texts.board.unranked : formatOrdinal(rating.rank)} · ${texts.board.votes(rating.votes)}`
                    : models.noVotes}
                </p>
              </li>
            )
          })}
        </ul>
        <p className="model-note">{texts.board.intervals}</p>
      </section>
      {model.description !== null && (
        <p className="model-description" dir="auto">
          {model.description}
        </p>
      )}
      <dl className="model-facts">
        <Fact name={models.license}>{model.license}</Fact>
        <Fact name={models.version}>{model.version}</Fact>
        <Fact name={models.since}>{formatDate(model.createdAt)}</Fact>
        <Fact name={models.sampling}>{samplingOf(model)}</Fact>
      </dl>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: string | number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  )
}

function samplingOf({ sampling }: ModelCard): string {
  const parts = Object.entries(sampling).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? texts.models.samplingDefault : parts.join(', ')
}
