import { RateLimiterMemory } from 'rate-limiter-flexible'
import { failure, type Failure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'

/** Calls a minute, per visitor and per address: few for what costs tokens, many for what is cheap. */
const LIMITS = {
  battle: { visitor: 60, address: 600 },
  vote: { visitor: 120, address: 6000 },
  other: { visitor: 600, address: 6000 },
  read: { visitor: 3000, address: 12_000 },
} as const

export type LimitedAct = keyof typeof LIMITS

/** Keeps one visitor or address from taking the arena away from everybody else. */
export type Limits = {
  take(act: LimitedAct, visitor: string, address: string): Promise<Result<void, Failure>>
}

/**
 * @param enabled the setting RATE_LIMITS
 * @param behindProxy whether visitors come through a proxy on this machine: then its address says
 *   nothing of them, and only visitors are limited
 */
export function createLimits(enabled: boolean, behindProxy: boolean): Limits {
  const limiters = Object.entries(LIMITS).flatMap(([act, { visitor, address }]) => [
    [`${act}:visitor`, new RateLimiterMemory({ points: visitor, duration: 60 })] as const,
    [`${act}:address`, new RateLimiterMemory({ points: address, duration: 60 })] as const,
  ])
  const byName = new Map<string, RateLimiterMemory>(limiters)

  async function consume(name: string, key: string): Promise<Result<void, Failure>> {
    try {
      await byName.get(name)?.consume(key)
      return ok(undefined)
    } catch (refused) {
      if (refused instanceof Error) throw refused
      const { msBeforeNext } = refused as { msBeforeNext: number }
      const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
      return err(
        failure('rate_limited', `That was a lot at once. Try again in ${seconds} s.`, {
          retryAfterMs: msBeforeNext,
        }),
      )
    }
  }

  return {
    async take(act, visitor, address) {
      if (!enabled) return ok(undefined)
      const byVisitor = await consume(`${act}:visitor`, visitor)
      if (!byVisitor.ok || (behindProxy && isLoopback(address))) return byVisitor
      return consume(`${act}:address`, address)
    },
  }
}

/** Whether a caller is on this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.')
}
