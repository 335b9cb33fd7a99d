import { moreTexts } from '../../texts/en-admin-more.ts'
import { Icon } from '../../ui/icon.tsx'
import { useAdmin } from '../session.tsx'
import type { Wanted, WeightChange } from './draw.ts'
import type { Saving, Written } from './use-saving.ts'

const { weights } = moreTexts

type Props = {
  changes: readonly WeightChange[]
  saving: Saving
  /** A field holds what is no weight. */
  faulty: boolean
  onReset: () => void
}

/** What is not saved yet, and what became of what was. */
export function SaveBar({ changes, saving, faulty, onReset }: Props) {
  const { whyNot } = useAdmin()
  const why = faulty ? weights.wrongWeight : whyNot('admin')
  const busy = saving.step !== 'idle'
  const dirty = changes.length > 0 || faulty
  const report = dirty ? null : saving.written
  return (
    <div className="save-bar" data-held={dirty || report !== null || undefined}>
      {report !== null && <Report saving={saving} written={report} />}
      {report === null && (
        <div className="save-acts">
          <p>{changes.length === 0 ? weights.noChanges : weights.changes(changes.length)}</p>
          {dirty && why !== undefined && <p className="admin-fault">{why}</p>}
          <button type="button" className="button" disabled={!dirty || busy} onClick={onReset}>
            {weights.reset}
          </button>
          <button
            type="button"
            className="button"
            data-kind="primary"
            disabled={changes.length === 0 || why !== undefined}
            aria-disabled={busy}
            title={why}
            onClick={() => {
              if (!busy) void saving.save(changes)
            }}
          >
            {saving.step === 'saving' ? weights.saving : weights.save(changes.length)}
          </button>
        </div>
      )}
    </div>
  )
}

/** What the last save wrote, model by model; it can be taken back. */
function Report({ saving, written }: { saving: Saving; written: readonly Written[] }) {
  const done = written.filter(({ fault }) => fault === null).length
  const failed = written.length - done
  return (
    <div className="save-report" data-testid="save-report">
      <p>
        <strong>{saving.wasUndo ? weights.undone(done) : weights.saved(done)}</strong>{' '}
        {failed > 0 && <span className="admin-fault">{weights.someFailed(failed)}</span>}
      </p>
      <ul>
        {written.map(({ change, fault }) => (
          <li key={change.slug}>
            {change.name}: {wordsOf(change)}
            {fault !== null && (
              <span className="admin-fault" dir="auto">
                {' '}
                {fault}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className="save-acts">
        {done > 0 && (
          <button
            type="button"
            className="button"
            aria-disabled={saving.step !== 'idle'}
            onClick={() => {
              if (saving.step === 'idle') void saving.undo()
            }}
          >
            {saving.step === 'undoing' ? weights.undoing : weights.undo}
          </button>
        )}
        <button
          type="button"
          className="button"
          data-kind="icon"
          aria-label={weights.dismiss}
          onClick={saving.dismiss}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  )
}

function wordsOf({ from, to }: WeightChange): string {
  return (['weight', 'enabled'] as const)
    .filter((field) => to[field] !== undefined)
    .map((field) => weights.written(field, valueOf(from, field), valueOf(to, field)))
    .join(', ')
}

function valueOf(wanted: Wanted, field: 'weight' | 'enabled'): string {
  if (field === 'weight') return moreTexts.weight(wanted.weight ?? 0)
  return wanted.enabled === true ? weights.on : weights.off
}
