import type { ModelFailure, ModelFailureDetail } from '../../shared/schemas/admin.ts'
import type { ProviderDefinition } from '../../shared/schemas/model.ts'
import type { Side } from '../../shared/verdicts.ts'
import { toAnswerRequest } from '../models/conversation.ts'
import type { Exchange } from '../models/entrants.ts'
import type { Model } from '../models/model.ts'
import { effectiveBaseUrl } from '../providers/effective-base-url.ts'
import { dialectOf } from '../providers/openai-dialects.ts'
import { apiVersionOf } from '../providers/openai-request.ts'

type FailedRequestDeps = {
  readonly modelOf: (slug: string) => Model | undefined
  /** What one side of a battle was asked up to a turn; undefined if it is not there. */
  readonly conversationOf: (
    battleId: string,
    turn: number,
    side: Side,
  ) => Promise<readonly Exchange[] | undefined>
}

/** Builds the requests of failures again, as they were sent, but for the key. */
export function createFailedRequests({ modelOf, conversationOf }: FailedRequestDeps) {
  /** @returns null where the battle or the version is not there any more */
  return async (failure: ModelFailure): Promise<ModelFailureDetail['request']> => {
    const { slug, version, battleId, turn, side } = failure
    const asked = modelOf(slug)?.versions.get(version)
    if (asked === undefined || battleId === null || turn === null || side === null) return null
    const conversation = await conversationOf(battleId, turn, side)
    if (conversation === undefined) return null
    const { messages, answerPrefix, sampling } = toAnswerRequest(asked, conversation)
    return {
      provider: providerAsSent(asked.provider),
      sampling,
      messages: [
        ...messages,
        ...(answerPrefix === undefined ? [] : [{ role: 'assistant', content: answerPrefix }]),
      ],
    }
  }
}

type SentProvider = NonNullable<ModelFailureDetail['request']>['provider']

/** Where a request went and what shaped it, guesses and defaults included. */
function providerAsSent(provider: ProviderDefinition): SentProvider {
  const { kind, model } = provider
  if (kind === 'onnx') return { kind, model }
  const { extra } = provider
  const baseUrl = effectiveBaseUrl(provider)
  return {
    kind,
    model,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(kind === 'openai-compatible' ? dialectAsSent(provider) : {}),
    ...(extra === undefined ? {} : { extra }),
  }
}

function dialectAsSent(provider: Extract<ProviderDefinition, { kind: 'openai-compatible' }>) {
  const dialect = dialectOf(provider)
  const apiVersion = apiVersionOf({ ...provider, dialect })
  return { dialect, ...(apiVersion === undefined ? {} : { apiVersion }) }
}
