import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { tooMany, whoTries, WINDOW_S, type Origin } from './guessing.ts'

/** Failed tries in a quarter of an hour. */
const TRIES = 10

/** Keeps anybody from trying tokens out. */
export type SignInLimit = {
  /** Throws `rate_limited` while somebody has failed too often; else counts a try. */
  take(from: Origin): Promise<void>
  /** It was not a failure after all. */
  forgive(from: Origin): Promise<void>
}

/**
 * @param enabled the setting RATE_LIMITS
 * @param behindProxy whether browsers come through a proxy on this machine, so that its address says
 *   nothing of them: then tries count by visitor, and all who hide who they are count as one
 */
export function createSignInLimit(enabled: boolean, behindProxy: boolean): SignInLimit {
  const limiter = new RateLimiterMemory({ points: TRIES, duration: WINDOW_S })
  const keyOf = (from: Origin) => whoTries(from, behindProxy).key

  return {
    async take(from) {
      if (!enabled) return
      try {
        await limiter.consume(keyOf(from))
      } catch (refused) {
        if (refused instanceof Error) throw refused
        throw tooMany('failed attempts to sign in', refused as RateLimiterRes)
      }
    },

    async forgive(from) {
      if (enabled) await limiter.reward(keyOf(from))
    },
  }
}
