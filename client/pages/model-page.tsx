import { Suspense, lazy, useCallback } from 'react'
import { useParams } from 'react-router'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { getModel } from '../arena/http.ts'
import { formatDate } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import { ModelRatings } from './model-ratings.tsx'
import './pages.css'

const ModelHistory = lazy(async () => ({
  default: (await import('../history/model-history.tsx')).ModelHistory,
}))
const ModelOpponents = lazy(async () => ({
  default: (await import('../history/model-opponents.tsx')).ModelOpponents,
}))

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
  const judged = (model.ratings.overall?.votes ?? 0) > 0
  return (
    <div className="page model-page">
      <h1 className="page-title">{model.name}</h1>
      <p className="page-lead">{texts.reveal.by(model.organization)}</p>
      {model.retired !== null && (
        <Notice title={models.retired(model.retired.at, model.retired.reason)} />
      )}
      {model.retired === null && !model.enabled && <Notice title={models.paused} />}
      {model.description !== null && (
        <p className="model-description" dir="auto">
          {model.description}
        </p>
      )}
      <ModelRatings model={model} />
      {judged && (
        <Suspense fallback={<div className="model-more" />}>
          <ModelHistory slug={model.slug} />
          <ModelOpponents slug={model.slug} />
        </Suspense>
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
