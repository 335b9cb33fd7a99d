import { useCallback, useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { orderOf, withOrder, type Order } from '../../leaderboard/view.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/use-page.ts'
import { useQuery } from '../../ui/use-query.ts'
import { useAdmin } from '../session.tsx'
import { MODEL_COLUMNS } from './columns.ts'
import { FewModels } from './few-models.tsx'
import { DensitySwitch, useDensity } from './density.tsx'
import { filterModels, readFilter, writeFilter, type ListFilter } from './list-address.ts'
import { ModelsBar } from './models-bar.tsx'
import { ModelsSummary } from './models-summary.tsx'
import { ModelsTable } from './models-table.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { summarize } from './summary.ts'
import { useModels } from './use-models.ts'
import { usePausing } from './use-pausing.ts'
import { useTests, type Tests } from './use-tests.ts'
import './models.css'

/** What is broken and what it costs, at a glance. What is chosen stands in the address. */
export function ModelsPage() {
  const { models: texts } = adminTexts
  usePageTitle(texts.title)
  const { value, error, put } = useModels()
  const tests = useTests()
  const density = useDensity()
  const [query, setQuery] = useQuery()
  const filter = readFilter(query)
  const order = orderOf(query, MODEL_COLUMNS)
  const [pausing, setPausing] = useState<AdminModel | null>(null)
  const onChanged = useCallback(
    (model: AdminModel) =>
      put((models) => models.map((each) => (each.slug === model.slug ? model : each))),
    [put],
  )
  const { pause, resume } = usePausing(onChanged)
  const onResume = useCallback((model: AdminModel) => void resume(model), [resume])

  const onFilter = (change: Partial<ListFilter>) =>
    setQuery(writeFilter(new URLSearchParams(location.search), change))
  const onOrder = (next: Order) => setQuery(withOrder(new URLSearchParams(location.search), next))

  const models = useMemo(() => value ?? [], [value])
  const counted = useMemo(
    () => models.filter(({ retired }) => filter.retired || retired === null),
    [models, filter.retired],
  )
  const summary = useMemo(() => summarize(counted), [counted])
  const shown = filterModels(models, filter)

  return (
    <div
      className="models-page"
      data-density={density}
      data-few={shown.length <= FEW_LINES || undefined}
    >
      <header className="models-head">
        <h1>{texts.title}</h1>
        <ModelsSummary summary={summary} />
        <div className="admin-actions">
          <DensitySwitch density={density} />
          <TestAll tests={tests} slugs={models.filter(isActive).map(({ slug }) => slug)} />
          <AddModel />
        </div>
      </header>
      <ModelsBar {...{ models, summary, filter, onFilter, order, onOrder }} />
      {value !== null && <FewModels models={value} />}
      {error !== null && value === null && <Notice title={error.message} />}
      {/* Over the page and not in it, so that nothing jumps when it comes and goes. */}
      {error !== null && value !== null && (
        <p className="models-stale">{adminTexts.trouble.stale(error.message)}</p>
      )}
      {tests.fault !== null && <p className="models-stale">{tests.fault}</p>}
      {value !== null && models.length === 0 && <p className="models-empty">{texts.empty}</p>}
      {models.length > 0 && shown.length === 0 && (
        <p className="models-empty">
          {texts.noneLeft}{' '}
          <button
            type="button"
            className="button"
            onClick={() => onFilter({ text: '', status: null, organization: null })}
          >
            {texts.clearFilters}
          </button>
        </p>
      )}
      {shown.length > 0 && (
        <ModelsTable
          models={shown}
          order={order}
          onOrder={onOrder}
          chosen={JSON.stringify(filter)}
          tests={tests}
          onPause={setPausing}
          onResume={onResume}
        />
      )}
      {pausing !== null && (
        <PauseDialog
          model={pausing}
          onPause={(reason) => pause(pausing, reason)}
          onClose={() => setPausing(null)}
        />
      )}
    </div>
  )
}

/** So many lines leave room on a screen for reasons of several lines. */
const FEW_LINES = 15

const isActive = ({ retired }: AdminModel) => retired === null

function TestAll({ tests, slugs }: { tests: Tests; slugs: readonly string[] }) {
  const { whyNot } = useAdmin()
  const { models: texts } = adminTexts
  const forbidden = whyNot('operator')
  if (tests.progress !== null) {
    return (
      <button type="button" className="button" onClick={tests.stop}>
        {texts.stopTests(tests.progress.done, slugs.length)}
      </button>
    )
  }
  return (
    <button
      type="button"
      className="button"
      disabled={forbidden !== undefined || slugs.length === 0}
      title={forbidden ?? texts.testAllTitle}
      onClick={() => void tests.testAll(slugs)}
    >
      {texts.testAll}
    </button>
  )
}

function AddModel() {
  const { whyNot } = useAdmin()
  const forbidden = whyNot('admin')
  return forbidden === undefined ? (
    <Link to="/admin/new" className="button" data-kind="primary">
      {adminTexts.models.add}
    </Link>
  ) : (
    <button type="button" className="button" disabled title={forbidden}>
      {adminTexts.models.add}
    </button>
  )
}
