import type { Side } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'

type Props = { side: Side; replaceable: boolean; onRetry: (replace: boolean) => void }

/** One side could not answer: what to do about it, beside what it had written. */
export function FailedSide({ side, replaceable, onRetry }: Props) {
  const { battle } = texts
  return (
    <div className="pane-failed">
      <Notice title={replaceable ? battle.failed : battle.failedLater}>
        <p className="pane-failed-actions">
          <button
            type="button"
            className="button"
            aria-label={battle.retryOf(side)}
            onClick={() => onRetry(false)}
          >
            <Icon name="retry" />
            {battle.retry}
          </button>
          {replaceable && (
            <button
              type="button"
              className="button"
              aria-label={battle.replaceOf(side)}
              onClick={() => onRetry(true)}
            >
              <Icon name="replace" />
              {battle.replace}
            </button>
          )}
        </p>
      </Notice>
    </div>
  )
}
