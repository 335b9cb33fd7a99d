import { ProviderError, type AnswerPart } from '../providers/provider.ts'
import { toAnswerRequest } from './conversation.ts'
import type { Embedded } from './embedded.ts'
import type { Entrants } from './entrants.ts'
import type { Model } from './model.ts'
import type { ProviderFactory } from './provider-factory.ts'
import type { Roster } from './roster.ts'

/** Has models answer, and keeps account of who can. */
export function createAnswering(deps: {
  roster: Roster
  providerOf: ProviderFactory
  embedded: Pick<Embedded, 'state'>
}): Entrants['answer'] {
  const { roster, providerOf, embedded } = deps

  const isCurrent = ({ slug }: Model, version: number) =>
    roster.get(slug)?.current.version === version

  /** Whether a failure says something about the model as it is now. */
  function counts(model: Model, version: number, cause: unknown): boolean {
    if (!isCurrent(model, version)) return false
    if (model.versions.get(version)?.provider.kind !== 'onnx') return true
    // Our own process being busy or starting is no fault of the model.
    const overloaded = cause instanceof ProviderError && cause.kind === 'overloaded'
    return !overloaded && embedded.state() === 'ready'
  }

  return async function* answer({ slug, version }, conversation, signal) {
    const model = roster.get(slug)
    const what = model?.versions.get(version)
    if (model === undefined || what === undefined) {
      throw new ProviderError('unsupported', `there is no version ${version} of ${slug}`)
    }
    // Given out with the first words, not before: a model that fails has said nothing.
    let prefix = what.answerPrefix ?? ''
    try {
      const provider = providerOf(model, what)
      const request = toAnswerRequest(what, conversation)
      for await (const part of provider(request, signal)) {
        if (prefix === '' || !('text' in part)) {
          if ('end' in part && isCurrent(model, version)) roster.breaker(slug).succeeded()
          yield part
        } else {
          const text: AnswerPart = { text: prefix + part.text }
          prefix = ''
          yield text
        }
      }
    } catch (cause) {
      if (!signal.aborted && counts(model, version, cause)) {
        roster.breaker(slug).failed(describe(cause))
      }
      throw cause
    }
  }
}

/** An error in an operator's words: one line, no stack. */
export function describe(cause: unknown): string {
  if (cause instanceof ProviderError) return `${cause.kind}: ${cause.message}`
  return cause instanceof Error ? cause.message : String(cause)
}
