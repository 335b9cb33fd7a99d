import type { Socket } from 'node:net'
import { CANARY, type Speech } from './dialects.ts'

/** One request at a provider, with the raw socket to do anything to. */
export type Call = {
  readonly socket: Socket
  readonly speech: Speech
  /** An address beside the arena's way: whoever follows a redirect arrives there. */
  readonly elsewhere: string
  /** Runs something later, unless the connection is gone by then. */
  later(delayMs: number, run: () => void): void
}

/** Hears requests with bodies of known length, also several on one connection. */
export function readRequests(
  socket: Socket,
  onRequest: (path: string, body: string) => void,
): void {
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
    if (text.length < end + 4 + length) return
    const path = /^\w+ (\S+)/.exec(text)?.[1] ?? ''
    const body = text.slice(end + 4, end + 4 + length)
    text = text.slice(end + 4 + length)
    onRequest(path, body)
  })
}

/** The head of an answer; without `content-length` and `transfer-encoding` it ends with the connection. */
export function head(status = '200 OK', headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    'content-type': 'text/event-stream; charset=utf-8',
    server: CANARY,
    'x-request-id': CANARY,
    'x-ratelimit-model': CANARY,
    'openai-organization': CANARY,
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`
}

export const CHUNKED = { 'transfer-encoding': 'chunked' }

/** One piece of a body in chunked coding. */
export function httpChunk(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END])
}

export const LAST_CHUNK = '0\r\n\r\n'
const LINE_END = Buffer.from('\r\n')

/** A whole good stream. */
export function stream(speech: Speech, pieces: readonly string[]): string {
  const texts = pieces.map((piece) => speech.text(piece)).join('')
  return speech.opening + texts + speech.finish() + speech.usage + speech.marker
}

/** Answers with a head and a body of known length, and keeps the connection. */
export function sendWhole(
  { socket }: Call,
  status: string,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = String(Buffer.byteLength(body))
  socket.write(head(status, { 'content-type': type, 'content-length': length, ...headers }))
  socket.write(body)
}

/** So many parts at once; then others have their turn. */
const PARTS_A_TURN = 100

/** Writes parts one after the other, each in a packet of its own as far as TCP lets it. */
export function trickle({ socket }: Call, parts: readonly Buffer[], done: () => void): void {
  let next = 0
  const step = () => {
    if (socket.destroyed) return
    for (const part of parts.slice(next, next + PARTS_A_TURN)) socket.write(part)
    next += PARTS_A_TURN
    if (next >= parts.length) done()
    else setImmediate(step)
  }
  step()
}

/** Writes the same bytes for ever, as fast as they are taken. */
export function flood({ socket }: Call, bytes: Buffer): void {
  const step = () => {
    if (socket.destroyed) return
    if (socket.write(bytes)) setImmediate(step)
    else socket.once('drain', step)
  }
  step()
}

/** Does something again and again while the connection lasts. */
export function every(call: Call, ms: number, act: () => void): void {
  act()
  call.later(ms, () => every(call, ms, act))
}
