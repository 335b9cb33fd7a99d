import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AnswerPart } from '../../../server/providers/provider.ts'

/** A request as it came over the wire. */
export type Received = { head: string; body: string }

/** What a provider does with a request: it has the raw socket, so that it can do anything. */
export type Behaviour = (socket: Socket, request: Received) => void

/** A provider on a free loopback port, down to the bytes. */
export type ProviderServer = {
  readonly port: number
  readonly baseUrl: string
  readonly requests: Received[]
  /** How many connections were ever made, and how many are open. */
  readonly connections: { made: number; open: number }
  behave(behaviour: Behaviour): void
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'

/** The event of one piece of text. */
export function textEvent(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }]
  return `data: ${JSON.stringify({ id: 'x', choices })}\n\n`
}

export const FINISH = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
export const DONE = 'data: [DONE]\n\n'

/** A whole good answer. */
export function goodAnswer(...texts: string[]): Behaviour {
  return (socket) => socket.end(STREAM_HEAD + texts.map(textEvent).join('') + FINISH + DONE)
}

export async function startProviderServer(
  behaviour: Behaviour = goodAnswer('Hello', ' there'),
  host = '127.0.0.1',
): Promise<ProviderServer> {
  let behave = behaviour
  const requests: Received[] = []
  const connections = { made: 0, open: 0 }
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    connections.made += 1
    connections.open += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections.open -= 1
      sockets.delete(socket)
      server.emit('gone')
    })
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (text.length < end + 4 + length) return
      const request = { head, body: text.slice(end + 4, end + 4 + length) }
      text = text.slice(end + 4 + length)
      requests.push(request)
      behave(socket, request)
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    port,
    baseUrl: `http://${host}:${port}/v1`,
    requests,
    connections,
    behave: (next) => void (behave = next),
    async idle() {
      while (connections.open > 0) await once(server, 'gone')
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Reads an answer to its end. */
export async function readAnswer(
  answer: AsyncIterable<AnswerPart>,
): Promise<{ text: string; parts: AnswerPart[] }> {
  const parts: AnswerPart[] = []
  for await (const part of answer) parts.push(part)
  return { text: parts.map((part) => ('text' in part ? part.text : '')).join(''), parts }
}
