import { useCallback, useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { Notice } from '../../ui/notice.tsx'
import { AdminPage } from '../admin-page.tsx'
import { ListLoading, Trouble } from '../lists/list-frame.tsx'
import { useAnswer } from '../lists/use-answer.ts'
import { useAdmin } from '../session.tsx'
import { useLeaveGuard } from '../use-leave-guard.ts'
import { changesOf, sharesOf, type Edits, type Wanted } from './draw.ts'
import { PairFrequencies } from './pair-frequencies.tsx'
import { SaveBar } from './save-bar.tsx'
import { useDraw } from './use-draw.ts'
import { useSaving } from './use-saving.ts'
import { WeightRow } from './weight-row.tsx'
import './weights.css'

const { weights } = moreTexts
const NO_EDITS: Edits = {}

/** How readily each model is drawn, and what the draw becomes of a change. */
export function WeightsPage() {
  const { api } = useAdmin()
  const { value, error, again } = useAnswer(
    useCallback(() => api.get<{ items: AdminModel[] }>('/models?limit=200'), [api]),
  )
  const models = useMemo(() => value?.items.filter(({ retired }) => retired === null), [value])
  return (
    <AdminPage title={weights.title} lead={weights.lead}>
      {error !== null && <Trouble message={error.message} onRetry={() => void again()} />}
      {models === undefined && error === null && <ListLoading rows={8} />}
      {models?.length === 0 && (
        <p className="list-empty">
          {weights.empty}{' '}
          <Link className="button" to="/admin/new">
            {weights.add}
          </Link>
        </p>
      )}
      {models !== undefined && models.length > 0 && <Weights models={models} onSaved={again} />}
    </AdminPage>
  )
}

type WeightsProps = { models: readonly AdminModel[]; onSaved: () => Promise<void> }

function Weights({ models, onSaved }: WeightsProps) {
  const [edits, setEdits] = useState<Edits>(NO_EDITS)
  /** Rows whose text is no weight: nothing is saved until it is one. */
  const [faulty, setFaulty] = useState<ReadonlySet<string>>(new Set())
  /** Grows when rows have to take up their stored weights again. */
  const [round, setRound] = useState(0)
  const [allWell, setAllWell] = useState(false)
  const changes = useMemo(() => changesOf(models, edits), [models, edits])
  const draw = useDraw(models, edits, allWell)
  const reset = useCallback(() => {
    setEdits(NO_EDITS)
    setFaulty(new Set())
    setRound((before) => before + 1)
  }, [])
  const saving = useSaving(async (written) => {
    await onSaved()
    // What was not written stays as it was wanted.
    setEdits((before) =>
      Object.fromEntries(Object.entries(before).filter(([slug]) => !written.has(slug))),
    )
    setRound((before) => before + 1)
  })
  useLeaveGuard(changes.length > 0, weights.leave)

  const edit = (slug: string, wanted: Wanted) =>
    setEdits((before) => ({ ...before, [slug]: { ...before[slug], ...wanted } }))
  const markFaulty = (slug: string, isFaulty: boolean) =>
    setFaulty((before) => {
      if (before.has(slug) === isFaulty) return before
      const next = new Set(before)
      if (isFaulty) next.add(slug)
      else next.delete(slug)
      return next
    })
  const setEven = () => {
    setEdits((before) =>
      Object.fromEntries(models.map(({ slug }) => [slug, { ...before[slug], weight: 1 }])),
    )
    setFaulty(new Set())
    setRound((before) => before + 1)
  }

  const present = draw.present === null ? null : sharesOf(draw.present)
  const future = draw.future === null ? null : sharesOf(draw.future)
  const shown = draw.future ?? draw.present
  const largest = Math.max(
    0.01,
    ...[draw.present, draw.future].flatMap((each) => each?.models.map(({ share }) => share) ?? []),
  )
  return (
    <>
      <div className="weights-tools">
        <label className="check-line">
          <input
            type="checkbox"
            checked={allWell}
            aria-describedby="weights-all-well"
            onChange={({ target }) => setAllWell(target.checked)}
          />
          {weights.allWell}
        </label>
        <button type="button" className="button" data-kind="quiet" onClick={setEven}>
          {weights.even}
        </button>
        <p id="weights-all-well" className="admin-hint">
          {weights.allWellHint}
        </p>
      </div>
      {draw.error !== null && (
        <Notice title={weights.previewFailed}>
          <p>{draw.error.message}</p>
        </Notice>
      )}
      <div className="weights-head" aria-hidden="true">
        <span>{weights.model}</span>
        <span>{weights.inDraw}</span>
        <span>{weights.weight}</span>
        <span>
          {weights.battles}
          <span className="weights-legend">
            <span data-bar="now" /> {weights.legendNow}
            <span data-bar="then" /> {weights.legendThen}
          </span>
        </span>
      </div>
      <ul className="weights-list" aria-label={weights.list}>
        {models.map((model) => (
          <WeightRow
            key={`${model.slug} ${round}`}
            model={model}
            wanted={edits[model.slug]}
            present={present?.(model.slug) ?? null}
            future={future?.(model.slug) ?? null}
            largest={largest}
            onEdit={edit}
            onFaulty={markFaulty}
          />
        ))}
      </ul>
      <p className="admin-hint">{weights.legend}</p>
      <SaveBar changes={changes} saving={saving} faulty={faulty.size > 0} onReset={reset} />
      {shown !== null && (
        <PairFrequencies preview={shown} models={models} isFuture={draw.future !== null} />
      )}
    </>
  )
}
