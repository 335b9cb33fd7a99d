import { useCallback } from 'react'
import { Link } from 'react-router'
import type { ModelFailureDetail } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AdminPage } from '../admin-page.tsx'
import { Fact } from '../lists/fact.tsx'
import { ListLoading, Trouble } from '../lists/list-frame.tsx'
import { useAnswer } from '../lists/use-answer.ts'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { FailedRequest } from './failed-request.tsx'

const { failures } = moreTexts

type Props = {
  id: string
  /** The list's filters, for the way back. */
  search: string
  newer: number | null
  older: number | null
  nameOf: (slug: string) => string
}

/** One failure: what was said, and the request that caused it. */
export function FailureView({ id, search, newer, older, nameOf }: Props) {
  const { api } = useAdmin()
  const { value, error, again } = useAnswer(
    useCallback(
      () => api.get<ModelFailureDetail>(`/failures/${encodeURIComponent(id)}`),
      [api, id],
    ),
  )
  return (
    <AdminPage title={failures.one(Number(id))}>
      <nav className="back-line" aria-label={failures.list}>
        <Link to={`/admin/failures${search}`}>{failures.back}</Link>
        <span className="back-steps">
          {newer !== null && (
            <Link to={`/admin/failures/${newer}${search}`} className="button">
              <Icon name="up" /> {failures.newer}
            </Link>
          )}
          {older !== null && (
            <Link to={`/admin/failures/${older}${search}`} className="button">
              <Icon name="down" /> {failures.older}
            </Link>
          )}
        </span>
      </nav>
      {error?.code === 'not_found' && <Notice title={failures.notFound} />}
      {error !== null && error.code !== 'not_found' && (
        <Trouble message={error.message} onRetry={() => void again()} />
      )}
      {value === null && error === null && <ListLoading />}
      {value !== null && <Failure failure={value} name={nameOf(value.slug)} />}
    </AdminPage>
  )
}

function Failure({ failure, name }: { failure: ModelFailureDetail; name: string }) {
  const { battleId, turn, side } = failure
  return (
    <div className="failure" data-testid="failure">
      <p className="failure-kind">
        <span className="list-tag" data-tone="bad">
          {failures.kindName(failure.kind)}
        </span>{' '}
        {failures.kindAbout(failure.kind)}
      </p>
      <dl className="fact-list">
        <Fact name={failures.model}>
          <Link to={`/admin/models/${failure.slug}`}>{name}</Link>,{' '}
          {failures.version(failure.version)}
        </Fact>
        <Fact name={failures.when}>
          <When at={failure.at} exact />
        </Fact>
        <Fact name={failures.took}>
          {failures.after(failure.durationMs)}
          {failure.status !== null && `, ${failures.status(failure.status)}`}
        </Fact>
        <Fact name={failures.battle}>
          {battleId === null ? (
            failures.noBattle
          ) : (
            <Link to={`/admin/battles/${battleId}`}>
              {turn !== null && side !== null ? failures.turn(turn, side) : battleId}
            </Link>
          )}
        </Fact>
        <Fact name={failures.message} wide>
          <span className="failure-words" dir="auto">
            {failure.message}
          </span>
        </Fact>
      </dl>
      <FailedRequest request={failure.request} />
    </div>
  )
}
