import type { ActivityLog, AnswerRecord } from '../health/activity.ts'
import type { FailureLog } from '../health/failures.ts'
import { ProviderError, type AnswerRequest, type Usage } from '../providers/provider.ts'
import type { Attempt } from './breaker.ts'
import { describe } from './describe.ts'
import type { AnswerContext } from './entrants.ts'
import { tokensTaken, tokensTakenByFailed } from './token-estimate.ts'

type AccountDeps = {
  readonly who: { readonly slug: string; readonly version: number }
  readonly request: AnswerRequest
  readonly context: AnswerContext | undefined
  readonly activity: Pick<ActivityLog, 'begin'>
  readonly failures: Pick<FailureLog, 'record'>
  readonly now: () => number
  /** Begins to count for the breaker; undefined where the answer says nothing of the model. */
  readonly attempt: () => Attempt | undefined
  /** Whether a failure is the model's. */
  readonly counts: (cause: unknown) => boolean
}

/** One answer's account with the activity, the failure log and the breaker. */
export type AnswerAccount = {
  /** When it was first sent; undefined before. */
  readonly sentAt: number | undefined
  /** The request goes out. */
  send(): void
  /** A piece came, of text or of reasoning. Runs for every token. */
  piece(text: string): void
  readonly hasBegun: boolean
  succeeded(usage: Usage | undefined): void
  failed(cause: unknown): void
  /** Whoever asked does not want it any more. Of no effect where it has ended before. */
  left(): void
}

export function openAccount(deps: AccountDeps): AnswerAccount {
  const { who, request, context, activity, failures, now } = deps
  const openedAt = now()
  let sentAt: number | undefined
  let record: AnswerRecord | undefined
  let attempt: Attempt | undefined
  let characters = 0
  let over = false

  return {
    get sentAt() {
      return sentAt
    },
    get hasBegun() {
      return characters > 0
    },

    send() {
      if (sentAt !== undefined) return
      sentAt = now()
      record = activity.begin(who)
      attempt = deps.attempt()
    },

    piece(text) {
      if (characters === 0) record?.firstToken()
      characters += text.length
    },

    succeeded(usage) {
      if (over) return
      over = true
      record?.succeeded(tokensTaken(request, characters, usage))
      attempt?.succeeded()
    },

    failed(cause) {
      if (over) return
      over = true
      const kind = cause instanceof ProviderError ? cause.kind : 'internal'
      record?.failed(tokensTakenByFailed(request, characters, cause))
      failures.record({
        ...who,
        battleId: context?.battleId ?? null,
        turn: context?.turn ?? null,
        side: context?.side ?? null,
        kind,
        status: cause instanceof ProviderError ? (cause.status ?? null) : null,
        message: cause instanceof Error ? cause.message : String(cause),
        durationMs: now() - openedAt,
      })
      if (deps.counts(cause)) attempt?.failed(describe(cause))
      else attempt?.left()
    },

    left() {
      if (over) return
      over = true
      record?.aborted(tokensTaken(request, characters))
      attempt?.left()
    },
  }
}
