import { useCallback, useState } from 'react'
import type { CreatedToken, TokenView } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { AdminPage } from '../admin-page.tsx'
import { ListLoading, Trouble } from '../lists/list-frame.tsx'
import { useAnswer } from '../lists/use-answer.ts'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'
import { NewToken } from './new-token.tsx'
import { tokenIdOf } from './own.ts'
import { RevokeToken } from './revoke-token.tsx'
import { ShownToken } from './shown-token.tsx'
import './tokens.css'

const { tokens } = moreTexts

/** Who may call the API and sign in: a list, a new one, and the end of one. */
export function TokensPage() {
  const { api, session } = useAdmin()
  const toast = useToast()
  const { value, error, again } = useAnswer(
    useCallback(() => api.get<{ items: TokenView[] }>('/tokens'), [api]),
  )
  const [created, setCreated] = useState<CreatedToken | null>(null)
  const own = tokenIdOf(session.actor)
  const items = value?.items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)) ?? []
  const valid = items.filter(({ revokedAt }) => revokedAt === null)
  const revoked = items.filter(({ revokedAt }) => revokedAt !== null)
  const onRevoked = (token: TokenView) => {
    toast(tokens.wasRevoked(token.name))
    if (created?.id === token.id) setCreated(null)
    void again()
  }
  return (
    <AdminPage title={tokens.title} lead={tokens.lead}>
      {created !== null && (
        <ShownToken key={created.id} token={created} onDone={() => setCreated(null)} />
      )}
      {error !== null && <Trouble message={error.message} onRetry={() => void again()} />}
      {value === null && error === null && <ListLoading rows={3} />}
      {value !== null && valid.length === 0 && <p className="list-empty">{tokens.empty}</p>}
      {valid.length > 0 && (
        <ul className="list-rows" aria-label={tokens.list} data-testid="token-list">
          {valid.map((token) => (
            <li key={token.id}>
              <TokenRow token={token} own={token.id === own} onRevoked={onRevoked} />
            </li>
          ))}
        </ul>
      )}
      {revoked.length > 0 && (
        <details className="tokens-revoked">
          <summary>{tokens.showRevoked(revoked.length)}</summary>
          <ul className="list-rows">
            {revoked.map((token) => (
              <li key={token.id}>
                <TokenRow token={token} own={false} onRevoked={onRevoked} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <NewToken
        onCreated={(token) => {
          setCreated(token)
          void again()
        }}
      />
    </AdminPage>
  )
}

type RowProps = { token: TokenView; own: boolean; onRevoked: (token: TokenView) => void }

function TokenRow({ token, own, onRevoked }: RowProps) {
  return (
    <div className="list-row token-row" data-token={token.id}>
      <p className="list-title" dir="auto">
        {token.name} <span className="list-tag">{token.scope}</span>{' '}
        {own && (
          <span className="list-tag" data-tone="good" title={tokens.ownHint}>
            {tokens.own}
          </span>
        )}
      </p>
      <div className="list-beside">
        {token.revokedAt === null ? (
          <RevokeToken token={token} own={own} onRevoked={() => onRevoked(token)} />
        ) : (
          <>
            {tokens.revoked} <When at={token.revokedAt} />
          </>
        )}
      </div>
      <p className="list-about figures">
        {tokens.scopes[token.scope]} {tokens.created} <When at={token.createdAt} />.{' '}
        <code className="token-id">{token.id}</code>
      </p>
    </div>
  )
}
