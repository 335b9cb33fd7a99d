import type { LoadedModel } from '../loading/load-model.ts'
import type { Job } from '../scheduling/scheduler.ts'
import { Detokenizer } from '../text/detokenizer.ts'
import { StopMatcher } from '../text/stop-matcher.ts'
import { type ContentLogprob, positionLogprobs } from './logprobs.ts'
import { type PromptLogprobs, promptPosition } from './prompt-logprobs.ts'
import { seededRandom } from './random.ts'
import { Sampler, type Sampling } from './sampler.ts'

/** Why an answer ended: it was complete, or it reached its last token. */
export type FinishReason = 'stop' | 'length'

/** What is asked of one answer. */
export interface GenerationSettings {
  readonly sampling: Sampling
  readonly seed: number
  readonly stops: readonly string[]
  /** At least 1. */
  readonly maxTokens: number
  /** The prompt ends inside an answer that is to be continued. */
  readonly continuing: boolean
  /** How many likely tokens to tell at every position; null: no log-probabilities at all. */
  readonly topLogprobs: number | null
  /** The same at every position of the prompt. */
  readonly promptLogprobs: number | null
}

/** Text that has become final, and the tokens it was made of where these were asked for. */
export interface Delta {
  readonly text: string
  readonly logprobs: readonly ContentLogprob[]
}

/** Hears of an answer as it is written: deltas, then exactly one `end` or `fail`. */
export interface GenerationListener {
  delta(delta: Delta): void
  end(reason: FinishReason, completionTokens: number, prompt: PromptLogprobs | null): void
  fail(error: unknown): void
}

/** Writes one answer: draws tokens, turns them into text and knows when to stop. */
export class Generation implements Job {
  readonly engine: Job['engine']
  readonly promptIds: readonly number[]
  readonly reservedTokens: number
  readonly #model: LoadedModel
  readonly #settings: GenerationSettings
  readonly #listener: GenerationListener
  readonly #sampler: Sampler
  readonly #detokenizer: Detokenizer
  readonly #matcher: StopMatcher
  readonly #prompt: PromptLogprobs | null
  #logprobs: ContentLogprob[] = []
  #completionTokens = 0

  constructor(
    model: LoadedModel,
    promptIds: readonly number[],
    settings: GenerationSettings,
    listener: GenerationListener,
  ) {
    this.engine = model.engine
    this.promptIds = promptIds
    this.reservedTokens = promptIds.length + settings.maxTokens
    this.#model = model
    this.#settings = settings
    this.#listener = listener
    this.#sampler = new Sampler(settings.sampling, seededRandom(settings.seed), promptIds)
    this.#detokenizer = new Detokenizer(model.tokens, settings.continuing)
    this.#matcher = new StopMatcher(settings.stops)
    // Nothing comes before the first token, so that it has no likelihood.
    this.#prompt = settings.promptLogprobs === null ? null : [null]
  }

  get wantsPromptLogits(): boolean {
    return this.#prompt !== null
  }

  acceptPrompt(from: number, rows: readonly Float32Array[]): void {
    const { promptLogprobs } = this.#settings
    rows.forEach((logits, index) => {
      const next = this.promptIds[from + index + 1]
      if (next === undefined || promptLogprobs === null) return
      this.#prompt?.push(promptPosition(logits, this.#model.tokens, next, promptLogprobs))
    })
  }

  accept(logits: Float32Array): number | null {
    const { topLogprobs, maxTokens } = this.#settings
    const logprob =
      topLogprobs === null ? null : positionLogprobs(logits, this.#model.tokens, topLogprobs)
    const id = this.#sampler.next(logits)
    this.#completionTokens += 1
    if (this.#model.endIds.has(id)) return this.#finish('stop')

    if (logprob) this.#logprobs.push(logprob(id))
    const { text, stopped } = this.#matcher.push(this.#detokenizer.push(id))
    this.#emit(text, stopped)
    if (stopped) {
      this.#listener.end('stop', this.#completionTokens, this.#prompt)
      return null
    }
    return this.#completionTokens < maxTokens ? id : this.#finish('length')
  }

  fail(error: unknown): void {
    this.#listener.fail(error)
  }

  #finish(reason: FinishReason): null {
    const last = this.#matcher.push(this.#detokenizer.flush())
    this.#emit(last.stopped ? last.text : last.text + this.#matcher.flush(), true)
    this.#listener.end(reason, this.#completionTokens, this.#prompt)
    return null
  }

  /** Log-probabilities wait for the text of their tokens, which may still be held back. */
  #emit(text: string, isLast: boolean): void {
    if (text === '' && !(isLast && this.#logprobs.length > 0)) return
    const logprobs = this.#logprobs
    this.#logprobs = []
    this.#listener.delta({ text, logprobs })
  }
}
