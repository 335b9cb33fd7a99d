import { Link } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { withLocalTimes } from '../models/figures.ts'
import { StatusMark } from '../models/status-mark.tsx'
import { TestMark } from '../models/test-mark.tsx'
import type { TestState } from '../models/use-tests.ts'
import { useAdmin } from '../session.tsx'

type Props = {
  model: AdminModel
  test: TestState | undefined
  onTest: () => void
  onPause: () => void
  onResume: () => void
  onRetire: () => void
}

/** Which model it is, how it is, and what can be done with it. */
export function ModelHead({ model, test, onTest, onPause, onResume, onRetire }: Props) {
  const { may, whyNot } = useAdmin()
  const { model: texts, acts } = adminTexts
  const { slug, name, organization, status, statusReason } = model
  const query = `model=${encodeURIComponent(slug)}`
  return (
    <header className="model-head">
      <p className="model-back">
        <Link to="/admin">{texts.back}</Link>
      </p>
      <div className="admin-head">
        <div>
          <h1 dir="auto">{name}</h1>
          <p>
            <code>{slug}</code> · {organization} · {texts.version(model.version)}
          </p>
          <p className="model-head-status" data-testid="model-status" data-status={status}>
            <StatusMark status={status} />
            {statusReason !== null && <span> {withLocalTimes(statusReason)}</span>}
          </p>
          {model.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
        {model.retired === null && (
          <div className="admin-actions">
            <TestMark test={test} />
            <button
              type="button"
              className="button"
              aria-disabled={test === 'running'}
              disabled={!may('operator')}
              title={whyNot('operator')}
              onClick={() => test !== 'running' && onTest()}
            >
              {acts.testTitle}
            </button>
            <button
              type="button"
              className="button"
              disabled={!may('operator')}
              title={whyNot('operator')}
              onClick={model.enabled ? onPause : onResume}
            >
              {model.enabled ? acts.pauseTitle : acts.resumeTitle}
            </button>
            <button
              type="button"
              className="button"
              data-kind="danger"
              disabled={!may('admin')}
              title={whyNot('admin')}
              onClick={onRetire}
            >
              {texts.retire}
            </button>
          </div>
        )}
      </div>
      <ul className="model-links">
        <li>
          <Link to={`/models/${encodeURIComponent(slug)}`}>{texts.publicPage}</Link>
        </li>
        <li>
          <Link to={`/admin/failures?${query}`}>{texts.failures}</Link>
        </li>
        {may('admin') && (
          <>
            <li>
              <Link to={`/admin/battles?${query}`}>{texts.battles}</Link>
            </li>
            <li>
              <Link to={`/admin/audit?subject=${encodeURIComponent(`model ${slug}`)}`}>
                {texts.audit}
              </Link>
            </li>
          </>
        )}
      </ul>
    </header>
  )
}
