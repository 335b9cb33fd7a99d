import { memo, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Icon } from '../../ui/icon.tsx'
import { formatExact } from '../../texts/ago.ts'
import { useNow } from '../lists/use-now.ts'
import { useAdmin } from '../session.tsx'
import type { MODEL_COLUMNS } from './columns.ts'
import {
  NONE,
  errorShareOf,
  formatCompact,
  formatErrorShare,
  formatMoney,
  formatSeconds,
  formatShortAgo,
  formatSpeed,
  withLocalTimes,
} from './figures.ts'
import { AnswersSpark, FirstTokenSpark } from './sparks.tsx'
import { StatusMark } from './status-mark.tsx'
import { BAD_ERROR_SHARE, failedProbe } from './statuses.ts'
import { TestMark } from './test-mark.tsx'
import type { TestState } from './use-tests.ts'

type Column = (typeof MODEL_COLUMNS)[number]['by']

type Props = {
  model: AdminModel
  test: TestState | undefined
  onTest: (slug: string, name: string) => Promise<void>
  onPause: (model: AdminModel) => void
  onResume: (model: AdminModel) => void
}

/** One model in one line. */
export const ModelRow = memo(function ModelRow({ model, test, onTest, onPause, onResume }: Props) {
  const { slug, name, organization, activity, health, statusReason } = model
  const { firstTokenMs, tokensPerSecond, answers, failures } = activity
  const share = errorShareOf(activity)
  const probe = failedProbe(model)
  return (
    <tr role="row" data-testid="model-row" data-slug={slug} data-status={model.status}>
      <Cell column="status">
        <StatusMark status={model.status} />
        {probe !== null && (
          <span className="model-probe" title={withLocalTimes(probe)}>
            {' '}
            <Icon name="warning" />
            {/* The reason says it in more words. */}
            {statusReason === null && adminTexts.models.probeFailed}
          </span>
        )}
        {statusReason !== null && (
          <span className="model-reason" title={withLocalTimes(statusReason)}>
            {' '}
            {withLocalTimes(statusReason)}
          </span>
        )}
      </Cell>
      <Cell column="name" head>
        <Link to={`/admin/models/${encodeURIComponent(slug)}`} title={`${name} (${slug})`}>
          <span className="model-title">{name}</span> <span className="model-slug">{slug}</span>
        </Link>
      </Cell>
      <Cell column="organization">
        <span title={organization}>{organization}</span>
      </Cell>
      <Cell column="first-token">
        {firstTokenMs === null
          ? NONE
          : `${formatSeconds(firstTokenMs.p50)} / ${formatSeconds(firstTokenMs.p90)}`}
      </Cell>
      <Cell column="speed">
        {tokensPerSecond === null ? NONE : formatSpeed(tokensPerSecond.p50)}
      </Cell>
      <Cell column="errors">
        {share === null ? (
          NONE
        ) : (
          <span className="error-share" data-tone={share > BAD_ERROR_SHARE ? 'bad' : undefined}>
            <strong>{formatErrorShare(share)}</strong>{' '}
            <span title={adminTexts.models.errorsOf(failures, answers + failures)}>
              {formatCompact(failures)}/{formatCompact(answers + failures)}
            </span>
          </span>
        )}
      </Cell>
      <Cell column="answers">
        <AnswersSpark hours={activity.hours} />
      </Cell>
      <Cell column="slowest">
        <FirstTokenSpark hours={activity.hours} />
      </Cell>
      <Cell column="cost-today">{formatMoney(activity.costToday)}</Cell>
      <Cell column="cost">{formatMoney(activity.costTotal)}</Cell>
      <Cell column="tokens">{formatCompact(activity.tokensToday)}</Cell>
      <Cell column="weight">{model.weight}</Cell>
      <Cell column="version">v{model.version}</Cell>
      <Cell column="last">
        {health.lastAnswerAt === null ? NONE : <LastAnswer at={health.lastAnswerAt} />}
      </Cell>
      <td role="cell" className="model-acts">
        <RowActs {...{ model, test, onTest, onPause, onResume }} />
      </td>
    </tr>
  )
})

function RowActs({ model, test, onTest, onPause, onResume }: Props) {
  const { whyNot } = useAdmin()
  const { acts } = adminTexts
  if (model.retired !== null) return null
  const forbidden = whyNot('operator')
  const disabled = forbidden !== undefined
  const running = test === 'running'
  return (
    <>
      <button
        type="button"
        className="row-act"
        aria-label={acts.test(model.name)}
        title={forbidden ?? acts.testTitle}
        aria-disabled={running}
        disabled={disabled}
        onClick={() => {
          if (!running) void onTest(model.slug, model.name)
        }}
      >
        <Icon name="retry" />
      </button>
      <button
        type="button"
        className="row-act"
        aria-label={model.enabled ? acts.pause(model.name) : acts.resume(model.name)}
        title={forbidden ?? (model.enabled ? acts.pauseTitle : acts.resumeTitle)}
        disabled={disabled}
        onClick={() => (model.enabled ? onPause(model) : onResume(model))}
      >
        <Icon name={model.enabled ? 'pause' : 'play'} />
      </button>
      <TestMark test={test} />
    </>
  )
}

function LastAnswer({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={formatExact(at)}>
      {formatShortAgo(at, now)}
    </time>
  )
}

type CellProps = { column: Column; head?: boolean; children: ReactNode }

/** A cell that says what it is where the heads of the columns are not seen. */
function Cell({ column, head = false, children }: CellProps) {
  const content = (
    <>
      <span className="model-label">{adminTexts.models.labels[column]}</span>
      <span className="model-value">{children}</span>
    </>
  )
  return head ? (
    <th role="rowheader" scope="row" className={`model-${column}`}>
      {content}
    </th>
  ) : (
    <td role="cell" className={`model-${column}`}>
      {content}
    </td>
  )
}
