import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Session } from '../../shared/schemas/admin.ts'
import type { SessionRepository } from './session-repository.ts'
import { nameOf, type Bearer } from './tokens.ts'

const ID_BYTES = 32
/** What the cookie holds: 32 bytes in base64url. Anything else is not worth a look-up. */
const ID_FORM = /^[A-Za-z0-9_-]{43}$/

/** A browser that has signed in. */
export type SignedIn = {
  readonly bearer: Bearer
  /** What the page is told of it. */
  readonly view: Session
}

/**
 * Browsers of administrators, signed in with a token. The cookie holds 256 random bits, the database
 * their hash: neither says anything of the token.
 */
export type Sessions = {
  /** Signs in. @returns with what the cookie is to hold, which is shown this once */
  open(bearer: Bearer): Promise<SignedIn & { id: string }>
  /** Asked of the database at each call, so that a revoked token ends its sessions at once. */
  find(id: string): Promise<SignedIn | undefined>
  /** Signs out. */
  close(id: string, bearer: Bearer): Promise<void>
}

type SessionsDeps = {
  readonly repository: SessionRepository
  readonly lifetimeMs: number
  readonly now: () => number
}

export function createSessions({ repository, lifetimeMs, now }: SessionsDeps): Sessions {
  return {
    async open(bearer) {
      const at = now()
      const id = randomBytes(ID_BYTES).toString('base64url')
      const expiresAt = at + lifetimeMs
      await repository.prune(at)
      await repository.insert(
        { idHash: hashOf(id), tokenId: bearer.id, createdAt: at, expiresAt },
        entryOf('session.open', bearer, at),
      )
      return { id, bearer, view: viewOf(id, bearer, expiresAt) }
    },

    async find(id) {
      if (!ID_FORM.test(id)) return undefined
      const found = await repository.find(hashOf(id), now())
      if (found === undefined) return undefined
      return { bearer: found.bearer, view: viewOf(id, found.bearer, found.expiresAt) }
    },

    close: (id, bearer) => repository.remove(hashOf(id), entryOf('session.close', bearer, now())),
  }
}

/** Whether a call repeats the CSRF token of its session; takes the same time wherever they differ. */
export function provesOrigin({ view }: SignedIn, given: string | undefined): boolean {
  const expected = Buffer.from(view.csrfToken)
  const shown = Buffer.from(given ?? '')
  return shown.length === expected.length && timingSafeEqual(shown, expected)
}

function viewOf(id: string, bearer: Bearer, expiresAt: number): Session {
  return {
    actor: nameOf(bearer),
    scope: bearer.scope,
    expiresAt: new Date(expiresAt).toISOString(),
    csrfToken: csrfTokenOf(id),
  }
}

/**
 * A mark that only a page that may read answers of this arena can know. Keyed with the session's id:
 * nobody makes it without the cookie, and it gives nothing of the cookie away.
 */
function csrfTokenOf(id: string): string {
  return createHmac('sha256', id).update('csrf').digest('base64url')
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

function entryOf(action: string, bearer: Bearer, at: number) {
  return { at, actor: nameOf(bearer), action, subject: `token ${bearer.id}` }
}
