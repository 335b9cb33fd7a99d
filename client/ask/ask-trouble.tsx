import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { RequestError } from '../arena/connection.ts'
import { useReadiness } from '../arena/use-readiness.ts'
import { texts } from '../texts/en.ts'
import { Notice } from '../ui/notice.tsx'

type Props = { error: RequestError | null; waiting: boolean; onRetry: () => void }

/** Why a question cannot be asked at this moment, and what will help. */
export function AskTrouble({ error, waiting, onRetry }: Props) {
  const readiness = useReadiness()
  const { trouble } = texts
  if (waiting) return <Notice title={texts.ask.waiting} />
  if (error?.code === 'rate_limited') return <RateLimited error={error} onRetry={onRetry} />
  if (error?.code === 'no_models' || readiness?.state === 'none') {
    return (
      <Notice title={trouble.none}>
        <p>{trouble.noneDetail}</p>
        <p className="ask-operators">
          <Link to="/admin">{trouble.forOperators}</Link>
        </p>
      </Notice>
    )
  }
  if (readiness?.state === 'warming') {
    return (
      <Notice title={trouble.warming}>
        <p>{readiness.detail ?? trouble.warmingDetail}</p>
      </Notice>
    )
  }
  if (error === null) return null
  return (
    <Notice title={error.message}>
      {error.retryable && (
        <button type="button" className="button" onClick={onRetry}>
          {trouble.retry}
        </button>
      )}
    </Notice>
  )
}

/** Says when to come back, second by second, as far as the arena told. A new error is a new one. */
function RateLimited({ error, onRetry }: { error: RequestError; onRetry: () => void }) {
  const [left, setLeft] = useState(() => secondsOf(error))
  useEffect(() => {
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <Notice title={error.message === '' ? texts.trouble.rateLimited : error.message}>
      {left > 0 ? (
        <p className="figures" aria-live="off">
          {texts.trouble.retryAfter(left)}
        </p>
      ) : (
        <button type="button" className="button" onClick={onRetry}>
          {texts.trouble.retry}
        </button>
      )}
    </Notice>
  )
}

function secondsOf(error: RequestError): number {
  const { retryAfterSeconds, retryAfterMs } = error.details ?? {}
  if (typeof retryAfterSeconds === 'number') return Math.ceil(retryAfterSeconds)
  return typeof retryAfterMs === 'number' ? Math.ceil(retryAfterMs / 1000) : 0
}
