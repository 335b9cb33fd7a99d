import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { Session } from '../../shared/schemas/admin.ts'
import { adminTexts } from '../texts/en-admin.ts'
import { createAdminClient, type AdminApi } from './api.ts'
import { allows, atLeast, type NeededScope } from './scope.ts'
import { SignIn, type SignInReason } from './sign-in.tsx'

/** Who is signed in, and what can be done with that. */
export type Admin = {
  readonly session: Session
  readonly api: AdminApi
  /** Whether this token may do what needs that scope. */
  readonly may: (needed: NeededScope) => boolean
  /** Why it may not, in words, for a disabled control; undefined if it may. */
  readonly whyNot: (needed: NeededScope) => string | undefined
  readonly signOut: () => Promise<void>
}

const AdminContext = createContext<Admin | null>(null)

/** The session of the page; only below {@link SessionGate}. */
export function useAdmin(): Admin {
  const admin = use(AdminContext)
  if (admin === null) throw new Error('useAdmin is used outside of the console')
  return admin
}

/** The last session, which may be over, and which life of the pages below it belongs to. */
type Kept = { readonly session: Session; readonly life: number }

/**
 * What was typed goes on with whoever signs in next, under the same token or, where that was
 * revoked, another. Only a token of less scope begins anew: it is not to see what the one before saw.
 */
function lifeOf(before: Kept | null, next: Session): number {
  if (before === null) return 0
  return atLeast(next.scope, before.session.scope) ? before.life : before.life + 1
}

type State = { session: Session | null; reason: SignInReason | 'asking' }

/**
 * Shows its children to whoever is signed in, and the sign-in to everybody else. When a session ends
 * meanwhile the children stay as they are, out of sight: what was typed is there again afterwards.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const [{ session, reason }, setState] = useState<State>({ session: null, reason: 'asking' })
  const [kept, setKept] = useState<Kept | null>(null)
  const [{ api, authorize, onSignedOut }] = useState(() =>
    createAdminClient({ fetch: (...args) => fetch(...args) }),
  )

  const enter = useCallback(
    (next: Session) => {
      authorize(next.csrfToken)
      setKept((before) => ({ session: next, life: lifeOf(before, next) }))
      setState({ session: next, reason: 'first' })
    },
    [authorize],
  )
  const leave = useCallback(
    (why: SignInReason) => {
      authorize(undefined)
      // Who signs out leaves nothing behind; whose session ran out finds everything again.
      if (why === 'signed-out') setKept(null)
      setState({ session: null, reason: why })
    },
    [authorize],
  )
  useEffect(() => onSignedOut(() => leave('expired')), [onSignedOut, leave])

  useEffect(() => {
    let left = false
    const ask = async () => {
      const found = await api.get<Session>('/session')
      if (left) return
      if (found.ok) enter(found.value)
      else setState({ session: null, reason: found.error.status === 401 ? 'first' : 'unreachable' })
    }
    void ask()
    return () => {
      left = true
    }
  }, [api, enter])

  const admin = useMemo(
    () =>
      kept === null
        ? null
        : {
            session: kept.session,
            api,
            may: (needed: NeededScope) => allows(kept.session.scope, needed),
            whyNot: (needed: NeededScope) =>
              allows(kept.session.scope, needed)
                ? undefined
                : adminTexts.needs(needed, kept.session.scope),
            signOut: async () => {
              await api.remove('/session')
              leave('signed-out')
            },
          },
    [kept, api, leave],
  )

  if (reason === 'asking') return <div className="page-loading" />
  return (
    <>
      {session === null && <SignIn api={api} reason={reason} onSession={enter} />}
      {kept !== null && admin !== null && (
        <div key={kept.life} hidden={session === null}>
          <AdminContext value={admin}>{children}</AdminContext>
        </div>
      )}
    </>
  )
}
