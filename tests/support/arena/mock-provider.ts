import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the provider was asked, as it arrived. */
export type SeenRequest = {
  readonly headers: IncomingMessage['headers']
  readonly body: {
    model: string
    messages: { role: string; content: string }[]
    [field: string]: unknown
  }
}

/** One answer in progress, for a test to drive by hand. */
export type Exchange = {
  readonly request: SeenRequest
  /** Resolves when the arena has closed the connection. */
  readonly closed: Promise<void>
  /** Sends a piece of text. */
  say(text: string): void
  /** Sends the finish reason and the end of the stream. */
  finish(reason?: 'stop' | 'length'): void
  /** Breaks the connection off. */
  breakOff(): void
  /** Answers with a status and a body instead of a stream; only before the first `say`. */
  refuse(status: number, body?: string, headers?: Record<string, string>): void
  /** The raw response, for what nothing above can do. */
  readonly response: ServerResponse
}

/** How a model of the provider behaves: it gets every exchange and drives it. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>

/** An OpenAI-compatible server whose every answer is driven by the test. */
export type MockProvider = {
  readonly baseUrl: string
  readonly port: number
  readonly requests: SeenRequest[]
  /** Sets how a model answers; unknown models answer with a short greeting. */
  behave(model: string, behaviour: Behaviour): void
  close(): Promise<void>
}

/** Answers at once with these pieces. */
export function answers(...pieces: string[]): Behaviour {
  return (exchange) => {
    for (const piece of pieces) exchange.say(piece)
    exchange.finish()
  }
}

/** Hands every exchange to the test, which waits for it. */
export function byHand(): { behaviour: Behaviour; next(): Promise<Exchange> } {
  const arrived: Exchange[] = []
  const waiting: ((exchange: Exchange) => void)[] = []
  return {
    behaviour(exchange) {
      const waiter = waiting.shift()
      if (waiter === undefined) arrived.push(exchange)
      else waiter(exchange)
    },
    next() {
      const exchange = arrived.shift()
      if (exchange !== undefined) return Promise.resolve(exchange)
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}

/** @param canary put into every field of the provider's answers that is not the text */
export async function startMockProvider(options: { canary?: string } = {}): Promise<MockProvider> {
  const canary = options.canary ?? 'mock'
  const behaviours = new Map<string, Behaviour>()
  const requests: SeenRequest[] = []

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SeenRequest['body']
      const seen = { headers: request.headers, body }
      requests.push(seen)
      const behaviour = behaviours.get(body.model) ?? answers(`Hello from the mock. `, 'Bye.')
      void behaviour(toExchange(seen, response, canary))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    behave: (model, behaviour) => void behaviours.set(model, behaviour),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function toExchange(request: SeenRequest, response: ServerResponse, canary: string): Exchange {
  const chunk = (choice: object, rest: object = {}) =>
    `data: ${JSON.stringify({
      id: `chatcmpl-${canary}`,
      object: 'chat.completion.chunk',
      created: 1,
      model: canary,
      system_fingerprint: canary,
      provider: canary,
      choices: [{ index: 0, ...choice }],
      ...rest,
    })}\n\n`
  const begin = () => {
    if (response.headersSent) return
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'X-Request-Id': canary,
      Server: canary,
    })
  }
  return {
    request,
    response,
    closed: new Promise((resolve) => response.on('close', () => resolve())),
    say(text) {
      begin()
      response.write(chunk({ delta: { content: text }, finish_reason: null }))
    },
    finish(reason = 'stop') {
      begin()
      response.write(chunk({ delta: {}, finish_reason: reason }))
      response.write(
        chunk({ delta: {} }, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } }),
      )
      response.end('data: [DONE]\n\n')
    },
    breakOff: () => void response.destroy(),
    refuse(status, body = JSON.stringify({ error: { message: canary } }), headers = {}) {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
    },
  }
}
