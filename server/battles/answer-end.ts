import { ANSWER_FAILED } from '../../shared/errors.ts'
import type { AnswerEnd, EndReason } from '../../shared/schemas/battle.ts'

/** How an answer's end is told: a failure in the same words for every cause. */
export function toAnswerEnd({ reason }: { readonly reason: EndReason }): AnswerEnd {
  return reason === 'error' ? { reason, error: ANSWER_FAILED } : { reason }
}
