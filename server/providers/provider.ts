import type { ProviderFailureKind } from '../../shared/failure-kinds.ts'
import type { Sampling } from '../../shared/schemas/model.ts'

/** One message of a conversation, in the form that every chat API knows. */
export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/** What a provider is asked. `answerPrefix`: words that the answer begins with and goes on from. */
export type AnswerRequest = {
  messages: readonly Message[]
  answerPrefix?: string | undefined
  sampling: Sampling
}

/** Token counts as the provider reports them; what a model thought is part of its completion. */
export type Usage = { promptTokens: number; completionTokens: number }

/**
 * What a provider streams: pieces of text and of reasoning, then exactly one end. Never an empty
 * piece. Reasoning is what a model thinks before it answers: kept apart, hidden until the reveal.
 */
export type AnswerPart =
  | { text: string }
  | { reasoning: string }
  | { end: 'stop' | 'length'; usage?: Usage | undefined }

/**
 * How to talk to one model: one function, one answer. It ends with an `end` part or throws a
 * {@link ProviderError}; aborting the signal closes the connection.
 */
export type Provider = (request: AnswerRequest, signal: AbortSignal) => AsyncIterable<AnswerPart>

/** Why an answer could not be had; for operators and the breaker, never for visitors. */
export type ProviderErrorKind = ProviderFailureKind

/** A failure of a provider. Its message may name the model: it must never reach a visitor. */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind
  /** When the provider wants to be asked again, where it said so. */
  readonly retryAfterMs: number | undefined
  /** The HTTP status, where there was one. */
  readonly status: number | undefined

  constructor(
    kind: ProviderErrorKind,
    message: string,
    options: {
      cause?: unknown
      retryAfterMs?: number | undefined
      status?: number | undefined
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'ProviderError'
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.status = options.status
  }
}
