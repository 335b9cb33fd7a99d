import type { AnswerTimeouts } from '../config.ts'
import { linkAbort, type LinkedAbort } from './linked-abort.ts'
import { ProviderError, type AnswerPart, type Provider } from './provider.ts'

type Step = IteratorResult<AnswerPart, undefined>

/** The time-outs that count from sending the request; connecting is the transport's business. */
export type StreamTimeouts = Pick<AnswerTimeouts, 'firstTokenMs' | 'gapMs' | 'totalMs'>

/**
 * Puts time-outs around any provider: to its first words, between two, and for the whole answer.
 * Reasoning is a sign of life like text.
 */
export function withTimeouts(provider: Provider, timeouts: StreamTimeouts): Provider {
  return (request, signal) => ({
    [Symbol.asyncIterator]: () => {
      const link = linkAbort(signal)
      return new TimedAnswer(provider(request, link.signal)[Symbol.asyncIterator](), link, timeouts)
    },
  })
}

class TimedAnswer implements AsyncIterator<AnswerPart, undefined> {
  readonly #inner: AsyncIterator<AnswerPart>
  readonly #link: LinkedAbort
  readonly #timeouts: StreamTimeouts
  readonly #onAbort = () => this.#settle(this.#link.signal.reason)
  #total: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined
  #spoken = false
  #over = false
  #reject: ((cause: unknown) => void) | undefined

  constructor(inner: AsyncIterator<AnswerPart>, link: LinkedAbort, timeouts: StreamTimeouts) {
    this.#inner = inner
    this.#link = link
    this.#timeouts = timeouts
    link.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  next(): Promise<Step> {
    if (this.#over) return Promise.resolve({ done: true, value: undefined })
    if (this.#link.signal.aborted) {
      this.#close()
      return Promise.reject(this.#link.signal.reason as Error)
    }
    this.#arm()
    return new Promise((resolve, reject) => {
      this.#reject = reject
      this.#inner.next().then(
        (step) => resolve(this.#onStep(step)),
        (cause: unknown) => this.#settle(cause, reject),
      )
    })
  }

  async return(): Promise<Step> {
    this.#close()
    await this.#inner.return?.()
    return { done: true, value: undefined }
  }

  #onStep(step: IteratorResult<AnswerPart>): Step {
    this.#reject = undefined
    if (step.done === true || 'end' in step.value) this.#close()
    else if (!this.#spoken) this.#firstText()
    return step.done === true ? { done: true, value: undefined } : step
  }

  #arm(): void {
    const { firstTokenMs, totalMs } = this.#timeouts
    if (this.#total === undefined) {
      this.#total = setTimeout(() => this.#expire(`the answer took longer than`, totalMs), totalMs)
      this.#silence = setTimeout(
        () => this.#expire('no text came within', firstTokenMs),
        firstTokenMs,
      )
    } else if (this.#spoken) {
      // Counted from when somebody waits: a slow reader is not the provider's silence.
      this.#silence?.refresh()
    }
  }

  #firstText(): void {
    const { gapMs } = this.#timeouts
    this.#spoken = true
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      if (this.#reject !== undefined) this.#expire('the stream fell silent for', gapMs)
    }, gapMs)
  }

  #expire(what: string, ms: number): void {
    this.#link.abort(new ProviderError('timeout', `${what} ${ms / 1000} s`))
  }

  #settle(cause: unknown, reject = this.#reject): void {
    if (reject === undefined) return
    this.#reject = undefined
    this.#close()
    reject(cause)
  }

  #close(): void {
    this.#over = true
    clearTimeout(this.#total)
    clearTimeout(this.#silence)
    this.#link.signal.removeEventListener('abort', this.#onAbort)
    this.#link.unlink()
  }
}
