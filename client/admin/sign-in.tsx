import { useRef, useState, type SubmitEvent } from 'react'
import type { Session } from '../../shared/schemas/admin.ts'
import { adminTexts } from '../texts/en-admin.ts'
import { announce } from '../ui/announcer.tsx'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import type { AdminApi, ApiError } from './api.ts'

/** Why somebody has to sign in. */
export type SignInReason = 'first' | 'expired' | 'signed-out' | 'unreachable'

type Props = {
  api: AdminApi
  reason: SignInReason
  onSession: (session: Session) => void
}

/** The door: a token is shown to the arena once and kept nowhere in the browser. */
export function SignIn({ api, reason, onSession }: Props) {
  const { signIn } = adminTexts
  usePageTitle(signIn.title)
  const field = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const input = field.current
    if (input === null || busy) return
    const token = input.value.trim()
    if (token === '') {
      setFault(signIn.empty)
      input.focus()
      return
    }
    setBusy(true)
    setFault(null)
    const answer = await api.post<Session>('/session', { token })
    setBusy(false)
    input.value = ''
    if (answer.ok) {
      announce(signIn.done(answer.value.actor))
      onSession(answer.value)
      return
    }
    setFault(faultOf(answer.error))
    input.focus()
  }

  return (
    <div className="page admin-sign-in">
      <h1 className="page-title">{signIn.title}</h1>
      <p className="page-lead">{signIn.lead}</p>
      {reason !== 'first' && <Notice title={signIn.reasons[reason]} />}
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="admin-token">{signIn.token}</label>
        <input
          ref={field}
          id="admin-token"
          type="password"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing to do on this page
          autoFocus
          aria-invalid={fault !== null || undefined}
          aria-describedby="admin-token-hint admin-token-fault"
        />
        <p id="admin-token-hint" className="admin-hint">
          {signIn.hint}
        </p>
        <p id="admin-token-fault" className="admin-fault" role="alert">
          {fault}
        </p>
        <button type="submit" className="button" data-kind="primary" aria-disabled={busy}>
          {busy ? signIn.busy : signIn.submit}
        </button>
      </form>
      <details className="admin-sign-in-help">
        <summary>{signIn.noToken}</summary>
        <p>{signIn.noTokenHelp}</p>
        <pre tabIndex={0}>{signIn.command}</pre>
      </details>
    </div>
  )
}

function faultOf({ status, message, retryAfterSeconds }: ApiError): string {
  const { signIn } = adminTexts
  if (status === 401) return signIn.unknown
  if (status === 403) return signIn.judge
  if (status === 429) return signIn.tooOften(retryAfterSeconds ?? null)
  return message
}
