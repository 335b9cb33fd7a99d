import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { VISITOR_COOKIE } from '../../shared/protocol.ts'

/** A year; browsers cap cookies at about that. */
const MAX_AGE_S = 365 * 24 * 60 * 60

type VisitorsDeps = {
  readonly signer: { sign(value: string): string; verify(signed: string): string | undefined }
  readonly voterHash: (visitorId: string) => string
  readonly secure: boolean
}

/** Who sends a request, and the header that makes a new visitor known from then on. */
export type Visitor = {
  /** Keyed hash of the visitor's id: all that is ever stored. */
  readonly hash: string
  readonly setCookie: string | undefined
}

/** Knows visitors by one signed, HttpOnly, SameSite cookie. */
export type Visitors = { of(request: IncomingMessage): Visitor }

export function createVisitors({ signer, voterHash, secure }: VisitorsDeps): Visitors {
  // The handshake asks twice: once to let it in, once for its headers.
  const known = new WeakMap<IncomingMessage, Visitor>()

  function identify(request: IncomingMessage): Visitor {
    const header = request.headers.cookie
    const cookie = header === undefined ? undefined : parseCookie(header)[VISITOR_COOKIE]
    const id = cookie === undefined ? undefined : signer.verify(cookie)
    if (id !== undefined) return { hash: voterHash(id), setCookie: undefined }
    const fresh = randomUUID()
    return {
      hash: voterHash(fresh),
      setCookie: stringifySetCookie(VISITOR_COOKIE, signer.sign(fresh), {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure,
        maxAge: MAX_AGE_S,
      }),
    }
  }

  return {
    of(request) {
      const visitor = known.get(request) ?? identify(request)
      known.set(request, visitor)
      return visitor
    },
  }
}
