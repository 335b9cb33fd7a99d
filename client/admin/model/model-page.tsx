import { useCallback, useState } from 'react'
import { useParams } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/use-page.ts'
import { PauseDialog } from '../models/pause-dialog.tsx'
import { usePausing } from '../models/use-pausing.ts'
import { useTests } from '../models/use-tests.ts'
import { useAdmin } from '../session.tsx'
import { usePolled } from '../use-polled.ts'
import { ActivityPanel } from './activity-panel.tsx'
import { EditForm } from './edit-form.tsx'
import { HealthPanel } from './health-panel.tsx'
import { ModelHead } from './model-head.tsx'
import { RetireDialog } from './retire-dialog.tsx'
import { VersionsPanel } from './versions-panel.tsx'
import './model.css'

const EVERY_MS = 5000

/** One model: how it is, what it did, what it was, and what can be changed of it. */
export function ModelPage() {
  const { slug = '' } = useParams()
  return <OneModel key={slug} slug={slug} />
}

function OneModel({ slug }: { slug: string }) {
  const { api } = useAdmin()
  const { value, error, refresh, put } = usePolled(
    useCallback(() => api.get<AdminModel>(`/models/${encodeURIComponent(slug)}`), [api, slug]),
    EVERY_MS,
  )
  usePageTitle(value?.name ?? adminTexts.models.title)
  const [asking, setAsking] = useState<'pause' | 'retire' | null>(null)
  const tests = useTests()
  const onChanged = useCallback((model: AdminModel) => put(() => model), [put])
  const { pause, resume } = usePausing(onChanged)
  const close = () => setAsking(null)

  if (value === null) {
    if (error === null) return <div className="page-loading" />
    return (
      <div className="page admin-page">
        <h1 className="page-title">{adminTexts.models.title}</h1>
        <Notice title={error.status === 404 ? adminTexts.model.missing(slug) : error.message} />
      </div>
    )
  }
  const onTest = async () => {
    await tests.testOne(value.slug, value.name)
    await refresh()
  }
  return (
    <div className="page admin-page model-admin">
      <ModelHead
        model={value}
        test={tests.states.get(slug)}
        onTest={() => void onTest()}
        onPause={() => setAsking('pause')}
        onResume={() => void resume(value)}
        onRetire={() => setAsking('retire')}
      />
      {error !== null && <Notice title={adminTexts.trouble.stale(error.message)} />}
      <div className="model-columns">
        <div className="model-aside">
          <HealthPanel model={value} />
          <ActivityPanel model={value} />
          <VersionsPanel key={value.version} model={value} />
        </div>
        <EditForm model={value} onChanged={onChanged} />
      </div>
      {asking === 'pause' && (
        <PauseDialog model={value} onPause={(reason) => pause(value, reason)} onClose={close} />
      )}
      {asking === 'retire' && (
        <RetireDialog model={value} onRetired={() => void refresh()} onClose={close} />
      )}
    </div>
  )
}
