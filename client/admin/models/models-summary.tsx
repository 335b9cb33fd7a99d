import { adminTexts } from '../../texts/en-admin.ts'
import { formatWhole } from '../../texts/format.ts'
import { NONE, errorShareOf, formatCompact, formatErrorShare, formatMoney } from './figures.ts'
import type { Summary } from './summary.ts'

/** The day in one line. */
export function ModelsSummary({ summary }: { summary: Summary }) {
  const { summary: texts } = adminTexts.models
  const share = errorShareOf(summary)
  return (
    <dl className="models-summary figures">
      <div>
        <dt>{texts.costToday}</dt>
        <dd>{formatMoney(summary.costToday)}</dd>
      </div>
      <div>
        <dt>{texts.costTotal}</dt>
        <dd>{formatMoney(summary.costTotal)}</dd>
      </div>
      <div>
        <dt>{texts.tokensToday}</dt>
        <dd>{formatCompact(summary.tokensToday)}</dd>
      </div>
      <div>
        <dt>{texts.answers}</dt>
        <dd>{formatWhole(summary.answers)}</dd>
      </div>
      <div>
        <dt>{texts.failed}</dt>
        <dd>
          {share === null ? NONE : `${formatErrorShare(share)} (${formatWhole(summary.failures)})`}
        </dd>
      </div>
      <div>
        <dt>{texts.inFlight}</dt>
        <dd>{formatWhole(summary.inFlight)}</dd>
      </div>
    </dl>
  )
}
