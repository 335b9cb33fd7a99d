import type { ModelFailure, ModelFailureDetail } from '../../shared/schemas/admin.ts'
import type { Side } from '../../shared/verdicts.ts'
import { toAnswerRequest } from '../models/conversation.ts'
import type { Exchange } from '../models/entrants.ts'
import { baseUrlOf, type Model } from '../models/model.ts'

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
    const baseUrl = baseUrlOf(asked.provider)
    return {
      provider: {
        kind: asked.provider.kind,
        model: asked.provider.model,
        ...(baseUrl === undefined ? {} : { baseUrl }),
      },
      sampling,
      messages: [
        ...messages,
        ...(answerPrefix === undefined ? [] : [{ role: 'assistant', content: answerPrefix }]),
      ],
    }
  }
}
