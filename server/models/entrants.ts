import type { ModelRef } from '../../shared/schemas/common.ts'
import type { ModelsReadiness } from '../../shared/schemas/system.ts'
import type { Side } from '../../shared/verdicts.ts'
import type { AnswerPart } from '../providers/provider.ts'

/** A model as the matchmaker sees it: one version of one slug, with its weight in the draw. */
export type Entrant = { readonly slug: string; readonly version: number; readonly weight: number }

/** A finished or running exchange: what was asked and what this side answered. */
export type Exchange = { readonly prompt: string; readonly answer?: string | undefined }

/** For which side of which battle an answer is, so that a failure can be looked into. */
export type AnswerContext = {
  readonly battleId: string
  readonly turn: number
  readonly side: Side
}

/**
 * What battles need of the registry. Answers come through it so that the system prompt, the
 * answer prefix, sampling, time-outs, health and breaker are the same for every battle.
 */
export type Entrants = {
  /**
   * Everybody who can be drawn now: enabled, not retired, breaker closed, provider running, within
   * its limits, and with a prompt of this length within its caps.
   *
   * @param promptLength in characters; left out, caps are not looked at
   */
  eligible(promptLength?: number): readonly Entrant[]
  /** Whether battles can start, and if not, why. */
  readiness(): ModelsReadiness
  /** Who a slug is; also after it has been retired. */
  ref(slug: string): ModelRef | undefined
  /**
   * Streams one answer of the given version to the last exchange of a conversation. The first
   * text begins with the version's answer prefix. Throws a `ProviderError`.
   */
  answer(
    who: { slug: string; version: number },
    conversation: readonly Exchange[],
    signal: AbortSignal,
    context?: AnswerContext,
  ): AsyncIterable<AnswerPart>
}
