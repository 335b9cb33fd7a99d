import type { Request } from 'express'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { failure } from '../../shared/errors.ts'
import { FailureError } from '../http/failure.ts'
import { isLoopback } from '../http/limits.ts'
import type { Visitors } from '../http/visitors.ts'
import type { AuditLog } from './audit.ts'

/** How long a failed try counts, in seconds: a quarter of an hour. */
export const WINDOW_S = 15 * 60
/** As many failed tries of everybody together are kept in the audit log in that time. */
const RECORDED = 100

/** Where a try comes from: its address, and the visitor if their cookie says who. */
export type Origin = { readonly address: string; readonly visitor: string | undefined }

export function originOf(request: Request, visitors: Visitors): Origin {
  const { hash, setCookie } = visitors.of(request)
  // A visitor who is only now being made known can be somebody new at every call.
  return {
    address: request.socket.remoteAddress ?? '',
    visitor: setCookie === undefined ? hash : undefined,
  }
}

/**
 * Whom failed tries are counted against. Behind a proxy on this machine, whose address says nothing of
 * anybody, that is the visitor, and all who hide who they are count as one.
 *
 * @param behindProxy whether visitors come through a proxy on this machine
 */
export function whoTries({ address, visitor }: Origin, behindProxy: boolean) {
  const shared = behindProxy && isLoopback(address)
  return { key: shared ? `visitor ${visitor ?? 'unknown'}` : `address ${address}`, shared }
}

/** The refusal of whoever failed too often. */
export function tooMany(what: string, { msBeforeNext }: RateLimiterRes): FailureError {
  const minutes = Math.max(1, Math.ceil(msBeforeNext / 60_000))
  const message = `Too many ${what}. Try again in ${minutes} min.`
  return new FailureError(failure('rate_limited', message, { retryAfterMs: msBeforeNext }))
}

/**
 * Keeps failed tries in the audit log, so many of everybody's together within a quarter of an hour:
 * whoever comes from everywhere must not drown it.
 *
 * @param limited the setting RATE_LIMITS; off, all of them are kept
 */
export function createRefusalRecord(deps: {
  readonly audit: Pick<AuditLog, 'record'>
  readonly limited: boolean
  readonly now: () => number
}): (kind: 'session' | 'token', from: Origin) => Promise<void> {
  const { audit, limited, now } = deps
  const recorded = new RateLimiterMemory({ points: RECORDED, duration: WINDOW_S })

  async function isRoom(kind: string): Promise<boolean> {
    if (!limited) return true
    try {
      await recorded.consume(kind)
      return true
    } catch (refused) {
      if (refused instanceof Error) throw refused
      return false
    }
  }

  return async (kind, { address }) => {
    if (!(await isRoom(kind))) return
    const action = `${kind}.refuse`
    await audit.record({ at: now(), actor: 'nobody', action, subject: kind, details: { address } })
  }
}
