import type { ModelLimits, Prices, ProviderDefinition } from '../../shared/schemas/model.ts'
import { ProviderError, type AnswerRequest } from '../providers/provider.ts'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import type { Model } from './model.ts'
import { inputTokensOf } from './token-estimate.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/**
 * How many tokens an answer is taken to get to where its model is given no bound: nearly all stay
 * below; the embedded inference gives itself one.
 */
const UNBOUNDED_TOKENS = 4096
const EMBEDDED_TOKENS = 1024

/** Tokens that an answer takes, as far as one can tell before. */
export type Estimate = { readonly inputTokens: number; readonly outputTokens: number }

/** The right to ask a model once. */
export type LimitPass = {
  /** The answer is over, however it ended, and what it took is counted as spent. */
  leave(): void
}

/** Which limit keeps a model from being asked now, in words. */
export type Closed = { readonly by: 'budget' | 'rate' | 'concurrency'; readonly reason: string }

/** Keeps what administrators allowed each model: its rate, its concurrency, its budgets of a day. */
export type LimitGate = {
  /** Which limit keeps a model from taking a new battle now; undefined if none does. */
  closed(model: Model): Closed | undefined
  /** Why a model takes no new battle now because of its own limits, in words. */
  closedBecause(model: Model): string | undefined
  /**
   * Waits for a place, first come, first served; at most until the signal.
   *
   * @throws ProviderError `limit` when a day's budget is used up; or the signal's reason
   */
  enter(model: Model, estimate: Estimate, signal: AbortSignal): Promise<LimitPass>
  /** A model was changed: whoever waits for it goes by its new limits. */
  update(model: Model): void
}

export type LimitGateDeps = {
  readonly now: () => number
  /** What a model has used up since midnight UTC, without what is being answered. */
  readonly spentToday: (slug: string) => { tokens: number; cost: number }
  readonly schedule?: Schedule
}

type Waiting = {
  admit(): void
  refuse(cause: unknown): void
}

/** What is known of one model's present use. */
type Use = {
  model: Model
  running: number
  /** When it was asked, as far back as a minute. */
  starts: number[]
  /** What the answers under way are expected to take. */
  reserved: { tokens: number; cost: number }
  queue: Waiting[]
  cancelTimer: (() => void) | undefined
}

export function createLimitGate(deps: LimitGateDeps): LimitGate {
  const { now, spentToday, schedule = scheduleByTimer } = deps
  const uses = new Map<string, Use>()

  function useOf(model: Model): Use {
    let use = uses.get(model.slug)
    if (use === undefined) {
      use = {
        model,
        running: 0,
        starts: [],
        reserved: { tokens: 0, cost: 0 },
        queue: [],
        cancelTimer: undefined,
      }
      uses.set(model.slug, use)
    }
    use.model = model
    return use
  }

  /** The budget that is used up, counting what is under way: one answer at most goes beyond it. */
  function usedUp({ model, reserved }: Use): string | undefined {
    const { tokensPerDay, costPerDay } = model.limits
    if (tokensPerDay === undefined && costPerDay === undefined) return undefined
    const spent = spentToday(model.slug)
    const until = `until ${nextMidnight(now())}`
    if (tokensPerDay !== undefined && spent.tokens + reserved.tokens >= tokensPerDay) {
      return `today's ${tokensPerDay.toLocaleString('en')} tokens are used up, ${until}`
    }
    if (costPerDay !== undefined && spent.cost + reserved.cost >= costPerDay) {
      return `today's $${costPerDay.toLocaleString('en', { maximumFractionDigits: 6 })} are used up, ${until}`
    }
    return undefined
  }

  /** How long until the rate lets another request through, in milliseconds. */
  function rateWait({ model, starts }: Use): number {
    const { requestsPerMinute } = model.limits
    if (requestsPerMinute === undefined) return 0
    const since = now() - MINUTE_MS
    while ((starts[0] ?? Infinity) <= since) starts.shift()
    if (starts.length < requestsPerMinute) return 0
    return (starts[starts.length - requestsPerMinute] ?? 0) - since
  }

  const isFull = ({ model, running }: Use) =>
    running >= (model.limits.concurrentRequests ?? Infinity)

  function closed(model: Model): Closed | undefined {
    if (isUnlimited(model.limits)) return undefined
    const use = useOf(model)
    const budget = usedUp(use)
    if (budget !== undefined) return { by: 'budget', reason: budget }
    const wait = rateWait(use)
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      const { requestsPerMinute } = model.limits
      const made = requestsPerMinute === 1 ? 'request was' : 'requests were'
      const rate = `${requestsPerMinute} ${made} made within a minute`
      return { by: 'rate', reason: `${rate}; the next may be in ${seconds} s` }
    }
    if (!isFull(use)) return undefined
    const { concurrentRequests } = model.limits
    const answers = concurrentRequests === 1 ? 'answer is' : 'answers are'
    return {
      by: 'concurrency',
      reason: `${concurrentRequests} ${answers} being written, its limit`,
    }
  }

  function begin(use: Use, estimate: Estimate): LimitPass {
    const tokens = estimate.inputTokens + estimate.outputTokens
    const cost = costOf(use.model.prices, estimate)
    use.running += 1
    if (use.model.limits.requestsPerMinute !== undefined) use.starts.push(now())
    use.reserved.tokens += tokens
    use.reserved.cost += cost
    let left = false
    return {
      leave() {
        if (left) return
        left = true
        use.running -= 1
        use.reserved.tokens -= tokens
        // Sums of fractions leave dust behind: with nobody under way there is nothing reserved.
        use.reserved.cost = use.running === 0 ? 0 : use.reserved.cost - cost
        serve(use)
      },
    }
  }

  /** Lets in whoever waits and may. */
  function serve(use: Use): void {
    use.cancelTimer?.()
    use.cancelTimer = undefined
    for (;;) {
      const [first] = use.queue
      if (first === undefined) return
      const budget = usedUp(use)
      const wait = rateWait(use)
      if (budget !== undefined) {
        use.queue.shift()
        first.refuse(new ProviderError('limit', budget))
      } else if (isFull(use)) {
        return
      } else if (wait > 0) {
        use.cancelTimer = schedule(() => serve(use), wait)
        return
      } else {
        use.queue.shift()
        first.admit()
      }
    }
  }

  return {
    closed,
    closedBecause: (model) => closed(model)?.reason,

    async enter(model, estimate, signal) {
      signal.throwIfAborted()
      const use = useOf(model)
      return new Promise<LimitPass>((resolve, reject) => {
        const settle = () => signal.removeEventListener('abort', onAbort)
        const waiting: Waiting = {
          admit() {
            settle()
            resolve(begin(use, estimate))
          },
          refuse(cause) {
            settle()
            reject(cause)
          },
        }
        const onAbort = () => {
          use.queue = use.queue.filter((one) => one !== waiting)
          waiting.refuse(signal.reason)
          serve(use)
        }
        use.queue.push(waiting)
        serve(use)
        if (use.queue.includes(waiting)) {
          signal.addEventListener('abort', onAbort, { once: true })
        }
      })
    },

    update(model) {
      const use = uses.get(model.slug)
      if (use === undefined) return
      use.model = model
      serve(use)
    },
  }
}

/** What a request is expected to take: what is sent, and an answer as long as it may be. */
export function estimateOf(request: AnswerRequest, kind: ProviderDefinition['kind']): Estimate {
  const { maxTokens = kind === 'onnx' ? EMBEDDED_TOKENS : UNBOUNDED_TOKENS } = request.sampling
  return { inputTokens: inputTokensOf(request), outputTokens: maxTokens }
}

/** What so many tokens cost, in US dollars; nothing where nobody told the prices. */
export function costOf(prices: Prices | null, use: Estimate): number {
  if (prices === null) return 0
  const { inputPerMillion, outputPerMillion } = prices
  return (use.inputTokens * inputPerMillion + use.outputTokens * outputPerMillion) / 1e6
}

function isUnlimited(limits: ModelLimits): boolean {
  return Object.keys(limits).length === 0
}

function nextMidnight(now: number): string {
  const at = new Date((Math.floor(now / DAY_MS) + 1) * DAY_MS)
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
