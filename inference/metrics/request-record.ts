import type { Logger } from 'pino'
import type { Metrics, RequestFigures } from './metrics.ts'

/** How a request went, from its last byte to its end: figures for operators, and one line at debug. */
export class RequestRecord {
  readonly #metrics: Pick<Metrics, 'of' | 'ended'>
  readonly #log: Logger
  readonly #now: () => number
  #askedAt: number
  #model = ''
  #figures: RequestFigures | null = null
  #promptTokens = 0
  #reusedTokens = 0
  #tokens = 0
  #waitedMs: number | null = null
  #firstTokenMs: number | null = null
  #lastTokenAt = 0
  #hasEnded = false

  constructor(
    metrics: Pick<Metrics, 'of' | 'ended'>,
    log: Logger,
    now: () => number = () => performance.now(),
  ) {
    this.#metrics = metrics
    this.#log = log
    this.#now = now
    this.#askedAt = now()
  }

  /** The request has come whole. */
  asked(): void {
    this.#askedAt = this.#now()
  }

  /** It is for this model, which exists, and the prompt is so long. */
  isFor(model: string, promptTokens: number): void {
    this.#model = model
    this.#promptTokens = promptTokens
    this.#figures = this.#metrics.of(model)
  }

  /** It has a place; so many tokens of its prompt are known from before. */
  begins(knownTokens: number): void {
    this.#reusedTokens = knownTokens
    this.#waitedMs = this.#now() - this.#askedAt
    this.#figures?.waited(this.#waitedMs / 1000)
    this.#figures?.reused(knownTokens)
  }

  /** A token more is there. */
  token(): void {
    const now = this.#now()
    this.#tokens += 1
    if (this.#firstTokenMs === null) {
      this.#firstTokenMs = now - this.#askedAt
      this.#figures?.firstToken(this.#firstTokenMs / 1000)
    } else {
      this.#figures?.nextToken((now - this.#lastTokenAt) / 1000)
    }
    this.#lastTokenAt = now
  }

  /** It is over; only the first end counts. */
  end(outcome: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#metrics.ended(this.#model, outcome)
    if (!this.#log.isLevelEnabled('debug')) return
    this.#log.debug(
      {
        model: this.#model,
        outcome,
        promptTokens: this.#promptTokens,
        reusedTokens: this.#reusedTokens,
        completionTokens: this.#tokens,
        waitedMs: rounded(this.#waitedMs),
        firstTokenMs: rounded(this.#firstTokenMs),
        totalMs: rounded(this.#now() - this.#askedAt),
      },
      'a request is over',
    )
  }
}

function rounded(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds * 10) / 10
}
