import { Suspense, lazy, useCallback } from 'react'
import { Link, useParams } from 'react-router'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { getModel } from '../arena/http.ts'
import { ModelFacts, ModelIntroduction } from '../models/model-about.tsx'
import { ReleasedBattles } from '../models/released-battles.tsx'
import { modelTexts } from '../texts/en-models.ts'
import { texts } from '../texts/en.ts'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import { ModelRatings } from './model-ratings.tsx'
import './pages.css'
import '../models/models.css'

const ModelHistory = lazy(async () => ({
  default: (await import('../history/model-history.tsx')).ModelHistory,
}))
const ModelOpponents = lazy(async () => ({
  default: (await import('../history/model-opponents.tsx')).ModelOpponents,
}))

const ModelVersions = lazy(async () => ({
  default: (await import('../models/model-versions.tsx')).ModelVersions,
}))

/** One model: who made it, what it is, and its places. */
export function ModelPage() {
  const { slug = '' } = useParams()
  const fetched = useFetched(useCallback(() => getModel(slug), [slug]))
  usePageTitle(fetched?.ok === true ? fetched.value.name : modelTexts.title)
  if (fetched === null) return <div className="page" />
  if (fetched.ok) return <Card model={fetched.value} />
  const missing = fetched.error.code === 'not_found'
  return (
    <div className="page">
      <h1 className="page-title">{modelTexts.title}</h1>
      <Notice title={missing ? modelTexts.notFound : fetched.error.message} />
    </div>
  )
}

function Card({ model }: { model: ModelCard }) {
  const judged = (model.ratings.overall?.votes ?? 0) > 0
  return (
    <div className="page model-page">
      <p className="model-back">
        <Link to="/models">{modelTexts.all}</Link>
      </p>
      <h1 className="page-title">{model.name}</h1>
      <p className="page-lead">{texts.reveal.by(model.organization)}</p>
      {model.retired !== null && (
        <Notice title={modelTexts.retiredOn(model.retired.at)}>
          <p>{model.retired.reason ?? modelTexts.noReason}</p>
          <p>{modelTexts.retiredHint}</p>
        </Notice>
      )}
      {model.retired === null && !model.enabled && <Notice title={modelTexts.paused} />}
      <ModelIntroduction model={model} />
      <ModelRatings model={model} />
      {judged && (
        <Suspense fallback={<div className="model-more" />}>
          <ModelHistory slug={model.slug} />
          <ModelOpponents slug={model.slug} />
        </Suspense>
      )}
      <Suspense fallback={<div className="model-more" />}>
        <ModelVersions slug={model.slug} />
      </Suspense>
      <ReleasedBattles slug={model.slug} />
      <ModelFacts model={model} />
    </div>
  )
}
