import { RateLimiterMemory } from 'rate-limiter-flexible'
import { failure } from '../../shared/errors.ts'
import { FailureError } from '../http/failure.ts'
import { isLoopback } from '../http/limits.ts'

/** Failed tries in a quarter of an hour. */
const TRIES = 10
const WINDOW_S = 15 * 60
/** As many failed tries of everybody together are kept in the audit log in that time. */
const RECORDED = 100

/** Keeps anybody from trying tokens out. */
export type SignInLimit = {
  /** Throws `rate_limited` while somebody has failed too often; else counts a try. */
  take(from: Origin): Promise<void>
  /** It was not a failure after all. */
  forgive(from: Origin): Promise<void>
  /**
   * Whether a failed try is to be kept in the audit log: whoever comes from everywhere must not drown
   * it.
   */
  isToBeRecorded(): Promise<boolean>
}

/** Where a try comes from: its address, and the visitor if their cookie says who. */
export type Origin = { readonly address: string; readonly visitor: string | undefined }

/**
 * @param enabled the setting RATE_LIMITS
 * @param behindProxy whether browsers come through a proxy on this machine, so that its address says
 *   nothing of them: then tries count by visitor, and all who hide who they are count as one
 */
export function createSignInLimit(enabled: boolean, behindProxy: boolean): SignInLimit {
  const limiter = new RateLimiterMemory({ points: TRIES, duration: WINDOW_S })
  const recorded = new RateLimiterMemory({ points: RECORDED, duration: WINDOW_S })
  const keyOf = ({ address, visitor }: Origin) =>
    behindProxy && isLoopback(address) ? `visitor ${visitor ?? 'unknown'}` : `address ${address}`

  return {
    async take(from) {
      if (!enabled) return
      try {
        await limiter.consume(keyOf(from))
      } catch (refused) {
        if (refused instanceof Error) throw refused
        const { msBeforeNext } = refused as { msBeforeNext: number }
        const minutes = Math.max(1, Math.ceil(msBeforeNext / 60_000))
        const message = `Too many failed attempts to sign in. Try again in ${minutes} min.`
        throw new FailureError(failure('rate_limited', message, { retryAfterMs: msBeforeNext }))
      }
    },

    async forgive(from) {
      if (enabled) await limiter.reward(keyOf(from))
    },

    async isToBeRecorded() {
      if (!enabled) return true
      try {
        await recorded.consume('all')
        return true
      } catch (refused) {
        if (refused instanceof Error) throw refused
        return false
      }
    },
  }
}
