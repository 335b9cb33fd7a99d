import type { ServerResponse } from 'node:http'
import type { Ticket } from '../scheduling/scheduler.ts'

/** A client that has read nothing for so long has gone, whatever its connection says. */
const STALLED_MS = 30_000

/**
 * Server-sent events of one answer. A client that reads slower than the model writes pauses the
 * model, so what waits to be sent never exceeds the socket's buffer by more than one event.
 */
export class EventStream {
  readonly #response: ServerResponse
  readonly #ticket: () => Ticket | null
  readonly #stalledMs: number
  #stalled: NodeJS.Timeout | null = null

  /** Sends the header. `ticket`: the hold on the job that feeds this stream, once there is one. */
  constructor(response: ServerResponse, ticket: () => Ticket | null, stalledMs = STALLED_MS) {
    this.#response = response
    this.#ticket = ticket
    this.#stalledMs = stalledMs
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      // Asks proxies not to collect the answer before they pass it on.
      'x-accel-buffering': 'no',
    })
    // Tokens are small and each is to arrive at once.
    response.socket?.setNoDelay(true)
    response.on('drain', () => this.#resume())
    response.on('close', () => this.#clearTimer())
  }

  /** Sends one event. */
  send(data: object): void {
    this.#write(JSON.stringify(data))
  }

  /** Ends the stream in the way that clients of OpenAI's API wait for. */
  done(): void {
    this.#write('[DONE]')
    this.#response.end()
  }

  /** Ends the stream with an error as its last event. */
  fail(error: object): void {
    this.send(error)
    this.#response.end()
  }

  #write(data: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return
    if (this.#response.write(`data: ${data}\n\n`) || this.#stalled !== null) return
    this.#ticket()?.pause()
    this.#stalled = setTimeout(() => this.#response.destroy(), this.#stalledMs)
  }

  #resume(): void {
    this.#clearTimer()
    this.#ticket()?.resume()
  }

  #clearTimer(): void {
    if (this.#stalled !== null) clearTimeout(this.#stalled)
    this.#stalled = null
  }
}
