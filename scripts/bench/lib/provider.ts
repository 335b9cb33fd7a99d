import { createServer, type AddressInfo, type Socket } from 'node:net'
import { serveParent } from './helper.ts'
import { TOKEN_MARK } from './token.ts'

// A provider that costs little: raw sockets, every chunk made beforehand, one timer for all
// streams. Streams run until they are closed or have their `max_tokens`; each is out of step with
// the others.

const TICK_MS = 5
const WORDS = ['The', 'quick', 'brown', 'foxes', 'jump', 'over', 'the', 'lazy', 'dog', 'twice']

const HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n' +
    'Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n',
)

function chunk(delta: object): Buffer {
  const event = `data: ${JSON.stringify({
    id: 'chatcmpl-BpZQ4Wc1nYfT7bq0sV9kRz3mLxEJd',
    object: 'chat.completion.chunk',
    created: 1760000000,
    model: 'gpt-4.1-mini-2025-04-14',
    service_tier: 'default',
    system_fingerprint: 'fp_38343a2f8f',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
  })}\n\n`
  return Buffer.from(`${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`)
}

const FIRST = Buffer.concat([HEAD, chunk({ role: 'assistant', content: '', refusal: null })])
const TOKENS = WORDS.map((word) => chunk({ content: ` ${word}${TOKEN_MARK}` }))

const END = Buffer.from(
  ['data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}\n\n', 'data: [DONE]\n\n']
    .map((event) => `${event.length.toString(16)}\r\n${event}\r\n`)
    .join('') + '0\r\n\r\n',
)

type Stream = { readonly socket: Socket; left: number; word: number; due: number }

let streams: Stream[] = []
let sent = 0
let begun = 0
let interval = 50

function tick(): void {
  const now = performance.now()
  for (const stream of streams) {
    while (stream.due <= now && stream.left > 0) {
      stream.due += interval
      stream.word = (stream.word + 1) % TOKENS.length
      stream.left -= 1
      sent += 1
      stream.socket.write(TOKENS[stream.word] ?? '')
      if (stream.left === 0) stream.socket.write(END)
    }
  }
  streams = streams.filter(({ left }) => left > 0)
}

const server = createServer((socket) => {
  socket.setNoDelay(true)
  let head = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    head += bytes.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (head.length < end + 4 + length) return
    const left = Number(/"max_tokens":(\d+)/.exec(head)?.[1] ?? Number.POSITIVE_INFINITY)
    head = ''
    socket.write(FIRST)
    begun += 1
    const phase = (begun * 0.618_034 * interval) % interval
    streams.push({ socket, left, word: begun % TOKENS.length, due: performance.now() + phase })
  })
  socket.on('close', () => {
    streams = streams.filter((stream) => stream.socket !== socket)
  })
})

serveParent({
  listen: async (tokensPerSecond: number) => {
    interval = 1000 / tokensPerSecond
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    setInterval(tick, TICK_MS)
    return (server.address() as AddressInfo).port
  },
  state: () => ({ sent, streams: streams.length }),
})
