import { useState, type CSSProperties } from 'react'
import { Link } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import type { Wanted } from './draw.ts'
import { LAST_STEP, parseWeight, stepOf, weightAt } from './steps.ts'

const { weights } = moreTexts

type Props = {
  model: AdminModel
  wanted: Wanted | undefined
  /** Shares of battles, from 0 to 1; null until they are known. */
  present: number | null
  future: number | null
  /** The largest share on the page: as long as a bar gets. */
  largest: number
  onEdit: (slug: string, wanted: Wanted) => void
  onFaulty: (slug: string, faulty: boolean) => void
}

/** One model: its weight as a number and on a slider, and its share of battles now and then. */
export function WeightRow(props: Props) {
  const { model, wanted, onEdit, onFaulty } = props
  const { slug, name } = model
  const value = wanted?.weight ?? model.weight
  const enabled = wanted?.enabled ?? model.enabled
  // What is typed stays as it is typed, until the slider moves.
  const [typed, setTyped] = useState(moreTexts.weight(value).replaceAll(',', ''))
  const faulty = parseWeight(typed) === null
  const setWeight = (text: string) => {
    setTyped(text)
    const weight = parseWeight(text)
    onFaulty(slug, weight === null)
    if (weight !== null) onEdit(slug, { weight })
  }
  const changed = value !== model.weight || enabled !== model.enabled
  return (
    <li className="weight-row" data-slug={slug} data-changed={changed || undefined}>
      <div className="weight-name">
        <Link to={`/admin/models/${slug}`}>{name}</Link>
        <p className="weight-status" dir="auto" title={model.statusReason ?? undefined}>
          {slug}
          {model.status !== 'ready' && ` · ${weights.status[model.status]}`}
          {model.statusReason !== null && `: ${model.statusReason}`}
        </p>
      </div>
      <label className="weight-on">
        <input
          type="checkbox"
          checked={enabled}
          aria-label={weights.enabledOf(name)}
          onChange={({ target }) => onEdit(slug, { enabled: target.checked })}
        />
        <span aria-hidden="true">{weights.inDraw}</span>
      </label>
      <div className="weight-fields">
        <input
          type="text"
          inputMode="decimal"
          className="figures"
          value={typed}
          aria-label={weights.weightOf(name)}
          aria-invalid={faulty || undefined}
          aria-describedby={faulty ? `weight-fault-${slug}` : `weight-share-${slug}`}
          onChange={({ target }) => setWeight(target.value)}
        />
        <input
          type="range"
          min={0}
          max={LAST_STEP}
          step={1}
          value={stepOf(value)}
          aria-label={weights.sliderOf(name)}
          aria-valuetext={moreTexts.weight(value)}
          aria-describedby={`weight-share-${slug}`}
          onChange={({ target }) => setWeight(String(weightAt(target.valueAsNumber)))}
        />
        {faulty && (
          <p id={`weight-fault-${slug}`} className="admin-fault">
            {weights.wrongWeight}
          </p>
        )}
      </div>
      <Shares {...props} />
    </li>
  )
}

function Shares({ model, present, future, largest }: Props) {
  const id = `weight-share-${model.slug}`
  const moves = future !== null && present !== null && Math.abs(future - present) > 5e-5
  const bar = (share: number) => ({ '--share': `${(share / largest) * 100}%` }) as CSSProperties
  return (
    <div className="weight-shares figures">
      <span className="weight-bars" aria-hidden="true">
        <span data-bar="now" style={bar(present ?? 0)} />
        <span data-bar="then" style={bar(future ?? present ?? 0)} />
      </span>
      {present === null ? (
        <span className="weight-share" id={id} />
      ) : moves ? (
        <span className="weight-share" id={id}>
          <span className="visually-hidden">{weights.shareChange(present, future)}</span>
          <span aria-hidden="true">
            {moreTexts.share(present)} → <strong>{moreTexts.share(future)}</strong>
          </span>
        </span>
      ) : (
        <span className="weight-share" id={id}>
          {moreTexts.share(present)}
          <span className="visually-hidden"> {weights.ofBattles}</span>
        </span>
      )}
    </div>
  )
}
