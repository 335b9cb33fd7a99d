import type { TryEvent, TryRequest } from '../../shared/schemas/admin.ts'
import type { Registration } from '../../shared/schemas/model.ts'
import { failure } from '../../shared/errors.ts'
import type { AuditLog } from '../admin/audit.ts'
import { FailureError } from '../http/failure.ts'
import { effectiveBaseUrl } from '../providers/effective-base-url.ts'
import { linkAbort } from '../providers/linked-abort.ts'
import { ProviderError, type AnswerPart } from '../providers/provider.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { checkWhole, keepsKey, mergeProvider, newModel } from './change.ts'
import { toAnswerRequest } from './conversation.ts'
import { describe } from './describe.ts'
import type { EndpointCheck } from './endpoint-check.ts'
import { hintFor } from './hints.ts'
import { keyContext, type Model } from './model.ts'
import type { ProviderFactory } from './provider-factory.ts'
import type { Roster } from './roster.ts'

const LONGEST_MS = 60_000
const MOST_TOKENS = 2000
/** Whatever an endpoint sends, the answer of a try stays something to look at. */
const MOST_CHARACTERS = 200_000
const PROMPT = 'Please introduce yourself in two sentences.'
/** What a model is called that has no slug yet. */
const NEW_MODEL = 'new-model'

/** One try, checked and ready to be made; the signal ends it early. */
export type PreparedTry = (signal: AbortSignal) => AsyncIterable<TryEvent>

export type TryDeps = {
  readonly roster: Pick<Roster, 'get'>
  readonly sealer: Sealer
  readonly audit: Pick<AuditLog, 'record'>
  readonly checkEndpoint: EndpointCheck
  /** Makes providers that tell when the other end has begun to answer. */
  readonly observedProviders: (onConnected: () => void) => ProviderFactory
  readonly clock: () => number
}

/**
 * Has a model answer that is not registered, or not like this. Nothing of it is stored but that it
 * was tried.
 *
 * @throws FailureError for what registration would refuse too
 */
export type Tries = (input: TryRequest, actor: string) => Promise<PreparedTry>

export function createTries(deps: TryDeps): Tries {
  const { roster, sealer, audit, checkEndpoint, observedProviders, clock } = deps

  return async (input, actor) => {
    const model = modelOf(input)
    const { provider } = model.current
    checkWhole(model)
    const baseUrl = effectiveBaseUrl(provider)
    if (baseUrl !== undefined) await checkEndpoint(baseUrl)
    await audit.record({
      at: clock(),
      actor,
      action: 'model.try',
      subject: input.slug === undefined ? 'a new model' : `model ${input.slug}`,
      details: { provider: provider.kind, model: provider.model, baseUrl: baseUrl ?? null },
    })
    return (signal) => answerOf(model, input.prompt ?? PROMPT, signal)
  }

  /** What is to be tried, as a model that nobody else ever sees. */
  function modelOf(input: TryRequest): Model {
    const stored = input.slug === undefined ? undefined : roster.get(input.slug)
    if (input.slug !== undefined && stored === undefined) {
      throw new FailureError(failure('not_found', `There is no model "${input.slug}".`))
    }
    const before = stored?.current
    const { provider, apiKey } = mergeProvider(before?.provider, input.provider)
    const registration = {
      slug: input.slug ?? NEW_MODEL,
      name: NEW_MODEL,
      organization: NEW_MODEL,
      license: NEW_MODEL,
      systemPrompt: filled(input.systemPrompt, before?.systemPrompt),
      answerPrefix: filled(input.answerPrefix, before?.answerPrefix),
      sampling: input.sampling ?? before?.sampling,
      caps: input.caps ?? before?.caps,
    } satisfies Partial<Registration>
    const model = newModel(registration, provider, clock())
    const kept =
      stored !== undefined && keepsKey(stored.current.provider, provider) ? stored.sealedKey : null
    const sealedKey =
      apiKey === undefined ? kept : sealer.seal(apiKey, keyContext(model.slug, provider))
    if (sealedKey === null && (provider.kind === 'anthropic' || provider.kind === 'google')) {
      const field = 'provider.apiKey'
      const message = `${field}: is needed; none is stored for this address`
      throw new FailureError(failure('invalid_input', message, { field }))
    }
    return { ...model, sealedKey }
  }

  async function* answerOf(
    model: Model,
    prompt: string,
    signal: AbortSignal,
  ): AsyncGenerator<TryEvent, void, undefined> {
    const link = linkAbort(signal)
    const tooLong = () =>
      link.abort(new ProviderError('timeout', `the try took longer than ${LONGEST_MS / 1000} s`))
    const timer = setTimeout(tooLong, LONGEST_MS)
    const started = clock()
    const elapsed = () => Math.max(0, clock() - started)
    let parts: AsyncIterator<AnswerPart> | undefined
    try {
      let onConnected: (afterMs: number) => void = () => undefined
      const connected = new Promise<number>((resolve) => (onConnected = resolve))
      const provider = observedProviders(() => onConnected(elapsed()))(model, model.current)
      const request = toAnswerRequest(model.current, [{ prompt }], MOST_TOKENS)
      parts = provider(request, link.signal)[Symbol.asyncIterator]()
      let next = parts.next()
      // Told as soon as it is so: a big model may think for long before its first word.
      const over = next.then(
        () => undefined,
        () => undefined,
      )
      const afterMs = await Promise.race([connected, over])
      if (afterMs !== undefined) yield { type: 'connected', afterMs }
      let firstTokenMs: number | undefined
      let characters = 0
      let prefix = model.current.answerPrefix ?? ''
      for (let step = await next; step.done !== true; next = parts.next(), step = await next) {
        const part = step.value
        if ('end' in part) {
          yield endOf(part, firstTokenMs, elapsed())
          return
        }
        firstTokenMs ??= elapsed()
        characters += 'text' in part ? part.text.length : part.reasoning.length
        if (characters > MOST_CHARACTERS) {
          throw new ProviderError('protocol', `it sent more than ${MOST_CHARACTERS} characters`)
        }
        if ('reasoning' in part) {
          yield { type: 'reasoning', text: part.reasoning }
        } else {
          yield { type: 'text', text: prefix + part.text }
          prefix = ''
        }
      }
      throw new ProviderError('protocol', 'the stream ended without saying so')
    } catch (cause) {
      if (signal.aborted) return
      const kind = cause instanceof ProviderError ? cause.kind : 'internal'
      const hint = hintFor(cause, effectiveBaseUrl(model.current.provider))
      yield { type: 'error', kind, message: describe(cause), hint }
    } finally {
      clearTimeout(timer)
      link.abort(new ProviderError('interrupted', 'the try is over'))
      link.unlink()
      await parts?.return?.()
    }
  }
}

function endOf(
  { end, usage }: Extract<AnswerPart, { end: unknown }>,
  firstTokenMs: number | undefined,
  totalMs: number,
): TryEvent {
  const writingMs = totalMs - (firstTokenMs ?? totalMs)
  return {
    type: 'end',
    reason: end,
    firstTokenMs: firstTokenMs ?? null,
    totalMs,
    tokensPerSecond:
      usage === undefined || writingMs <= 0 ? null : (usage.completionTokens / writingMs) * 1000,
    usage: usage ?? null,
  }
}

/** Null clears what is stored, nothing leaves it. */
function filled(
  given: string | null | undefined,
  stored: string | null | undefined,
): string | undefined {
  return (given === undefined ? stored : given) ?? undefined
}
