import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { formatWhole } from '../../texts/format.ts'
import {
  NONE,
  errorShareOf,
  formatCompact,
  formatErrorShare,
  formatMoney,
  formatSeconds,
  formatSpeed,
} from '../models/figures.ts'
import { AnswersSpark, FirstTokenSpark } from '../models/sparks.tsx'
import { Fact, Facts, Panel } from './panel.tsx'

/** What it did in battles during the last day, and what that cost. */
export function ActivityPanel({ model: { activity, limits } }: { model: AdminModel }) {
  const { activity: texts } = adminTexts.model
  const share = errorShareOf(activity)
  const { firstTokenMs, tokensPerSecond, hours } = activity
  return (
    <Panel title={texts.title}>
      <div className="model-sparks">
        <figure>
          <figcaption>{texts.answersByHour}</figcaption>
          <AnswersSpark hours={hours} />
        </figure>
        <figure>
          <figcaption>{texts.waitByHour}</figcaption>
          <FirstTokenSpark hours={hours} />
        </figure>
      </div>
      <Facts>
        <Fact name={texts.answers}>{formatWhole(activity.answers)}</Fact>
        <Fact name={texts.failed}>
          {formatWhole(activity.failures)}
          {share !== null && ` (${formatErrorShare(share)})`}
        </Fact>
        <Fact name={texts.firstToken}>
          {firstTokenMs === null
            ? NONE
            : texts.percentiles(
                [firstTokenMs.p50, firstTokenMs.p90, firstTokenMs.p99].map(formatSeconds),
              )}
        </Fact>
        <Fact name={texts.speed}>
          {tokensPerSecond === null
            ? NONE
            : texts.speeds(
                [tokensPerSecond.p50, tokensPerSecond.p10, tokensPerSecond.p1].map(formatSpeed),
              )}
        </Fact>
        <Fact name={texts.inFlight}>{formatWhole(activity.inFlight)}</Fact>
        <Fact name={texts.tokensToday}>
          {formatCompact(activity.tokensToday)}
          {limits.tokensPerDay !== undefined && texts.of(formatCompact(limits.tokensPerDay))}
        </Fact>
        <Fact name={texts.costToday}>
          {formatMoney(activity.costToday)}
          {limits.costPerDay !== undefined && texts.of(formatMoney(limits.costPerDay))}
        </Fact>
        <Fact name={texts.costTotal}>{formatMoney(activity.costTotal)}</Fact>
      </Facts>
    </Panel>
  )
}
