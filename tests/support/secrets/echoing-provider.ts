import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A provider that fails in every way in which one could quote the key that it was shown. */
export type EchoingProvider = {
  readonly baseUrl: string
  /** The keys that it was shown, so that a test knows that there was something to quote. */
  readonly shown: Set<string>
  close(): Promise<void>
}

type Echo = (response: ServerResponse, key: string) => void

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Echo =>
  function answer(response) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

/** A stream that begins well and then reports an error. */
const stream = (words: string): Echo =>
  function answer(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const error = { type: 'error', error: { type: 'invalid_request', message: words, code: 401 } }
    response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`)
  }

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** By the word in the upstream model's name. */
export const ECHOES: Readonly<Record<string, (key: string) => Echo>> = {
  plain: (key) => json(401, { error: { message: `Incorrect API key provided: ${key}.` } }),
  detail: (key) => json(401, { detail: `Bearer ${key} is no key`, request: { key } }),
  masked: (key) =>
    json(401, { error: { message: `Bad key: ${key.slice(0, 11)}****${key.slice(-9)}` } }),
  address: (key) => json(403, { error: { message: `?key=${encodeURIComponent(key)} is unknown` } }),
  base64: (key) => json(401, { error: { message: `Authorization: ${base64(key)}` } }),
  basic: (key) => json(401, { error: { message: `Basic ${base64(`user:${key}`)} is refused` } }),
  name: (key) => json(401, { error: { message: 'no', type: key, code: key } }),
  text: (key) =>
    function answer(response) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`cannot read ${key}`)
    },
  page: (key) =>
    function answer(response) {
      response.writeHead(502, { 'content-type': 'text/html' }).end(`<h1>${key}</h1>`)
    },
  redirect: (key) => json(302, {}, { location: `/login?key=${encodeURIComponent(key)}` }),
  reason: (key) =>
    function answer(response) {
      response.writeHead(418, key.replaceAll(/[^\w-]/g, '-'), { 'x-key': key }).end()
    },
  wrongtype: (key) =>
    function answer(response) {
      response.writeHead(200, { 'content-type': `text/plain; key="${key}"` }).end(key)
    },
  slowdown: (key) => json(429, { error: { message: key } }, { 'retry-after': '1' }),
  stream: (key) => stream(`the key ${key} has no credit`),
  streambase64: (key) => stream(`the key ${base64(key)} has no credit`),
  streamaddress: (key) => stream(`the key ${encodeURIComponent(key)} has no credit`),
  junk: (key) =>
    function answer(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: {"broken ${key}\n\ndata: [${key}]\n\n`)
    },
}

/** Speaks no API in particular: it takes the key from wherever the three of them put it. */
export async function startEchoingProvider(): Promise<EchoingProvider> {
  const shown = new Set<string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const key = keyOf(request)
      shown.add(key)
      const asked = `${request.url ?? ''} ${Buffer.concat(chunks).toString()}`
      const echo = Object.entries(ECHOES).find(([name]) => asked.includes(`echo-${name}-`))?.[1]
      const answer = (echo ?? ECHOES['plain'])?.(key)
      answer?.(response, key)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function keyOf({ headers }: IncomingMessage): string {
  const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
  return String(bearer ?? headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers['api-key'])
}
