import type { AdminModel } from '../../../shared/schemas/model.ts'
import { formatExact } from '../../texts/ago.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { formatDateTime } from '../../texts/format.ts'
import { When } from '../lists/when.tsx'
import { NONE, formatSeconds } from '../models/figures.ts'
import { Fact, Facts, Panel } from './panel.tsx'

/** Whether it can be drawn, and what went wrong last. */
export function HealthPanel({ model: { health, retired } }: { model: AdminModel }) {
  const { health: texts } = adminTexts.model
  const { breaker, failuresInARow, lastError, nextProbeAt, lastProbe, lastAnswerAt } = health
  return (
    <Panel title={texts.title}>
      {retired !== null && (
        <p className="model-retired">{texts.retired(formatDateTime(retired.at), retired.reason)}</p>
      )}
      <Facts>
        <Fact name={texts.breaker}>
          <span data-testid="breaker" data-breaker={breaker}>
            {texts.breakers[breaker]}
          </span>
          {nextProbeAt !== null && (
            <span className="model-note-line">
              {texts.nextProbe} <time dateTime={nextProbeAt}>{formatExact(nextProbeAt)}</time>
            </span>
          )}
        </Fact>
        <Fact name={texts.inARow}>{failuresInARow}</Fact>
        <Fact name={texts.lastAnswer}>
          {lastAnswerAt === null ? NONE : <When at={lastAnswerAt} />}
        </Fact>
        <Fact name={texts.lastProbe}>
          {lastProbe === null ? (
            NONE
          ) : (
            <>
              {lastProbe.ok
                ? texts.probeOk(
                    lastProbe.firstTokenMs === undefined
                      ? null
                      : formatSeconds(lastProbe.firstTokenMs),
                  )
                : texts.probeFailed(lastProbe.error ?? '')}{' '}
              <When at={lastProbe.at} />
            </>
          )}
        </Fact>
        {lastError !== null && (
          <Fact name={texts.lastError}>
            <span className="model-error" dir="auto">
              {lastError}
            </span>
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}
