import type { AnswerTimeouts } from '../config.ts'
import type { ActivityLog } from '../health/activity.ts'
import type { FailureLog } from '../health/failures.ts'
import { ProviderError, type AnswerPart, type Provider } from '../providers/provider.ts'
import { withTimeouts } from '../providers/timeouts.ts'
import { createAdmission, LONGEST_COOLING_WAIT_MS } from './admission.ts'
import { openAccount, type AnswerAccount } from './answer-account.ts'
import type { Schedule } from '../schedule.ts'
import { toAnswerRequest } from './conversation.ts'
import { isBusy } from './describe.ts'
import type { Embedded } from './embedded.ts'
import type { Entrants } from './entrants.ts'
import type { LimitGate } from './limits.ts'
import type { Model } from './model.ts'
import type { ProviderFactory } from './provider-factory.ts'
import type { Roster } from './roster.ts'

type AnsweringDeps = {
  readonly roster: Pick<Roster, 'get' | 'breaker'>
  readonly providerOf: ProviderFactory
  readonly embedded: Pick<Embedded, 'state'>
  readonly gate: Pick<LimitGate, 'enter'>
  readonly activity: Pick<ActivityLog, 'begin'>
  readonly failures: Pick<FailureLog, 'record'>
  readonly timeouts: AnswerTimeouts
  readonly now: () => number
  readonly schedule: Schedule
}

/** Has models answer within their limits, and keeps account of who can and what it took. */
export function createAnswering(deps: AnsweringDeps): Entrants['answer'] {
  const { roster, providerOf, embedded, gate, activity, failures, timeouts, now, schedule } = deps
  const breakerOf = (slug: string) => roster.breaker(slug)
  const admit = createAdmission({ gate, breakerOf, timeouts, now, schedule })

  const isCurrent = ({ slug }: Model, version: number) =>
    roster.get(slug)?.current.version === version

  /** Whether a failure says something about the model as it is now. */
  function counts(model: Model, version: number, cause: unknown): boolean {
    const kind = cause instanceof ProviderError ? cause.kind : undefined
    if (kind === 'limit' || !isCurrent(model, version)) return false
    if (model.versions.get(version)?.provider.kind !== 'onnx') return true
    // Our own process being busy or starting is no fault of the model.
    return kind !== 'overloaded' && embedded.state() === 'ready'
  }

  const deadlineOf = ({ sentAt }: AnswerAccount) =>
    sentAt === undefined ? undefined : sentAt + timeouts.firstTokenMs

  /** Whether a provider that is busy asks to be asked again at once, and has said nothing yet. */
  function isWorthAnotherTry(cause: unknown, account: AnswerAccount): boolean {
    if (!isBusy(cause) || cause.retryAfterMs === undefined || account.hasBegun) return false
    const left = (deadlineOf(account) ?? 0) - now()
    return cause.retryAfterMs <= LONGEST_COOLING_WAIT_MS && cause.retryAfterMs < left
  }

  /** What is left of the answer's time, for a second try. */
  function inTimeLeft(provider: Provider, account: AnswerAccount): Provider {
    const gone = now() - (account.sentAt ?? now())
    return withTimeouts(provider, {
      ...timeouts,
      firstTokenMs: Math.max(1, timeouts.firstTokenMs - gone),
      totalMs: Math.max(1, timeouts.totalMs - gone),
    })
  }

  return async function* answer(who, conversation, signal, context) {
    const { slug, version } = who
    const model = roster.get(slug)
    const what = model?.versions.get(version)
    if (model === undefined || what === undefined) {
      throw new ProviderError('unsupported', `there is no version ${version} of ${slug}`)
    }
    const request = toAnswerRequest(what, conversation)
    const account = openAccount({
      who,
      request,
      context,
      activity,
      failures,
      now,
      attempt: () => (isCurrent(model, version) ? roster.breaker(slug).begin() : undefined),
      counts: (cause) => counts(model, version, cause),
    })
    // Given out with the first words, not before: a model that fails has said nothing.
    let prefix = what.answerPrefix ?? ''
    let tries = 0
    try {
      for (;;) {
        const pass = await admit(model, request, deadlineOf(account), signal)
        tries += 1
        let again = false
        try {
          account.send()
          const bare = providerOf(model, what)
          const provider = tries === 1 ? bare : inTimeLeft(bare, account)
          for await (const part of provider(request, signal)) {
            if ('text' in part) {
              account.piece(part.text)
              if (prefix === '') yield part
              else {
                const text: AnswerPart = { text: prefix + part.text }
                prefix = ''
                yield text
              }
            } else {
              if ('end' in part) account.succeeded(part.usage)
              else account.piece(part.reasoning)
              yield part
            }
          }
          return
        } catch (cause) {
          if (isBusy(cause) && cause.retryAfterMs !== undefined && isCurrent(model, version)) {
            roster.breaker(slug).coolFor(cause.retryAfterMs)
          }
          again = !signal.aborted && tries === 1 && isWorthAnotherTry(cause, account)
          if (!again) {
            end(account, cause, signal)
            throw cause
          }
        } finally {
          // Before the place is given back: whoever waits for it goes by what is spent.
          if (!again) account.left()
          pass.leave()
        }
      }
    } catch (cause) {
      end(account, cause, signal)
      throw cause
    }
  }
}

function end(account: AnswerAccount, cause: unknown, signal: AbortSignal): void {
  if (signal.aborted) account.left()
  else account.failed(cause)
}
