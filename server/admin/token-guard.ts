import type { Request } from 'express'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Visitors } from '../http/visitors.ts'
import { originOf, tooMany, whoTries, WINDOW_S, type Origin } from './guessing.ts'
import type { Bearer } from './tokens.ts'

/**
 * Wrong tokens in a quarter of an hour: a program that was forgotten when its token was revoked, and
 * that asks every ten seconds, does not shut the door on those beside it.
 */
const WRONG = 100

/** Keeps programs from trying tokens out. */
export type TokenGuard = {
  /**
   * Has a token looked up, and counts and records it if it is wrong.
   *
   * @throws FailureError `rate_limited` where too many were wrong
   */
  watch(request: Request, find: () => Promise<Bearer | undefined>): Promise<Bearer | undefined>
}

export function createTokenGuard(deps: {
  /** The setting RATE_LIMITS. */
  readonly enabled: boolean
  /** Whether callers come through a proxy on this machine. */
  readonly behindProxy: boolean
  readonly visitors: Visitors
  readonly record: (kind: 'token', from: Origin) => Promise<void>
}): TokenGuard {
  const { enabled, behindProxy, visitors, record } = deps
  const wrong = new RateLimiterMemory({ points: WRONG, duration: WINDOW_S })
  const refuse = (counted: RateLimiterRes) => tooMany('calls with a wrong token', counted)

  return {
    async watch(request, find) {
      const from = originOf(request, visitors)
      const { key, shared } = whoTries(from, behindProxy)
      // Who shares an address with everybody else is not kept out by what others do.
      if (enabled && !shared) {
        const counted = await wrong.get(key)
        if (counted !== null && counted.consumedPoints >= WRONG) throw refuse(counted)
      }
      const bearer = await find()
      if (bearer !== undefined) return bearer
      if (enabled) {
        await wrong.consume(key).catch((refused: unknown) => {
          throw refused instanceof Error ? refused : refuse(refused as RateLimiterRes)
        })
      }
      await record('token', from)
      return undefined
    },
  }
}
